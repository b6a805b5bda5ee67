"""The interfaces that the core needs and others implement.

The core owns them, so backends, probes and sinks depend on the core and never the reverse.
"""

from __future__ import annotations

from .backend import (
    Addressed,
    Backend,
    Capability,
    EngineFailed,
    Evident,
    Foreign,
    Layered,
    Logged,
    Metered,
    Negotiated,
    Placed,
    Score,
    Scored,
    Shareable,
    capability_for,
)
from .call import Call, Deadlines
from .probe import Probe
from .sink import Sink

__all__ = [
    "Addressed",
    "Backend",
    "Call",
    "Capability",
    "Deadlines",
    "EngineFailed",
    "Evident",
    "Foreign",
    "Layered",
    "Logged",
    "Metered",
    "Negotiated",
    "Placed",
    "Probe",
    "Score",
    "Scored",
    "Shareable",
    "Sink",
    "capability_for",
]
