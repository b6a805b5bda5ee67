"""The page *Hardware*: every machine that a sealed dataset comes from, which datasets those are, and which claims
hold in all recordings of a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment

from harness.datasets.catalog import catalog
from harness.datasets.manifest import Manifest, Scalar
from harness.datasets.read import Dataset
from harness.outcomes import MISSING_SUFFIX

from ..content.blocks import Cell, Column, Content, Lit, Table
from ..editions.claim_matrix import claim_matrices
from ..editions.comparison import OtherRecording
from ..rendering.generated_page import page
from ..rendering.page import Page
from ..rendering.scope import Scope
from ..text.naming import fact_text, slug
from ..values.value import counted_value

PATH = "hardware.md"
FACTS = {
    "cpu_model": "processor",
    "cores_physical": "physical cores",
    "cores_logical": "logical processors",
    "memory_bytes": "memory",
    "gpu_name": "GPU",
    "gpu_memory_bytes": "GPU memory",
    "gpu_driver": "GPU driver",
    "os": "operating system",
    "kernel": "kernel",
    "hypervisor": "hypervisor",
    "container": "container",
}
Facts = Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Use:
    """A dataset that a machine recorded, whole or in part. ``report`` is null where no report publishes it."""

    manifest: Manifest
    report: str | None


@dataclass(frozen=True, slots=True)
class Machine:
    """A host by its ``host_id`` (null: unknown), with what each of its recordings said about it."""

    host: str | None
    described: tuple[Facts, ...]
    uses: tuple[Use, ...]

    @property
    def anchor(self) -> str:
        return f"host-{slug(self.host or 'unknown')}"

    def table(self) -> Table:
        """Its facts; a fact that changed shows every state, one that is missing says why."""
        rows = tuple((words, self._fact(name)) for name, words in FACTS.items())
        return Table(self.anchor, "The machine as its probes described it", (Column("fact"), Column("value")), rows)

    def _fact(self, name: str) -> Cell:
        states = dict.fromkeys(
            fact_text(name, found) for facts in self.described if (found := facts.get(name)) is not None
        )
        if states:
            return Lit("; ".join(states), "identifier")
        reasons = dict.fromkeys(str(facts.get(name + MISSING_SUFFIX) or "not_reported") for facts in self.described)
        return f"— ({', '.join(reasons)})".replace("_", " ")


def datasets(data: Path) -> tuple[Dataset, ...]:
    """Every sealed version that was recorded, without its tables; of what was imported nobody knows the machine.

    Raises ``DatasetCorrupt``, ``SchemaUnknown``.
    """
    found = (Dataset.open(ref.path, verify=False) for ref in catalog(data))
    return tuple(dataset for dataset in found if dataset.manifest.imported is None)


def machines(found: Iterable[Dataset], reports: Mapping[str, str]) -> tuple[Machine, ...]:
    """The hosts of the datasets ``found`` in the order of their names; those unknown come last.

    ``reports`` are the ids of published reports by study, and by dataset where the study has none of its own.
    """
    described: dict[str | None, list[Facts]] = {}
    uses: dict[str | None, list[Use]] = {}
    for dataset in found:
        manifest = dataset.manifest
        for facts in _environments(dataset):
            host = _host(facts)
            described.setdefault(host, []).append(facts)
            use = Use(manifest, reports.get(manifest.study) or reports.get(manifest.label))
            if use not in uses.setdefault(host, []):
                uses[host].append(use)
    ordered = sorted(described, key=lambda host: (host is None, host or ""))
    return tuple(Machine(host, tuple(described[host]), tuple(uses[host])) for host in ordered)


def _environments(dataset: Dataset) -> Iterator[Facts]:
    """Where a dataset was recorded: in one session or several, and circumstances may have changed in one."""
    for recording in dataset.recordings:
        yield recording.manifest.environment
        yield from (stratum.environment for stratum in recording.manifest.strata)


def _host(facts: Facts) -> str | None:
    host = facts.get("host_id")
    return str(host) if host else None


def render_machines(
    found: tuple[Dataset, ...], reports: Mapping[str, str], others: Sequence[OtherRecording], environment: Environment
) -> Page:
    """The page; ``reports`` as in ``machines``, ``others`` the recordings shown with the published ones."""
    hosts, matrices = machines(found, reports), claim_matrices(others)
    claims = [claim for matrix in matrices for claim in matrix.claims]
    totals = {
        "hosts": counted_value(len(hosts), "hosts", "hosts that a sealed dataset comes from"),
        "datasets": counted_value(len(found), "sealed-datasets", "sealed datasets, of all versions"),
        "claims": counted_value(len(claims), "claims-asked", "claims asked of more than one recording"),
        "same": counted_value(
            sum(claim.same for claim in claims),
            "claims-in-all-recordings",
            "claims of which all recordings say the same",
        ),
    }
    scope = Scope(Content())
    return page(environment, scope, PATH, "Hardware", {"hosts": hosts, "totals": totals, "matrices": matrices})
