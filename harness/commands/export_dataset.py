"""`harness export`: a dataset for another machine, for an archive, or for programs that read other forms."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from ..datasets.catalog import Ref, find
from ..errors import UsageError
from ..exports.formats import ONE_FILE, Format, export
from ..recorder.archive import Packed
from . import options
from .show import name_of


def export_dataset(
    study: Annotated[str, typer.Argument(help="Study of the dataset, such as tr108.")],
    version: Annotated[str, typer.Argument(help="Version or recording, such as v1 or r0001.")],
    target: Annotated[
        Path, typer.Argument(help="The file to write, or -; a folder for croissant, ro-crate, csv, zenodo.")
    ],
    kind: Annotated[
        Format, typer.Option("--as", help="The form: archive is what `harness import` takes.")
    ] = Format.ARCHIVE,
    data: options.Data = options.DATA,
) -> None:
    """Export a version with the recordings that it lists, or one recording; an archive has its calibrations too.

    Example: harness export tr108 v3 tr108.tar
    """
    ref = find(data, study, name_of(version))
    if str(target) == "-":
        packed, undeclared = _to_standard_output(data, ref, kind)
    else:
        packed, undeclared = export(data, ref, target, kind)
    if str(target) == "-":
        typer.echo(f"Wrote {ref.label} as {kind} to standard output.", err=True)
    elif kind is Format.ARCHIVE and packed:
        options.say(f"Packed {', '.join(packed.labels)} into {target}. Elsewhere: harness import {target.name}")
    else:
        options.say(f"Wrote {ref.label} as {kind} to {target}.")
    for digest in packed.absent if packed else ():
        typer.echo(
            f"Left out: the calibration {digest[:12]} that it names is not under {data}; "
            "where it is not either, the error of the instrument stays unknown.",
            err=True,
        )
    if undeclared:
        typer.echo(
            f"Left out, because nobody declares it: {', '.join(undeclared)}. A project declares them in pyproject.toml "
            "(license, authors, urls) beside its folder data.",
            err=True,
        )


def _to_standard_output(data: Path, ref: Ref, kind: Format) -> tuple[Packed | None, tuple[str, ...]]:
    """Writes the one file of a form. Raises ``UsageError`` where it is a folder, and as ``export``."""
    if kind not in ONE_FILE:
        raise UsageError(f"--as {kind} writes a folder, and - is standard output; name the folder")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "exported"
        said = export(data, ref, file, kind)
        with file.open("rb") as written:
            copyfileobj(written, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    return said
