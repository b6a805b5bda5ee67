"""What the macros of the page skeletons write, against one expected file each, from a few synthetic values.

Renew the files after a wanted change, and read what changed before committing it:

    RENEW_GOLDEN=1 .venv/bin/pytest tests/golden && git diff tests/golden
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from markupsafe import Markup

from harness.units import MS, ONE, RATIO, TOK_PER_S
from hooks.claims.claim import Claim
from hooks.content.blocks import Column, Content, Figure, Lit, Table
from hooks.rendering.environment import environment
from hooks.rendering.provenance import metrics, numbers
from hooks.rendering.scope import Findings, Scope
from hooks.values.evidence import Interval, Sample, Strength
from hooks.values.value import Value, absent, cited
from tests.support.projects import ROOT
from tests.support.questions import of_metric

FOLDER = Path(__file__).parent
RENEW = "RENEW_GOLDEN"
ENVIRONMENT = environment(ROOT / "templates")
MEANING = "time to first token: first arrival − planned start"
HOSTILE = "a <b> | {{ x }} & *c*"


def measured(level: str, numbers: tuple[float, ...], unit: str = "ttft") -> Value:
    """The median of seven runs of one cell."""
    kept = (("threads", (level,)),)
    question = of_metric(unit, "demo/v1", where=kept, phase="measured", within="median")
    runs = tuple(f"{level}-{number}" for number in range(len(numbers)))
    return Value(
        sorted(numbers)[len(numbers) // 2],
        MS if unit == "ttft" else TOK_PER_S,
        Strength.MEASURED,
        Interval(min(numbers), max(numbers), 0.95, "order statistics"),
        len(numbers),
        question=question,
        definition=MEANING,
        sample=Sample((level,) * len(runs), runs, numbers, "median"),
    )


ONE_THREAD = measured("1", (20.11, 20.52, 21.34, 21.5, 21.73, 22.04, 22.48))
TWO_THREADS = measured("2", (11.02, 11.37, 11.9, 12.03, 12.26, 12.48, 12.91))
FASTER = (ONE_THREAD / TWO_THREADS).named("faster", "wait with one thread over that with two")
MISSING = absent("http_status", MS, of_metric("ttft", "demo/v1", phase="measured", within="median"), MEANING)
EARLIER = cited(72.0, RATIO, "Technical Reports Index: TR108, Key findings", 1, name="tr108.demo", definition="demo")
FINDINGS = {"one": ONE_THREAD, "two": TWO_THREADS, "faster": FASTER, "missing": MISSING, "earlier": EARLIER}
CLAIM = Claim("faster", "Two threads {r~1:beat|trail|equal} one: {r} {r.interval}.", {"r": FASTER}, "r.low > 1")
TABLE = Table(
    "demo",
    f"A table of {HOSTILE}",
    (Column("threads"), Column("wait", MS, "interval"), Column("share", ONE, "text"), Column(HOSTILE)),
    ((Lit("1", "setting"), ONE_THREAD, FASTER, HOSTILE), (Lit("2", "setting"), TWO_THREADS, EARLIER, MISSING)),
    "A note.",
)
FIGURE = Figure("demo", "Wait by threads", "Wait by threads", {}, "<svg><g/></svg>", TABLE)

CASES = {
    "value": (
        "{{ v.one }}\n{{ v.one }}\n{{ v.one|interval }}\n{{ v.one|figure_only }}\n{{ v.one|runs }}\n"
        '{{ v.faster|interval }}\n{{ v.missing }}\n{{ v.earlier }}\n{{ lit("512", "setting") }}\n{{ hostile }}\n'
    ),
    "claim": "{{ claim() }}\n",
    "table": '{% from "macros/table.md.j2" import table with context %}{{ table(demo) }}',
    "figure": (
        '{% from "macros/figure.md.j2" import figure with context %}{{ figure(drawn, "demo/charts/demo.0.vl.json") }}'
    ),
    "provenance": (
        '{% from "macros/numbers.md.j2" import metric_list, numbers_table with context %}'
        "{{ v.faster }} {{ v.missing }} {{ v.earlier }}\n{{ metric_list() }}\n{{ numbers_table() }}"
    ),
}


def rendered(template: str) -> str:
    """The template as a page with the values above renders it."""
    scope = Scope(Content())
    context = {
        "scope": scope,
        "v": Findings(FINDINGS, "demo"),
        "claim": lambda: scope.claim(CLAIM),
        "demo": TABLE,
        "drawn": FIGURE,
        "svg": Markup,
        "hostile": HOSTILE,
        "numbers": lambda: numbers(scope.shown),
        "metrics": lambda: metrics(scope.shown),
    }
    return ENVIRONMENT.from_string(template).render(context)


@pytest.mark.parametrize("name", CASES)
def test_a_macro_writes_what_it_wrote(name: str) -> None:
    path, found = FOLDER / f"{name}.md", rendered(CASES[name])
    if os.environ.get(RENEW):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def test_every_expected_file_has_a_case() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == CASES.keys()
