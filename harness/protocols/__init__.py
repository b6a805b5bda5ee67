"""The interfaces that the core needs and others implement.

The core owns them, so backends, probes and sinks depend on the core and never the reverse.
"""

from __future__ import annotations

from .backend import Backend, Capability, EngineFailed, Evident, Foreign, Logged, Score, Scored, Shareable
from .call import Call, Deadlines
from .probe import Probe
from .sink import Sink

__all__ = [
    "Backend",
    "Call",
    "Capability",
    "Deadlines",
    "EngineFailed",
    "Evident",
    "Foreign",
    "Logged",
    "Probe",
    "Score",
    "Scored",
    "Shareable",
    "Sink",
]
