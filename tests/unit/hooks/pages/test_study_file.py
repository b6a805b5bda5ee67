"""The page about study files shows each key that a file may hold, and its example is a study."""

from __future__ import annotations

import re
from pathlib import Path

from harness.design.toml_file import read_study
from harness.design.toml_reference import SETTINGS, TABLES, sections
from hooks.rendering.page import Rendered
from hooks.text.escaping import escape_markdown

PAGE = "guides/study-file.md"


def test_each_section_is_a_heading_with_a_row_for_each_key(rendered: Rendered) -> None:
    markdown = rendered.pages[PAGE].markdown
    for level, models in (("##", TABLES), ("###", SETTINGS)):
        for section in sections(models):
            after = markdown.split(f"{level} {escape_markdown(section.title)}\n")[1].split("\n#")[0]
            rows = re.findall(r"^\| `(\w+)` \|", after, re.MULTILINE)
            assert rows == [entry.name for entry in section.entries]


def test_its_example_is_a_study_with_a_load(rendered: Rendered, tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", rendered.pages[PAGE].markdown, re.DOTALL)
    path = tmp_path / "my-study.toml"
    path.write_text(example, encoding="utf-8")
    study = read_study(path)
    assert study.backend == "openai_http"
    assert {len(study.matrix(name.name).cells()) for name in study.profiles} == {2}
