"""Code that was edited after this process had imported it, as a writer does under ``reports serve``.

What is rendered is kept under the digest of its code, so code that is no longer on disk must render nothing.
"""

from __future__ import annotations

import sys

from harness.errors import UsageError

from .code_digest import code

WRITTEN = ("hooks.reports.", "harness.studies.")
"""What a writer edits; nothing else imports these modules."""

_first: dict[tuple[str, ...], str] = {}


def reload_changed(*core: str) -> None:
    """Report modules and studies are imported anew when next asked for.

    Raises ``UsageError`` where the code of ``core`` is another than when this process asked first.
    """
    if _first.setdefault(core, code(*core)) != code(*core):
        raise UsageError("the code of hooks/ or harness/ has changed since it was imported; start the command again")
    for name in [name for name in sys.modules if name.startswith(WRITTEN)]:
        del sys.modules[name]
