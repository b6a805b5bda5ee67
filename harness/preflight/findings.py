"""What a preflight finds: typed, printable, and recorded with every run that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..design import Value
from ..events import Scalar


class Topic(StrEnum):
    """What a finding is about, in the order in which findings are shown."""

    ADDRESS = "address"
    REDIRECT = "redirect"
    PROXY = "proxy"
    TLS = "tls"
    AUTHENTICATION = "authentication"
    MODELS = "models"
    ENDPOINT = "endpoint"
    FIELDS = "fields"
    STATUS = "status"
    USAGE = "usage"
    TOKENS = "tokens"
    REASONING = "reasoning"
    LENGTH = "length"
    END = "end"
    BUFFERING = "buffering"
    METRICS = "metrics"


class Level(StrEnum):
    """``FOUND`` is as it should be; ``ADAPTED`` is what the harness does otherwise because of it; ``WARNING`` is what
    makes a number worth less, and which."""

    FOUND = "found"
    ADAPTED = "adapted"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about a server. ``text`` is one line for people and may quote the server: escape it."""

    topic: Topic
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Preflight:
    """All that was found, ``findings`` in the order of ``Topic``.

    ``address`` has no credentials. ``server`` is what it calls itself (a name, a version), or empty. ``models`` are the
    ids that it lists, empty where it lists none; ``served_model`` is the one that answered, as it names it.
    ``agreed`` are the settings with which runs are sent what this server accepts: they go to
    ``RunSpec.agreed`` of every run.
    """

    backend: str
    address: str
    server: str
    served_model: str
    models: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    agreed: Mapping[str, Value] = field(default_factory=dict)
    requests: int = 0
    seconds: float = 0.0

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.WARNING)

    def facts(self) -> dict[str, Scalar]:
        """For the facts of a run: ``preflight.TOPIC`` → ``LEVEL: TEXT``."""
        said: dict[str, list[str]] = {}
        for finding in self.findings:
            said.setdefault(f"preflight.{finding.topic}", []).append(f"{finding.level}: {finding.text}")
        return {name: "; ".join(lines)[:500] for name, lines in said.items()}
