"""A notebook that is not its program, or whose page says something else, is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hooks.verify.agreement.notebook_files import check
from hooks.verify.reader.site import Site

PROGRAM = "# %% [markdown]\n# # A finding\n#\n# It is redone.\n\n# %%\n# in ms\nprint(1 < 2)\n"
CELLS = [
    {"cell_type": "markdown", "source": ["# A finding\n", "\n", "It is redone."]},
    {"cell_type": "code", "source": ["# in ms\n", "print(1 < 2)"], "outputs": [{"text": ["True\n"]}]},
]
PAGE = "<article><h1>A finding</h1><pre># in ms\nprint(<b>1</b> &lt; 2)</pre><pre>True</pre></article>"


def problems(folder: Path, program: str, notebook: str, page: str) -> list[str | None]:
    for ending, text in ((".py", program), (".ipynb", notebook), (".html", page)):
        if text:
            (folder / f"redo{ending}").write_text(text, encoding="utf-8")
    return [one.problem for one in check(Site(folder))]


def test_three_that_say_the_same_are_right(tmp_path: Path) -> None:
    assert problems(tmp_path, PROGRAM, json.dumps({"cells": CELLS}), PAGE) == [None]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (0, "1 < 2", "1 < 3", "it is not its program: “inmsprint(1<2)”"),
        (0, "redone", "made up", "it is not its program: “#AfindingItisredone.”"),
        (0, "print", "x = 1\nprint", "it is not its program"),
        (1, "1 < 2", "1 < 3", "it is not its program: “inmsprint(1<3)”"),
        (1, "True", "False", "its page does not say “False”"),
        (2, "True", "False", "its page does not say “True”"),
        (2, "&lt; 2", "&lt; 3", "its page does not say “# in ms"),
        (0, PROGRAM, "", "it cannot be read, or its program"),
        (1, "cells", "cell", "it cannot be read"),
        (2, PAGE, "", "it has no page"),
    ],
)
def test_another_one_is_found(tmp_path: Path, file: int, old: str, new: str, said: str) -> None:
    texts = [PROGRAM, json.dumps({"cells": CELLS}), PAGE]
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new)
    (found,) = problems(tmp_path, *texts)
    assert said in str(found)
