"""The page of all machines says of each what the manifests of its datasets say, and lists every dataset.

Of a dataset that was sealed and that the site does not offer, the list of what is sealed has the day alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.datasets.sealed_list import LIST, read_list
from harness.errors import DatasetCorrupt

from ..meaning.tables import text_of
from ..reader.dataset import Sealed
from ..reader.document import Document
from ..reader.mismatches import Examined
from ..reader.site import Site
from ..reader.summary_json import told
from ..reader.visible_text import plain

PAGE, UNKNOWN = "hardware.html", "unknown"
FACTS: Mapping[str, str] = {
    "processor": "cpu_model",
    "physical cores": "cores_physical",
    "logical processors": "cores_logical",
    "memory": "memory_bytes",
    "GPU": "gpu_name",
    "GPU memory": "gpu_memory_bytes",
    "GPU driver": "gpu_driver",
    "operating system": "os",
    "kernel": "kernel",
    "hypervisor": "hypervisor",
    "container": "container",
}
"""The facts of the page by their names there."""
CALIBRATION = "calibration"
Facts = Mapping[str, Any]
Row = tuple[str, ...]


@dataclass(slots=True)
class Machine:
    """What the recordings of a host say of it, and its datasets: label, profile, day, and the report that shows it."""

    facts: list[Facts] = field(default_factory=list)
    uses: set[Row] = field(default_factory=set)


def check(site: Site) -> Iterator[Examined]:
    """Looks at the page of machines, where the site has one."""
    page = next((one for one in site.documents if one.name == PAGE), None)
    if page is not None:
        yield from (Examined(PAGE, problem) for problem in _page(page, _machines(site), _days(site)))


def _days(site: Site) -> dict[str, str]:
    """The days of the sealed versions that are not here."""
    here = {sealed.label for sealed in site.datasets.values()}
    try:
        listed = read_list(site.root / "data" / LIST)
    except DatasetCorrupt:
        return {}
    return {label: one.day for label, one in listed.items() if label not in here}


def _machines(site: Site) -> dict[str, Machine]:
    found: dict[str, Machine] = {}
    reports = _reports(site)
    for sealed in site.datasets.values():
        manifest = sealed.manifest
        label = str(sealed.label)
        if not label.rpartition("/v")[2].isdigit() or manifest.get("imported"):
            continue
        study = label.partition("/")[0]
        report = "instrument" if study == CALIBRATION else reports.get(study) or reports.get(label) or "none"
        for facts in _environments(sealed):
            machine = found.setdefault(str(facts.get("host_id") or UNKNOWN), Machine())
            machine.facts.append(facts)
            machine.uses.add((label, str(manifest["profile"]), str(manifest["created"])[:10], report))
    return found


def _reports(site: Site) -> dict[str, str]:
    """The names of reports, by the study of those over one dataset and by the datasets of those over several."""
    found: dict[str, str] = {}
    for one in told(site):
        for dataset in one.get("datasets", ()):
            label = str(dataset.get("dataset"))
            found.setdefault(label if dataset.get("name") else label.partition("/")[0], str(one.get("id")).upper())
    return found


def _environments(sealed: Sealed) -> Iterator[Facts]:
    for recording in sealed.recordings or (sealed,):
        yield recording.manifest["environment"]
        yield from (stratum["environment"] for stratum in recording.manifest.get("strata", ()))


def _page(page: Document, machines: Mapping[str, Machine], days: Mapping[str, str]) -> Iterator[str | None]:
    headings = page.body.xpath(".//h2[starts-with(@id, 'host-')]")
    shown = {str(one.get("id")).removeprefix("host-"): one for one in headings}
    lacking = next(iter(machines.keys() - shown.keys() - {UNKNOWN}), None)
    yield lacking and f"it leaves out the host {lacking}"
    for name, heading in shown.items():
        machine = machines.get(name, Machine())
        said = text_of(heading).removesuffix("¶").strip()
        right = "Unknown host" if name == UNKNOWN else f"Host {name}"
        yield None if said == right else f"#host-{name} is headed “{said}”, it is “{right}”"
        rows = [
            [tuple(plain(text_of(cell)) for cell in row) for row in one.xpath("./tbody/tr")]
            for one in heading.xpath("./following::table")[:2]
        ]
        absent = {row[0] for row in rows[-1] if row[0] in days}
        for problem in (*_facts(rows[0], machine.facts, bool(absent)), *_uses(rows[-1], machine.uses, days)):
            yield problem and f"#host-{name}: {problem}"


def _facts(rows: Sequence[Row], facts: Sequence[Facts], more: bool) -> Iterator[str | None]:
    """Every state of a fact, and no other; of a machine with ``more`` datasets those may have told others."""
    names = [row[0] for row in rows]
    yield None if names == list(FACTS) else f"its facts are {', '.join(names)}, not {', '.join(FACTS)}"
    for row in rows:
        if row[0] in FACTS:
            right = _said(FACTS[row[0]], facts)
            said = _states(row[1])
            wrong = not right <= said if more else right != said
            words = "; ".join(sorted(right))
            yield f"its {row[0]} is said to be “{row[1]}”, its manifests say “{words}”" if wrong else None


def _said(name: str, facts: Sequence[Facts]) -> frozenset[str]:
    """The states of a fact, or why it is missing."""
    known = frozenset(_text(name, one[name]) for one in facts if one.get(name) is not None)
    missing = (str(one.get(f"{name}.missing") or "not_reported").replace("_", " ") for one in facts)
    return known or frozenset(f"— ({reason})" for reason in missing)


def _states(said: str) -> frozenset[str]:
    reasons = said.removeprefix("— (").removesuffix(")").split(", ")
    return frozenset(f"— ({one})" for one in reasons) if said.startswith("— (") else frozenset(said.split("; "))


def _text(name: str, fact: object) -> str:
    return plain(f"{fact / 2**30:.1f} GiB" if name.endswith("_bytes") and isinstance(fact, int) else str(fact))


def _uses(rows: Sequence[Row], uses: set[Row], days: Mapping[str, str]) -> Iterator[str | None]:
    for row in rows:
        alike = next((one for one in uses if one[0] == row[0]), None)
        right = row in uses if row[0] not in days else row[2] == days[row[0]]
        known = " | ".join(alike) if alike else days.get(row[0], "nothing")
        yield None if right else f"a row is “{' | '.join(row)}”, the data say “{known}”"
    lacking = sorted({one[0] for one in uses} - {row[0] for row in rows})
    yield f"it leaves out {lacking[0]}" if lacking else None
    yield None if len(set(rows)) == len(rows) else "it has a row twice"
