"""The page *Instrument*, and the error of the instrument that a report states with its own times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment

from harness.datasets.manifest import Manifest
from harness.datasets.stored_design import planned_loads
from harness.design import Load
from harness.design.load import AgentTasks, ClosedLoop

from ..caching.code_digest import code
from ..caching.job import Job
from ..caching.store import Store, key_of, libraries
from ..content.blocks import Content, content_of
from ..editions.citation import command, hardware
from ..editions.downloads import by_folder, downloads
from ..editions.edition import Edition, open_edition, prove, versions
from ..project import Project
from ..rendering.generated_page import page
from ..rendering.page import Page
from ..rendering.scope import Scope
from ..values.value import Value

PATH = "instrument.md"
_FINDINGS = {"ttft_median": "ttft.p50", "ttft_tail": "ttft.p99", "itl_mean": "itl.mean", "itl_tail": "itl.p99"}


@dataclass(frozen=True, slots=True)
class Calibration:
    """One sealed calibration and what is known of the instrument from it."""

    edition: Edition
    content: Content

    @property
    def objections(self) -> str:
        """The rules of the audit that it breaks, in words: where there are any, it vouches for nothing."""
        return str(self.content.facts.flags.get("objections", ""))

    @property
    def smoke(self) -> bool:
        """Whether it only proves that calibrating works."""
        return self.edition.manifest.profile == "smoke"


@dataclass(frozen=True, slots=True)
class InstrumentError:
    """What a report says of the instrument. ``errors`` is empty where nothing is known, and ``reason`` says why.

    ``errors`` are the worst of all calibrated loads with ``streams`` streams at once. ``objections`` are the rules that
    the calibration breaks.
    """

    reason: str = ""
    label: str = ""
    streams: int = 0
    errors: Mapping[str, Value] | None = None
    objections: str = ""


class Instruments:
    """The calibrations of a data root, oldest first."""

    def __init__(self, found: Iterable[Calibration]) -> None:
        self.all = tuple(found)

    @classmethod
    def load(cls, project: Project, store: Store) -> Instruments:
        """All of them, after proving their files. Raises ``DatasetCorrupt``."""
        editions = (open_edition(project, CALIBRATION, name) for name in versions(project.data, CALIBRATION))
        return cls(Calibration(edition, _content(edition, store)) for edition in editions)

    @property
    def best(self) -> Calibration | None:
        """The newest that vouches for something, or else the newest of a larger profile, or else the newest."""
        return max(
            self.all,
            key=lambda one: (not one.smoke and not one.objections, not one.smoke, one.edition.manifest.version),
            default=None,
        )

    def error_of(self, manifest: Manifest) -> InstrumentError:
        """What the report of a dataset says about its instrument."""
        if manifest.calibration is None:
            return InstrumentError("this dataset names no calibration")
        named = next((one for one in self.all if one.edition.digest == manifest.calibration), None)
        if named is None:
            return InstrumentError("the calibration that it names is not among the sealed datasets of this site")
        wanted = streams(manifest)
        covering = [n for n in named.content.levels["streams"] if isinstance(n, int) and n >= wanted]
        if not covering:
            return InstrumentError("its load lies outside the range of its calibration", named.edition.label)
        number = min(covering)
        errors = {name: named.content.findings[f"{asked}@{number}"] for name, asked in _FINDINGS.items()}
        return InstrumentError("", named.edition.label, number, errors, named.objections)


def _content(found: Edition, store: Store) -> Content:
    prove(found, store)
    return content_of(instrument_job(found).data(store))


def streams(manifest: Manifest) -> int:
    """The most streams at once in any planned cell of a dataset; an open loop counts as one."""
    return max(map(_streams, planned_loads(manifest)), default=1)


def _streams(load: Load) -> int:
    match load:
        case ClosedLoop(streams=count) | AgentTasks(agents=count):
            return count
        case _:
            return 1


def render_instrument(instruments: Instruments, environment: Environment, store: Store) -> Page:
    """The page about the instrument, which says plainly where no calibration is sealed."""
    one = instruments.best
    scope = Scope(one.content if one else Content())
    context: dict[str, Any] = {"calibration": one, "others": [other for other in instruments.all if other is not one]}
    if one is not None:
        machine = hardware(one.edition.manifest.environment)
        offered = by_folder(downloads(store, one.edition))
        context |= {"hardware": machine, "command": command(one.edition), "downloads": offered}
    return page(environment, scope, PATH, "Instrument", context)


def instrument_job(found: Edition) -> Job:
    """What is computed of a calibration."""
    target = "hooks.analysis.calibration"
    return Job(
        "instrument", key_of(found.digest, code(target), libraries()), f"{target}:compute_instrument", (found.folder,)
    )


CALIBRATION = "calibration"
