"""Proves what a host shipped, and publishes it here."""

from __future__ import annotations

from pathlib import Path

from ..errors import DatasetCorrupt
from ..recorder.unpack import unpack
from .order import Order
from .placement import block_of


def arrive(order: Order, pack: bytes, folder: Path, data: Path) -> str:
    """The label of the block's recording under ``data``, new or here already.

    Raises as ``unpack`` does, and ``DatasetCorrupt`` where the block is not in the pack.
    """
    path = folder / f"{order.block}.tar"
    path.write_bytes(pack)
    try:
        labels = [one.label for one in unpack(path, data)]
    finally:
        path.unlink()
    for label in labels:
        if label.startswith(f"{order.study.id}/r") and block_of(data / label) == order.block:
            return label
    raise DatasetCorrupt(f"it shipped {', '.join(labels)}, and not the block that it was asked for")
