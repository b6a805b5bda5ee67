"""`harness import`: datasets recorded on another machine, proven before they are published here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..recorder.unpack import unpack
from . import options


def import_dataset(
    source: Annotated[Path, typer.Argument(help="A file that `harness export` wrote.")],
    data: options.Data = options.DATA,
) -> None:
    """Publish datasets that another machine recorded; hashes are verified, and their host stays theirs.

    Example: harness import tr108.tar --data imported
    """
    for one in unpack(source, data):
        what = "Imported" if one.new else "Here already:"
        options.say(f"{what} {one.label} (sha256 {one.digest[:12]}).")
