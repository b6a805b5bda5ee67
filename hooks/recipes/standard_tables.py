"""What every report shows of its dataset, whatever its subject: design, machine, models, outcomes, files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import ceil
from pathlib import PurePath
from typing import Any

from harness.datasets.manifest import Manifest
from harness.datasets.stored_design import planned_loads, scenarios
from harness.design import Imported, Load, Study
from harness.design.load import AgentTasks, ClosedLoop
from harness.models import SERVED
from harness.outcomes import MISSING_SUFFIX
from harness.units import ONE

from ..analysis.audit import audit_table
from ..analysis.filters import Where
from ..analysis.measurements import Measurements
from ..analysis.recording_conditions import circumstances
from ..analysis.validity_flags import flags
from ..content.blocks import Cell, Column, Lit, Table
from ..text.naming import fact_text, level_text
from ..values.evidence import Level
from ..values.value import Value
from .agents.gpu_layers import called
from .primaries import primary_table

SCENARIO = "scenario"
"""The factor whose levels are groups of prompts."""
_HIDDEN = frozenset({"host_id", "boot_id", "gpu_id"})


def skeleton(data: Measurements, study: Study) -> dict[str, Table]:
    """The tables that the report template places itself, by name."""
    manifest = data.dataset.manifest
    return {
        table.name: table
        for table in (
            factors(data, study),
            design(data),
            environment(manifest),
            models(manifest),
            lengths(data, study),
            primary_table(data, study),
            outcomes(data),
            flags(data),
            audit_table(data),
            effective(data),
            files(manifest),
            circumstances(data),
        )
    }


def factors(data: Measurements, study: Study) -> Table:
    """What is varied: levels recorded here, levels that the full study declares, and the proof that one took."""
    meanings = {factor.name: factor.meaning for factor in study.factors}
    declared: Any = data.dataset.manifest.design["factors"]
    rows = tuple(
        (
            Lit(factor["name"], "identifier"),
            meanings.get(factor["name"], ""),
            _levels(data.levels(factor["name"]), study, factor["name"]),
            _levels(factor["levels"]),
            _proof(factor["effective"]),
        )
        for factor in declared
    )
    columns = ("factor", "meaning", "levels recorded", "levels declared", "engine setting that proves a level")
    return Table("factors", "Factors and their levels", tuple(map(Column, columns)), rows)


def _proof(setting: str | None) -> Cell:
    return Lit(setting, "identifier") if setting else "none: the engine does not report it"


def _levels(levels: Iterable[Level], study: Study | None = None, factor: str = "") -> Lit:
    """Levels as a command takes them, each with its words where a ``study`` calls it otherwise."""
    texts = ((level_text(level), study.called(factor, level) if study else level_text(level)) for level in levels)
    return Lit(", ".join(text if text == words else f"{text} ({words})" for text, words in texts), "setting")


def design(data: Measurements) -> Table:
    """How the runs were made."""
    manifest = data.dataset.manifest
    if manifest.imported:
        return _imported_design(data, manifest.imported)
    declared: Any = manifest.design
    workload, profile = declared["workload"], declared["profiles"][manifest.profile]
    cap = profile["max_tokens"] or workload["max_tokens"]
    by_level = _set_by_levels(declared)
    order = "randomised complete blocks: every block holds each cell once, in its own order"
    prefix = "yes: no prompt repeats, so no prompt cache helps" if workload["unique_prefix"] else "no"
    rows: tuple[tuple[str, Cell], ...] = (
        ("load", ", ".join((scenarios(manifest), *loops(planned_loads(manifest))))),
        ("wait between planned and actual send, part of the latency", data.value("schedule_delay")),
        ("engine", by_level.get("backend", declared["backend"])),
        ("profile", manifest.profile),
        ("cells", data.count("cells")),
        ("runs per cell, each in a fresh process", _setting(_per_cell(manifest.planned_runs, data.count("cells")))),
        ("runs recorded", data.count("runs")),
        ("runs planned", _setting(manifest.planned_runs)),
        ("order", order),
        ("order seed", _setting(", ".join(str(one.manifest.order_seed) for one in data.dataset.recordings))),
        ("cold requests per run, kept and flagged", _setting(1)),
        ("warm-up requests per run, kept and flagged", _setting(workload["warmup"])),
        ("measured requests per run and stream", by_level.get("prompts", _setting(len(workload["prompts"])))),
        ("output tokens per request", by_level.get("max_tokens", _setting(cap))),
        ("end-of-text ignored, so that all outputs have that length", "yes" if workload["ignore_eos"] else "no"),
        ("unique prefix before each prompt", prefix),
    )
    return Table("design", "Design", (Column("property"), Column("value", form="text")), rows)


def _imported_design(data: Measurements, imported: Imported) -> Table:
    """Where the runs come from that another tool made."""
    rows: tuple[tuple[str, Cell], ...] = (
        ("status", "imported"),
        ("tool", Lit(imported.tool, "identifier")),
        ("version of the tool", Lit(imported.version, "identifier") if imported.version else "— (not recorded)"),
        ("format", Lit(imported.format, "identifier")),
        ("file", Lit(imported.file, "identifier")),
        ("bytes of the file", Lit(f"{imported.bytes:,}", "definition")),
        ("SHA-256 of the file", Lit(imported.sha256, "identifier")),
        ("load and order", "as the tool made them"),
        ("cells", data.count("cells")),
        ("runs", data.count("runs")),
    )
    return Table("design", "Design", (Column("property"), Column("value", form="text")), rows)


def _per_cell(planned: int, cells: Value) -> int:
    """Planned runs of each cell: of a session, one block of them."""
    return ceil(planned / (cells.number or 1))


def loops(loads: Iterable[Load]) -> tuple[str, ...]:
    """Whether requests wait for one another, of each kind of loop that there is."""
    said = {
        True: "closed loop: the next request starts when the last one ended",
        False: "open loop: requests start when they are planned to, whether or not others have ended",
    }
    return tuple(dict.fromkeys(said[isinstance(load, ClosedLoop | AgentTasks)] for load in loads))


def _set_by_levels(design: Mapping[str, Any]) -> dict[str, str]:
    """The settings that levels stand for (``Bundle``), with the factor that sets each."""
    return {
        name: f"set by the level of {factor}" for factor, _, settings in design.get("bundles", ()) for name in settings
    }


def _setting(number: object) -> Lit:
    return Lit(str(number), "setting")


def lengths(data: Measurements, study: Study) -> Table:
    """How long prompts and answers are, as counted: in each scenario, where there are several."""
    declared: Any = data.dataset.manifest.design["factors"]
    several = any(factor["name"] == SCENARIO for factor in declared)
    wheres: list[tuple[Cell, Where]] = [("all requests", {})]
    if several:
        levels = data.levels(SCENARIO)
        wheres = [(Lit(called(data, study, SCENARIO, level), "identifier"), {SCENARIO: level}) for level in levels]
    rows = tuple(
        (
            name,
            data.value("prompt_tokens", where),
            data.value("prompt_tokens", where, within="max", across="max"),
            data.value("output_tokens", where),
        )
        for name, where in wheres
    )
    headings = (SCENARIO if several else "requests", "prompt tokens", "largest prompt tokens", "output tokens")
    return Table("lengths", "Lengths of prompts and answers", tuple(map(Column, headings)), rows)


def environment(manifest: Manifest) -> Table:
    """The machine, as its probes described it. Unknown facts say why they are unknown.

    Of a server that somebody else runs nothing is known: the probes saw the machine of the client.
    """
    rows = tuple(_facts(manifest.environment))
    served = any(model.source == SERVED for model in manifest.models)
    caption = "The machine that the client ran on" if served else "The machine that was measured"
    caption = "The machine, as far as the tool names it" if manifest.imported else caption
    return Table("environment", caption, (Column("fact"), Column("value")), rows)


def _facts(found: Mapping[str, Any]) -> Iterator[tuple[str, Cell]]:
    for name, fact in found.items():
        if name.endswith(MISSING_SUFFIX) or name in _HIDDEN:
            continue
        reason = str(found.get(name + MISSING_SUFFIX, "not reported")).replace("_", " ")
        label = name.removesuffix("_bytes").removesuffix("_ns").replace("_", " ")
        yield label, f"— ({reason})" if fact is None else Lit(fact_text(name, fact), "identifier")


def models(manifest: Manifest) -> Table:
    """The models as they were loaded."""
    columns = (
        "model",
        "family",
        "architecture",
        "layers",
        "parameters",
        "quantisation",
        "source",
        "SHA-256 of the weights",
    )
    rows = tuple(
        (
            Lit(model.name, "identifier"),
            _known(model.family),
            _known(model.architecture),
            _known(model.layers, "definition"),
            _known(model.parameters, "definition"),
            _known(model.quantisation),
            Lit(model.source, "identifier"),
            Lit(model.sha256[:12] + "…", "identifier") if model.sha256 else "kept by the engine",
        )
        for model in manifest.models
    )
    return Table("models", "Models", tuple(map(Column, columns)), rows)


def _known(fact: str | int | None, kind: str = "identifier") -> Cell:
    """A fact about a model that nobody here may know."""
    return "unknown" if fact is None else Lit(f"{fact:,}" if isinstance(fact, int) else fact, kind)


def outcomes(data: Measurements) -> Table:
    """How many runs ended how; requests are counted beside them."""
    columns = (Column("outcome"), Column("reason"), Column("runs", ONE))
    return Table("outcomes", "How the runs ended", columns, tuple(endings(data)))


def endings(data: Measurements, where: Where | None = None) -> Iterator[tuple[Cell, Cell, Cell]]:
    """Every outcome and reason among the runs that ``where`` keeps, good ones first, with how many ended so."""
    for outcome, code in sorted(data.outcomes(), key=lambda pair: (pair[0] != "ok", pair[0], pair[1] or "")):
        found = data.count("runs", where, outcome=outcome, code=code)
        if found.number:
            yield outcome, (code or "—").replace("_", " "), found


def effective(data: Measurements) -> Table:
    """Each requested level beside what the engine says it used."""
    declared: Any = data.dataset.manifest.design["factors"]
    rows: list[tuple[Cell, ...]] = []
    for factor in declared:
        if factor["effective"] is None:
            continue
        for level in data.levels(factor["name"]):
            where = {factor["name"]: level}
            used = data.reported(factor["effective"], where)
            rows.append(
                (
                    Lit(factor["name"], "identifier"),
                    Lit(level_text(level), "setting"),
                    Lit(", ".join(_short(item) for item in used), "setting") if used else "— (not reported)",
                    data.count("runs", where),
                )
            )
    columns = (Column("factor"), Column("requested"), Column("effective"), Column("runs", ONE))
    return Table("effective", "Requested and effective settings", columns, tuple(rows))


def _short(item: object) -> str:
    text = level_text(item)
    return f"{text[:12]}…" if len(text) == 64 else text


def files(manifest: Manifest) -> Table:
    """The sealed files."""
    rows = tuple(
        (
            name if name == PurePath(name).name else Lit(name.removeprefix("../"), "identifier"),
            Lit(f"{entry.rows:,}", "definition"),
            Lit(f"{entry.bytes:,}", "definition"),
            Lit(entry.sha256, "identifier"),
        )
        for name, entry in sorted(manifest.files.items())
    )
    columns = (Column("file"), Column("rows"), Column("bytes"), Column("SHA-256"))
    return Table("files", "Sealed files", columns, rows)
