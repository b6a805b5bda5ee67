"""TR116: does the model matter more than the language of the agents?"""

from __future__ import annotations

from ..analysis.contrasts import contrasts
from ..claims.evaluate import State, bounds_of, decide
from ..claims.predicate import parse
from ..recipes.agents.effects import by_metric, forest
from ..recipes.agents.heat import heat
from ..recipes.agents.languages import claim_ratios
from ..recipes.agents.timeline import timeline
from ..recipes.agents.together import claim_gains, claim_overlap, costs, gains
from ..recipes.claims import claim
from ..recipes.contrasts import against_reference, ratio_and_finding
from ..recipes.report_builder import Draft
from ..recipes.rows import rows
from ..recipes.tables import table

RATE = "aggregate_tps"
KINDS = {"model": "setting", "scenario": "setting"}
MEASURES = {RATE: "tokens of both", "task_duration": "task"}
FARTHER = "other.high < language.low and other.high < back.low or other.low > language.high and other.low > back.high"
"""One ratio is farther from one than another: it lies outside of it and of its inverse, ``back``. The intervals do not
meet, so that this is sure enough however much two ratios of the same runs move together: the standard error of a
difference is at most the sum of both."""


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr116.md cites."""
    cells = rows(draft, "model", "scenario", kinds=KINDS).ended("ok")
    heat(cells, "rates", "Tokens per second of both agents, by model and language", RATE, "language")
    languages, models = (by_metric(draft, MEASURES, factor, kinds=KINDS) for factor in ("language", "model"))
    forest(languages, "languages", "The language: Rust over Python", "Rust ÷ Python")
    table(models, "models_effect", "The model: each over the first one", ratio_and_finding("ratio"))
    claim_ratios(languages, "language")
    claim_ratios(models, "model", "with")
    _compare(draft)
    each = against_reference(draft, {RATE: "tokens of both"}, "language", "model", ("model", "language"), kinds=KINDS)
    table(each, "interaction", "The language, model by model", ratio_and_finding("Rust ÷ Python"))
    arms = cells.per("language")
    gains(arms, label="{language}, {model}, {scenario}")
    claim_gains(arms, "In {language} with {model}, {scenario},", "language", "model", "scenario")
    claim_overlap(draft)
    costs(arms)
    rust, python = (draft.ask("overlap_efficiency", {"language": language}) for language in ("rust", "python"))
    draft.finding("overlap_rust_less_python", rust - python)
    timeline(arms, "{model}, {scenario}, {language}", most=3)
    draft.headline(*(name for name in draft.claims if name.startswith("model-over-language")), *draft.claims)


def _compare(draft: Draft) -> None:
    """Whether the model changes the rate more than the language does, model by model."""
    (language,) = by_metric(draft, {RATE: ""}, "language")
    (back,) = contrasts(draft.data, RATE, "language", reference=language.contrast.level)
    sentence = (
        "{model} instead of {reference} %s the tokens per second of both agents more than Rust instead of Python"
        " does: {other} {other.interval} beside {language} {language.interval}."
    )
    for one in by_metric(draft, {RATE: ""}, "model", kinds=KINDS):
        other, ours = one.contrast.ratio, language.contrast.ratio
        values = {"other": other, "language": ours, "back": back.ratio}
        state = decide(parse(FARTHER), {name: bounds_of(value) for name, value in values.items()})
        said = sentence % ("is not shown to change" if state is State.INCONCLUSIVE else "changes")
        claim(draft, f"model-over-language-{one.slug('model')}", said, values, FARTHER, names=one.names)
