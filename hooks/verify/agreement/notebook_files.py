"""A notebook is three times in the site, as its program, as it was run and as a page: all of them say the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..reader.mismatches import Examined
from ..reader.plain_files import plain_files
from ..reader.site import Site


def check(site: Site) -> Iterator[Examined]:
    """Looks at every notebook that was run."""
    texts = {document.name: _bare(document.body.text_content()) for document in _pages(site)}
    for path in plain_files(site.root, "*.ipynb"):
        name = path.relative_to(site.root).as_posix()
        program = path.with_suffix(".py")
        page = texts.get(path.with_suffix(".html").relative_to(site.root).as_posix())
        try:
            cells = json.loads(path.read_bytes())["cells"]
            problem = _problem(cells, _words(program), page)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            problem = "it cannot be read, or its program"
        yield Examined(name, problem)


def _pages(site: Site) -> Iterator[Any]:
    return (one for one in site.documents if (site.root / one.name).with_suffix(".ipynb").is_file())


def _words(program: Path) -> str:
    """A program without the marks of its cells and of its comments."""
    lines = program.read_text(encoding="utf-8").splitlines()
    return _bare(_uncommented("\n".join(line for line in lines if not line.startswith("# %%"))))


def _uncommented(text: str) -> str:
    return "\n".join(line.removeprefix("#") for line in text.splitlines())


def _problem(cells: Sequence[Mapping[str, Any]], program: str, page: str | None) -> str | None:
    sources = [_bare(_uncommented(_text(one)) if one["cell_type"] == "code" else _text(one)) for one in cells]
    if "".join(sources) != program:
        other = next((one for one in sources if one not in program), program)
        return f"it is not its program: “{other[:80]}”"
    if page is None:
        return "it has no page"
    for cell in cells:
        printed = ("".join(one.get("text", ())) for one in cell.get("outputs", ()))
        code = _text(cell) if cell["cell_type"] == "code" else ""
        for text in (code, *printed):
            if _bare(text) not in page:
                return f"its page does not say “{text[:80].strip()}”"
    return None


def _text(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"])


def _bare(text: str) -> str:
    return "".join(text.split())
