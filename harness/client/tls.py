"""Which certificates are trusted, the same for measured and for other calls.

``BINDERY_CA_FILE`` names a file of certificates in place of the system's; ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` count
as everywhere. ``BINDERY_TLS_INSECURE=1`` trusts anybody.
"""

from __future__ import annotations

import os
import ssl
from functools import lru_cache

from ..outcomes import Code, unsupported
from ..protocols import EngineFailed

CA_FILE, INSECURE = "BINDERY_CA_FILE", "BINDERY_TLS_INSECURE"


def tls_context() -> ssl.SSLContext:
    """The context of today's environment. Raises ``EngineFailed`` where the named file holds no certificates."""
    system = os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", "")
    return _context(os.environ.get(CA_FILE, ""), unverified(), system)


def unverified() -> bool:
    """Whether the environment asks to trust any certificate."""
    return os.environ.get(INSECURE, "") not in ("", "0")


@lru_cache(maxsize=4)
def _context(ca_file: str, insecure: bool, system: tuple[str, str]) -> ssl.SSLContext:
    """``system`` is read by OpenSSL itself; it is here so that a change of it makes another context."""
    del system
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:
        detail = f"{CA_FILE} names {ca_file}, which cannot be read as certificates: {error}"
        raise EngineFailed(unsupported(Code.SETTING_REJECTED, detail)) from None
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
