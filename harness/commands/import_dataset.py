"""`harness import`: datasets recorded on another machine, and results of other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import UsageError
from ..imports.importing import import_file
from ..recorder.pack_members import is_pack
from ..recorder.unpack import unpack
from . import options


def import_dataset(
    source: Annotated[Path, typer.Argument(help="A file that `harness export` or another benchmark tool wrote.")],
    name: Annotated[
        str | None, typer.Option("--name", help="The dataset of another tool's results; by default tool and model.")
    ] = None,
    data: options.Data = options.DATA,
) -> None:
    """Publish datasets that another machine recorded, or the results of another tool with the status imported.

    Example: harness import tr108.tar --data imported
    """
    if not is_pack(source):
        one = import_file(source, data, name)
        what = "Imported" if one.new else "Here already:"
        options.say(f"{what} {one.label}, {one.words}: {one.holds} (sha256 {one.digest[:12]}).")
        for remark in one.remarks:
            typer.echo(f"Note: {source}: {remark}.", err=True)
        return
    if name is not None:
        raise UsageError("the datasets of a pack keep their names; leave --name away")
    for dataset in unpack(source, data):
        what = "Imported" if dataset.new else "Here already:"
        options.say(f"{what} {dataset.label} (sha256 {dataset.digest[:12]}).")
