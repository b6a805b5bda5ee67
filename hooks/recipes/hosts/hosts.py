"""The hosts of a report over several datasets, told apart by what was recorded of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.datasets.manifest import Scalar
from harness.errors import UsageError
from harness.outcomes import MISSING_SUFFIX

from ...analysis.measurements import Measurements
from ...content.blocks import Cell, Column, Lit, Table
from ...text.naming import fact_text
from ..report_builder import Draft

UNRECORDED = ("with a GPU", "in a cloud", "Apple", "with an AMD GPU")
"""Kinds of machine that nobody has sent a recording of."""
IDENTITY = {
    "host_id": "host",
    "boot_id": "boot",
    "cpu_model": "processor",
    "cpu_revision": "vendor, family, model, stepping, microcode",
    "cpu_features": "instructions of its processor that matter here",
    "cores_logical": "logical processors",
    "cores_allowed": "processors that recordings may use",
    "memory_bytes": "memory",
    "gpu_name": "GPU",
    "gpu_driver": "driver of the GPU",
    "hypervisor": "hypervisor",
    "container": "container",
    "kernel": "kernel",
    "os": "operating system",
}
"""What identifies a machine, by the name of the recorded fact."""
DIFFERS = "differs between its recordings"
KIND = ("cpu_model", "cpu_revision", "cpu_features")
"""The facts by which processors are of one kind."""


@dataclass(frozen=True, slots=True)
class Host:
    """One machine: the datasets that it recorded, by study. ``letter`` is its place in the front matter."""

    letter: str
    data: Mapping[str, Measurements]

    @property
    def name(self) -> str:
        return f"host {self.letter}"

    def fact(self, name: str) -> Cell:
        """A fact of the machine, or why it is not known."""
        told = self.told(name)
        if len(told) > 1:
            return DIFFERS
        return Lit(fact_text(name, *told.values()), "identifier") if told else _unknown(name, self._environments[0])

    def told(self, name: str) -> dict[str, Scalar]:
        """What its recordings tell of a fact, by its text."""
        return {str(one[name]): one[name] for one in self._environments if one.get(name) is not None}

    @property
    def _environments(self) -> list[Mapping[str, Scalar]]:
        return [data.dataset.manifest.environment for data in self.data.values()]


def _unknown(name: str, facts: Mapping[str, Scalar]) -> str:
    reason = facts.get(name + MISSING_SUFFIX) or ("not reported" if name in facts else "not recorded")
    return f"— ({str(reason).replace('_', ' ')})"


def hosts(draft: Draft) -> tuple[Host, ...]:
    """The hosts of all datasets, in the order of the front matter.

    Raises ``UsageError`` for a dataset of several hosts or of one that it does not tell, and for two datasets of one
    host and study.
    """
    found: dict[str, dict[str, Measurements]] = {}
    for study in draft.studies:
        for name, data in draft.datasets(study).items():
            host = data.dataset.manifest.environment.get("host_id")
            if host is None:
                raise UsageError(
                    f"dataset {name!r} does not tell one host; name a version whose sessions have one host"
                )
            if study in found.setdefault(str(host), {}):
                raise UsageError(f"dataset {name!r} is the second one of its host and of {study}; name one of both")
            found[str(host)][study] = data
    return tuple(Host(chr(ord("A") + place), data) for place, data in enumerate(found.values()))


def host_table(draft: Draft, found: tuple[Host, ...], name: str, caption: str) -> None:
    """What identifies each host, side by side."""
    columns = (Column("fact"), *(Column(host.name) for host in found))
    draft.table(Table(name, caption, columns, tuple(_lines(found))))


def _lines(found: tuple[Host, ...]) -> Iterator[tuple[Cell, ...]]:
    labels = (", ".join(data.dataset.label for data in host.data.values()) for host in found)
    yield ("datasets", *(Lit(text, "identifier") for text in labels))
    for fact, words in IDENTITY.items():
        yield (words, *(host.fact(fact) for host in found))


def of_one_kind(found: tuple[Host, ...]) -> bool:
    """Whether no fact of their processors tells hosts apart; a host that does not tell one is told apart by none."""
    return all(len({text for host in found for text in host.told(name)}) < 2 for name in KIND)


def has_one_session(host: Host) -> bool:
    """Whether each dataset of the host is of one session."""
    return not any(data.several_sessions for data in host.data.values())
