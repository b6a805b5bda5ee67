"""Notebook pages: ``docs/notebooks/<report>.py`` is run on the report's datasets, and what it printed is the page.

mkdocs-jupyter reads, runs and converts it; here that happens once for each dataset and each wording, so that a
build with nothing changed starts no kernel. A notebook that raises fails the build.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harness.errors import UsageError

from ..caching.store import Store, digest_files, key_of, libraries
from ..editions.edition import Edition
from ..rendering.page import Page

FOLDER = "notebooks"
DATASET, SUMMARY = "BINDERY_DATASET", "BINDERY_SUMMARY"


def render_notebook(source: Path, editions: Sequence[Edition], summary: bytes, store: Store) -> Page:
    """The page of one notebook, run on ``editions``; ``summary`` is the site's ``summary.json``.

    It finds the folders of the datasets in ``BINDERY_DATASET``, as in ``PATH``, and the summary in ``BINDERY_SUMMARY``.
    Raises ``UsageError`` with the last line of what went wrong in it.
    """
    key = key_of(digest_files([source]), [edition.digest for edition in editions], summary.decode(), libraries())
    datasets = os.pathsep.join(str(edition.folder) for edition in editions)
    made = store.json(
        "notebook", key, lambda: _run(source, datasets, store.file("summary", key, ".json", lambda: summary))
    )
    name = f"{FOLDER}/{source.stem}"
    title = made["markdown"].partition("\n")[0].lstrip("# ")
    assets = {f"{name}.ipynb": made["notebook"].encode()}
    foot = f"\n\n[This notebook as it was run]({source.stem}.ipynb)\n"
    return Page(f"{name}.md", title, made["markdown"] + foot, assets=assets, sources=(source,))


def _run(source: Path, datasets: str, summary: Path) -> dict[str, str]:
    import jupytext
    import nbformat
    from mkdocs_jupyter.nbconvert2 import get_nbconvert_app
    from nbclient.exceptions import CellExecutionError
    from nbconvert.exporters.markdown import MarkdownExporter
    from nbconvert.preprocessors import ExecutePreprocessor

    app = get_nbconvert_app(execute=True, kernel_name="python3", allow_errors=False)
    notebook = jupytext.read(source)
    app.config["ExecutePreprocessor"]["record_timing"] = False
    app.config["ExecutePreprocessor"]["extra_arguments"] = ["--log-level=ERROR"]
    with _environment({DATASET: datasets, SUMMARY: str(summary), "PYTHONHASHSEED": "0"}):
        try:
            ExecutePreprocessor(config=app.config).preprocess(notebook, {"metadata": {"path": str(source.parent)}})
        except CellExecutionError as error:
            raise UsageError(f"{source.name}: {error.ename}: {' '.join(str(error.evalue).split())}") from None
    _plain(notebook)
    app.config["ExecutePreprocessor"]["enabled"] = False
    markdown, _ = MarkdownExporter(config=app.config).from_file(io.StringIO(nbformat.writes(notebook)))
    return {"markdown": markdown.strip(), "notebook": nbformat.writes(notebook) + "\n"}


def _plain(notebook: Any) -> None:
    """Leaves out what differs from run to run: ids, and the version of the interpreter."""
    notebook.metadata = {"kernelspec": {"display_name": "Python", "language": "python", "name": "python3"}}
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata = {}


@contextmanager
def _environment(extra: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in extra}
    os.environ.update(extra)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
