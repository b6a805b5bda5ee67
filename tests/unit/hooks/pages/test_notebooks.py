"""Notebook pages: run once, kept, and held to what they compute."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from harness.errors import UsageError
from hooks.caching.store import Store
from hooks.editions.edition import Edition, open_edition
from hooks.pages.notebooks import render_notebook
from hooks.project import Project
from tests.support.projects import ROOT

NOTEBOOK = """# %% [markdown]
# # A title
# %%
import os
from pathlib import Path
print(sorted(path.name for path in Path(os.environ["BINDERY_DATASET"]).iterdir()))
"""


@pytest.fixture
def shown(recorded: Path) -> Edition:
    return open_edition(Project.at(ROOT, recorded), "tr108", "v1")


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "tr108.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_it_runs_once_and_shows_what_it_printed(tmp_path: Path, shown: Edition) -> None:
    store = Store(tmp_path / "store")
    before = dict(os.environ)
    page = render_notebook(written(tmp_path, NOTEBOOK), [shown], b"{}", store)
    assert page.title == "A title"
    assert "'runs.parquet'" in page.markdown
    assert store.misses == ["notebook", "summary"]
    again = render_notebook(tmp_path / "tr108.py", [shown], b"{}", store)
    assert (again.markdown, again.assets) == (page.markdown, page.assets)
    assert store.misses == ["notebook", "summary"]
    assert dict(os.environ) == before
    notebook = json.loads(page.assets["notebooks/tr108.ipynb"])
    assert [cell["id"] for cell in notebook["cells"]] == ["cell-0", "cell-1"]


def test_a_notebook_that_raises_names_its_error(tmp_path: Path, shown: Edition) -> None:
    source = written(tmp_path, NOTEBOOK + "raise ValueError('the report says 2')\n")
    with pytest.raises(UsageError, match=r"tr108\.py: ValueError: the report says 2"):
        render_notebook(source, [shown], b"{}", Store(tmp_path / "store"))
