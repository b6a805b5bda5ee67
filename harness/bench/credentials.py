"""Keys, headers and certificates of a bench: they reach the workers through the environment and are never recorded."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from ..backends.openai.address import HEADER_NAME, HEADERS, KEY, OWN_HEADERS
from ..client.tls import CA_FILE, tls_context
from ..errors import UsageError
from ..protocols import EngineFailed


def hand_over(key_variable: str, headers: Sequence[str], ca_file: Path | None) -> None:
    """Sets what workers read of this process's environment. Raises ``UsageError``."""
    key = os.environ.get(key_variable, "") or os.environ.get(KEY, "")
    if key_variable != USUAL_KEY_VARIABLE and key_variable not in os.environ:
        raise UsageError(f"--api-key-env names {key_variable}, which is not set")
    if not (key.isascii() and key.isprintable()):
        raise UsageError(f"{key_variable} has characters that a header cannot carry; set it anew")
    if key:
        os.environ[KEY] = key
    if headers:
        os.environ[HEADERS] = json.dumps(dict(map(_header, headers)))
    if ca_file is not None:
        if not ca_file.is_file():
            raise UsageError(f"there is no file of certificates {ca_file}")
        os.environ[CA_FILE] = str(ca_file.resolve())
        try:
            tls_context()
        except EngineFailed:
            raise UsageError(f"{ca_file} cannot be read as certificates; --ca-file takes PEM") from None


def typed(arguments: Sequence[str]) -> str:
    """The command line for a reader, without what must not be recorded and without places of this machine."""
    kept, skip = ["harness"], False
    for argument in arguments:
        name = argument.partition("=")[0]
        if not skip and name not in (*_PRIVATE, "--json"):
            kept.append(_bare(argument))
        skip = name in _PRIVATE and "=" not in argument
    return shlex.join(kept)


USUAL_KEY_VARIABLE = "OPENAI_API_KEY"
_PRIVATE = ("--header", "--out", "--ca-file")
"""Options whose values are not recorded."""


def _bare(argument: str) -> str:
    """A file by its name alone."""
    kind, colon, path = argument.partition(":")
    if kind == "llama.cpp" and colon:
        return f"{kind}:{Path(path).name}"
    return Path(argument).name if argument.startswith(("/", "~", "./", "../")) else argument


def _header(text: str) -> tuple[str, str]:
    """``NAME: VALUE``. An error does not show the value."""
    name, colon, value = text.partition(":")
    value = value.strip()
    if not colon or not HEADER_NAME.fullmatch(name.strip()) or not (value.isascii() and value.isprintable()):
        raise UsageError("--header takes NAME: VALUE in printable ASCII, such as --header 'X-Team: red'")
    if name.strip().lower() in OWN_HEADERS:
        raise UsageError(f"--header {name.strip()}: the client writes this header itself; leave it out")
    return name.strip(), value
