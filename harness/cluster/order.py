"""What is asked of a host, and what it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..design import Study, Value

LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
"""The label of a host, such as ``gpu-a``."""

BLOCK_FACT, HOST_FACT = "placed.block", "placed.host"
"""Facts of a recording's session: the block that was asked for, and the label of its host."""

Only = dict[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Order:
    """One block of ``study``: ``block`` is its id (16 hex digits), ``seed`` draws the order of its runs."""

    block: str
    host: str
    study: Study
    fingerprint: str
    profile: str
    seed: int
    only: Only = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The file of the sealed recording, ``pack``, on the host; or why there is none: the host ``refused``, or the
    process that recorded it was ``lost``. ``notes`` are to be read by people."""

    pack: str = ""
    notes: tuple[str, ...] = ()
    refused: str = ""
    lost: str = ""
