"""`harness export`: one file that takes a dataset, and the calibrations that it names, to another machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..datasets.catalog import find
from ..recorder.archive import pack
from . import options
from .show import name_of


def export_dataset(
    study: Annotated[str, typer.Argument(help="Study of the dataset, such as tr108.")],
    version: Annotated[str, typer.Argument(help="Version or recording, such as v1 or r0001.")],
    target: Annotated[Path, typer.Argument(help="The tar file to write.")],
    data: options.Data = options.DATA,
) -> None:
    """Pack a version with the recordings that it lists, or one recording, and the calibrations that they name.

    Example: harness export tr108 v3 tr108.tar
    """
    packed = pack(data, find(data, study, name_of(version)), target)
    options.say(f"Packed {', '.join(packed.labels)} into {target}. Elsewhere: harness import {target.name}")
    for digest in packed.absent:
        typer.echo(
            f"Left out: the calibration {digest[:12]} that it names is not under {data}; "
            "where it is not either, the error of the instrument stays unknown.",
            err=True,
        )
