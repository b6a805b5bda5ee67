"""What a change makes again, counted and not timed: content computed anew, and pages that came out different."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.benchmarks.scale_corpus import Corpus, edit_manifest, edit_sentence, write_corpus
from tests.benchmarks.scale_study import scale_study
from tests.benchmarks.scale_tables import write_dataset

REPORTS = 3
EDITED = "reports/tr109.md"
ABOUT_ALL = 4
"""The pages about all reports are filled together, but Compare, Advisor and History, each by itself."""

OTHERS = {"reports/tr108.md", "reports/tr110.md"}
PROBE = """
import hashlib, json
from pathlib import Path
from hooks.build.builder import Builder
from hooks.project import Project
builder = Builder(Project.at(Path("."), Path("../data")))
rendered = builder.render()
pages = {path: hashlib.sha256(page.markdown.encode()).hexdigest() for path, page in rendered.pages.items()}
print(json.dumps({"misses": builder.store.misses, "pages": pages, "broken": [str(b.error) for b in rendered.broken]}))
"""


@dataclass(frozen=True, slots=True)
class Rendering:
    """What the store could not answer, by kind, and each page's hash."""

    misses: Counter[str]
    pages: dict[str, str]

    def changed(self, before: Rendering) -> set[str]:
        return {path for path in self.pages | before.pages if self.pages.get(path) != before.pages.get(path)}


def render(corpus: Corpus) -> Rendering:
    """Renders in a fresh process, as each build does."""
    environment = {**os.environ, "PYTHONPATH": str(corpus.project)}
    ran = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=corpus.project, env=environment, capture_output=True, text=True, check=True
    )
    found = json.loads(ran.stdout)
    assert found["broken"] == []
    return Rendering(Counter(found["misses"]), found["pages"])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return write_corpus(tmp_path_factory.mktemp("scale") / "corpus", reports=REPORTS, rows=1000)


def test_each_change_makes_only_its_own_again(corpus: Corpus) -> None:
    cold = render(corpus)
    assert cold.misses["content"] == REPORTS
    unchanged(corpus, cold)
    sentence(corpus, cold)
    reworded(corpus)
    retitled(corpus)
    asked(corpus)
    manifest(corpus)
    version(corpus)


def unchanged(corpus: Corpus, cold: Rendering) -> None:
    again = render(corpus)
    assert again.misses.total() == 0
    assert again.changed(cold) == set()


def sentence(corpus: Corpus, cold: Rendering) -> None:
    edit_sentence(corpus, "tr109", "Another sentence stands here.")
    edited = render(corpus)
    assert edited.misses == {"page": 1}
    assert edited.changed(cold) == {EDITED}


def edit_module(corpus: Corpus, old: str, new: str) -> Rendering:
    """Renders after a change of the module of one report."""
    path = corpus.project / "hooks" / "reports" / "tr109.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return render(corpus)


def reworded(corpus: Corpus) -> None:
    """A claim's sentence and a definition: the module runs again over what it asked before, and draws nothing."""
    earlier = render(corpus)
    edited = edit_module(corpus, "waits {{ratio}} as long as a warm one", "takes {{ratio}} the time of a warm one")
    assert edited.misses["content"] == 1
    assert not {"answers", "drawing"} & edited.misses.keys()
    assert EDITED in edited.changed(earlier)
    assert not OTHERS & edited.changed(earlier)


def retitled(corpus: Corpus) -> None:
    """The title of a chart is drawn: that chart alone is drawn again."""
    edited = edit_module(corpus, "duration of a request", "time of a request")
    assert edited.misses["drawing"] == 2, "a wide and a narrow one"
    assert "answers" not in edited.misses


def asked(corpus: Corpus) -> None:
    """Only a question that was never asked is answered from the dataset."""
    new = 'cells = _cells(draft)\n    draft.finding("asked", draft.data.value("ttft", {}, across="mean"))'
    edited = edit_module(corpus, "cells = _cells(draft)", new)
    assert edited.misses["answers"] == 1
    assert "drawing" not in edited.misses


def manifest(corpus: Corpus) -> None:
    earlier = render(corpus)
    edit_manifest(corpus, "tr109", cpu_model="Another Synthetic CPU")
    edited = render(corpus)
    assert edited.misses["content"] == 1
    assert edited.misses["page"] == 1 + ABOUT_ALL
    assert EDITED in edited.changed(earlier)
    assert not OTHERS & edited.changed(earlier)


def version(corpus: Corpus) -> None:
    earlier = render(corpus)
    write_dataset(corpus.data, scale_study("tr109"), 1000, seed=7, version=2)
    newer = render(corpus)
    assert newer.misses["content"] == 1
    assert newer.misses["page"] == 2 + ABOUT_ALL, "its own page and that of its history"
    assert EDITED in newer.changed(earlier)
    assert not OTHERS & newer.changed(earlier)
