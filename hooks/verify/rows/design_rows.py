"""The tables of a study's design say what its manifest declares: how runs were made, what was varied, which models, and
what the engine says that it used."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from harness.design.load import AgentTasks, ClosedLoop, scenario_of

from ..meaning.configurations import loads
from ..meaning.level_words import called, meaning, own_text
from ..meaning.required_rows import pages_of_datasets
from ..meaning.tables import text_of
from ..reader.dataset import Sealed
from ..reader.mismatches import Examined
from ..reader.site import Site
from ..reader.visible_text import plain

Row = tuple[str | None, ...]
"""What the cells of a row say; null where a cell shows a value, which other checks compute."""
CLOSED = "closed loop: the next request starts when the last one ended"
OPEN = "open loop: requests start when they are planned to, whether or not others have ended"
ORDER = "randomised complete blocks: every block holds each cell once, in its own order"
UNIQUE = "yes: no prompt repeats, so no prompt cache helps"
NO_PROOF, NOT_REPORTED, UNKNOWN, BY_ENGINE = (
    "none: the engine does not report it",
    "— (not reported)",
    "unknown",
    "kept by the engine",
)
DIGEST, SHORT = 64, 12
"""The length of a digest, and what a table shows of it."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at every page of a dataset whose design was declared here."""
    for page, own in pages_of_datasets(site):
        for name, rows in EXPECTED.items() if not own.manifest["design"].get("imported") else ():
            shown = page.body.xpath(".//table[@id=$id]/tbody/tr", id=f"table-{name}")
            if shown or name == "design":
                problem = _differs([tuple(map(text_of, row)) for row in shown], list(rows(site, own)))
                yield Examined(page.name, problem and f"table-{name}: {problem}")


def _differs(shown: Sequence[tuple[str, ...]], expected: Sequence[Row]) -> str | None:
    for said, right in zip(shown, expected, strict=False):
        if len(said) != len(right) or any(
            text is not None and plain(cell) != plain(text) for cell, text in zip(said, right, strict=False)
        ):
            return f"a row says “{' | '.join(said)}”, its manifest “{' | '.join(text or '…' for text in right)}”"
    return None if len(shown) == len(expected) else f"it has {len(shown)} rows, its manifest declares {len(expected)}"


def _design(_: Site, own: Sealed) -> Iterator[Row]:
    declared = own.manifest["design"]
    workload, profile = declared["workload"], declared["profiles"][own.manifest["profile"]]
    sessions = [one.manifest for one in own.recordings or (own,)]
    planned = sum(one["planned_runs"] for one in sessions)
    by_level = {
        name: f"set by the level of {factor}" for factor, _, found in declared.get("bundles", ()) for name in found
    }
    yield "load", _load(own)
    yield "wait between planned and actual send, part of the latency", None
    yield "engine", by_level.get("backend", declared["backend"])
    yield "profile", own.manifest["profile"]
    yield "cells", None
    yield "runs per cell, each in a fresh process", str(ceil(planned / max(1, len(own.runs["cell_id"].unique()))))
    yield "runs recorded", None
    yield "runs planned", str(planned)
    yield "order", ORDER
    yield "order seed", ", ".join(str(one["order_seed"]) for one in sessions)
    yield "cold requests per run, kept and flagged", "1"
    yield "warm-up requests per run, kept and flagged", str(workload["warmup"])
    yield "measured requests per run and stream", by_level.get("prompts", str(len(workload["prompts"])))
    cap = profile["max_tokens"] or workload["max_tokens"]
    yield "output tokens per request", by_level.get("max_tokens", str(cap))
    ignored = "yes" if workload["ignore_eos"] else "no"
    yield "end-of-text ignored, so that all outputs have that length", ignored
    yield "unique prefix before each prompt", UNIQUE if workload["unique_prefix"] else "no"


def _load(own: Sealed) -> str | None:
    """How requests arrive; null where that is none of today's ways."""
    found = loads(own)
    scenarios = dict.fromkeys(str(scenario_of(load)) for load in found)
    loops = dict.fromkeys(CLOSED if isinstance(load, ClosedLoop | AgentTasks) else OPEN for load in found)
    return ", ".join((" and ".join(scenarios), *loops)) if found else None


def _factors(site: Site, own: Sealed) -> Iterator[Row]:
    for factor in own.manifest["design"]["factors"]:
        name, declared = factor["name"], factor["levels"]
        words = [(own_text(level), called(site, own.digest, name, level)) for level in _recorded(own, factor)]
        yield (
            name,
            meaning(site, own.digest, name),
            ", ".join(text if text == said else f"{text} ({said})" for text, said in words),
            ", ".join(map(own_text, declared)),
            factor["effective"] or NO_PROOF,
        )


def _recorded(own: Sealed, factor: Mapping[str, Any]) -> list[Any]:
    """The levels that runs have, in the order in which they are declared."""
    found = own.runs[f"level.{factor['name']}"].unique().to_pylist()
    return [level for declared in factor["levels"] for level in found if level == declared]


def _models(_: Site, own: Sealed) -> Iterator[Row]:
    sessions = [one.manifest for one in own.recordings or (own,)]
    loaded = {json.dumps(model, sort_keys=True): model for one in sessions for model in one["models"]}
    for model in loaded.values():
        digest = model["sha256"]
        names = ("family", "architecture", "layers", "parameters", "quantisation")
        facts = (_known(model[name]) for name in names)
        yield model["name"], *facts, model["source"], f"{digest[:SHORT]}…" if digest else BY_ENGINE


def _known(fact: str | int | None) -> str:
    return UNKNOWN if fact is None else f"{fact:,}" if isinstance(fact, int) else fact


def _effective(site: Site, own: Sealed) -> Iterator[Row]:
    samples = site.samples(own.digest)
    runs = samples.runs if samples else []
    reported = [json.loads(run["effective"] or "{}") for run in runs]
    for factor in own.manifest["design"]["factors"]:
        name, key = factor["name"], factor["effective"]
        for level in _recorded(own, factor) if key else ():
            pairs = zip(runs, reported, strict=True)
            used = [said.get(key) for run, said in pairs if run[f"level.{name}"] == level]
            texts = dict.fromkeys(_short(own_text(one)) for one in used if one is not None)
            yield name, own_text(level), ", ".join(texts) or NOT_REPORTED, None


def _short(text: str) -> str:
    return f"{text[:SHORT]}…" if len(text) == DIGEST else text


EXPECTED: Mapping[str, Callable[[Site, Sealed], Iterator[Row]]] = {
    "design": _design,
    "factors": _factors,
    "models": _models,
    "effective": _effective,
}
"""The tables by their names, with the rows that they have to have."""
