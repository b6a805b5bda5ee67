"""A site in which every string that data can carry is hostile: `python -m tests.support.hostile_site FOLDER`.

The project, its dataset and its report are made below the folder; the templates and the renderer are the real ones.
"""

from __future__ import annotations

import logging
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config

import hooks.build.compute
import hooks.build.prose_markup
from harness.datasets.manifest import Code as Revision
from harness.datasets.manifest import ModelEntry
from harness.design import Factor, Planned, Profile, Prompt, Study, Workload, plan
from harness.errors import UsageError
from harness.events import Run, Started
from harness.outcomes import Code, failed
from harness.recorder.recorder import Recorder
from harness.recorder.seal import seal
from hooks.build.prose_markup import demand_markdown
from hooks.content.blocks import Column, Lit, Table
from hooks.content.charts import Axes, Point, intervals
from hooks.recipes.report_builder import Draft
from hooks.rendering.page import Broken
from hooks.text.numbers import has_number
from tests.support.datasets import ENVIRONMENT, header
from tests.support.hostile_strings import HOSTILE
from tests.support.runs import RunMaker

ROOT = Path(__file__).resolve().parents[2]
WORDS = tuple(text for text in HOSTILE if not has_number(text))
"""Hostile strings without a digit: those that may stand where no number is declared."""
SAYABLE = tuple(text for text in WORDS if not set(text) & set("{}|"))
"""Those that may be words of a claim."""
CHARTED = 50

STUDY = Study(
    id="tr108",
    title=WORDS[0],
    question=WORDS[1],
    backend="llama_cpp",
    factors=(
        Factor("arm", HOSTILE[20:28], WORDS[2], WORDS[3]),
        Factor(WORDS[4], (WORDS[5], WORDS[6]), WORDS[7], WORDS[8]),
    ),
    workload=Workload(tuple(Prompt(f"{text} {n}", text) for n, text in enumerate(HOSTILE[:5])), max_tokens=4),
    profiles=(Profile("quick", runs=6),),
    metrics=("ttft", "decode_tps"),
)


def make_hostile_dataset(root: Path) -> Path:
    """Seals runs whose every text is hostile and returns the dataset's folder."""
    profile = STUDY.profiles[0]
    planned = plan(STUDY.matrix(profile.name).cells(), profile.runs, STUDY.order_seed)
    texts = cycle(HOSTILE)
    maker = RunMaker(STUDY, 5, 4, 0, {})
    model = ModelEntry(
        name=HOSTILE[30],
        family=HOSTILE[31],
        source=HOSTILE[32],
        architecture=HOSTILE[33],
        layers=1,
        parameters=1,
        quantisation=HOSTILE[34],
        sha256=HOSTILE[35],
    )
    recorded = replace(
        header(STUDY, planned),
        title=HOSTILE[36],
        environment=ENVIRONMENT | facts() | {"cpu_model": HOSTILE[37], "gpu_name": HOSTILE[38]},
        models=(model,),
        calibration=HOSTILE[39],
        code=Revision(revision="0" * 40, dirty=True, version=HOSTILE[41]),
    )
    journal = root.parent / "journal"
    with Recorder.create(journal, recorded) as recorder:
        for item in planned:
            recorder.append(_run(maker, item, texts))
    return seal(journal, root).path


def facts() -> dict[str, str | int | float | bool | None]:
    """Every hostile string as a fact of the machine, and every one without a digit as the name of one."""
    return {f"fact {text}": "seen" for text in WORDS} | {
        f"{'x' * (1 + n % 3)} {n:x}".translate(_LETTERS): text for n, text in enumerate(HOSTILE)
    }


_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def _run(maker: RunMaker, item: Planned, texts: Iterator[str]) -> Run:
    run = maker.run(item)
    requests = tuple(
        replace(
            request,
            text=next(texts),
            finish_reason=next(texts),
            prompt_id=next(texts),
            outcome=request.outcome if request.index > 1 else failed(Code.HTTP_STATUS, next(texts)),
        )
        for request in run.requests
    )
    started = run.started and Started(
        next(texts), next(texts), run.started.load_ns, {**run.started.effective, next(texts): next(texts)}
    )
    flags = {next(texts): next(texts)}
    return replace(
        run, requests=requests, engines=(started,) if started else (), facts={next(texts): next(texts)}, flags=flags
    )


def compute(draft: Draft) -> None:
    """A report whose every word and label is hostile."""
    data = draft.data
    arms = {str(level): data.value("decode_tps", {"arm": level}) for level in data.levels("arm")}
    first, second, *_ = arms.values()
    whole = data.value("decode_tps")
    rows = tuple((text, Lit(text, "identifier"), whole) for text in WORDS)
    columns = (Column(WORDS[10]), Column(WORDS[11]), Column(WORDS[12], first.unit))
    draft.table(Table("words", WORDS[13], columns, rows, WORDS[14]))
    everything = tuple((Lit(text, "setting"), whole) for text in HOSTILE)
    draft.table(Table("literals", WORDS[15], (Column(WORDS[16]), Column(WORDS[17], first.unit)), everything))
    for number in range(0, len(HOSTILE), CHARTED):
        points = [Point(text, whole, WORDS[number % 7]) for text in HOSTILE[number : number + CHARTED]]
        axes = Axes(WORDS[18 + number // CHARTED], WORDS[40 + number // CHARTED], WORDS[60 + number // CHARTED])
        draft.figure(intervals(f"chart-{number}", WORDS[80 + number // CHARTED], axes, points))
    for number, text in enumerate(SAYABLE):
        draft.claim(
            f"claim-{number}", text + " is {x}, of " + f"{{{text}|identifier}}", {"x": whole}, "x.low > 0 tok/s"
        )
        draft.finding(f"finding_{number}", first / second, text)
    draft.ranking("ranking", WORDS[19], arms, higher_is_better=True)


PROSE = """---
title: A hostile report
---
{% extends "report.md.j2" %}
{% block summary %}
{% for id in claims %}
- {{ claim(id) }}
{% endfor %}
{% endblock %}
{% block results %}
{{ show("words") }}
{{ show("literals") }}
CHARTS
{% for name in v %}
- {{ v[name] }}
{% endfor %}
{% endblock %}
{% block no_difference %}{% endblock %}
{% block verdict %}{% endblock %}
{% block limitations %}{% endblock %}
"""


def make_project(folder: Path) -> Path:
    """A project with this one's templates and assets, and one report. Returns its configuration."""
    for name in ("templates", "docs/assets", "docs/guides", "docs/series", "data/cited"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "hooks").mkdir()
    shutil.copyfile(ROOT / "hooks" / "site.py", folder / "hooks" / "site.py")
    charts = "\n".join(f'{{{{ chart("chart-{number}") }}}}' for number in range(0, len(HOSTILE), CHARTED))
    (folder / "docs" / "reports").mkdir()
    (folder / "docs" / "reports" / "tr108.md").write_text(PROSE.replace("CHARTS", charts))
    errors = (Broken("x.md", text, UsageError(text)).markdown for text in HOSTILE)
    unscanned = '<div data-lit="identifier" markdown="1">\n\n{}\n</div>\n'
    (folder / "docs" / "errors.md").write_text(unscanned.format("\n".join(errors)))
    configuration = (ROOT / "mkdocs.yml").read_text().replace("omitted_files: warn", "omitted_files: ignore")
    path = folder / "mkdocs.yml"
    path.write_text(re.sub(r"(?s)\nnav:\n.*", "\nnav:\n  - Reports: reports\n", configuration))
    return path


def _but_for_errors(text: str, name: str, demand: Callable[[str, str], None] = demand_markdown) -> None:
    """The errors stand on a handwritten page here, as HTML: on a real site, generated code writes them."""
    if not name.endswith("errors.md"):
        demand(text, name)


def main(folder: Path) -> None:
    """Makes everything below ``folder``; the site is in ``folder / "site"``."""
    make_hostile_dataset(folder / "recorded")
    configuration = make_project(folder / "project")
    hooks.build.compute.compute = lambda _report: compute
    hooks.build.prose_markup.demand_markdown = _but_for_errors
    logging.basicConfig(level=logging.WARNING)
    build(load_config(str(configuration), site_dir=str(folder / "site")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
