"""Templates compile once in a process; a changed one, and one of another folder, is what its own file says."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment

from hooks.rendering.environment import environment, explain


class _Output:
    """What a page's scope is to a template that shows plain text."""

    def output(self, item: object) -> object:
        return item


def shown(templates: Path) -> str:
    return environment(templates).get_template("page.html").render(scope=_Output(), word="a")


def test_a_template_is_compiled_once_and_again_where_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    really = Environment.compile

    def counted(self: Environment, source: str, *rest: object) -> object:
        compiled.append(source)
        return really(self, source, *rest)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", counted)
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "page.html").write_text("{{ word }} of a test")
    assert [shown(tmp_path / place) for place in ("one", "two", "one")] == ["a of a test"] * 3
    (tmp_path / "one" / "page.html").write_text("{{ word }} that changed")
    assert [shown(tmp_path / place) for place in ("one", "two")] == ["a that changed", "a of a test"]
    assert compiled == ["{{ word }} of a test", "{{ word }} that changed", "{{ word }} of a test"]


def test_an_error_names_the_line_of_its_own_file(tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        file = tmp_path / place / "page.html"
        file.write_text("{% macro m() %}\n{{ missing }}\n{% endmacro %}\n{{ m() }}")
        with pytest.raises(Exception, match="missing") as caught:
            shown(tmp_path / place)
        assert explain(caught.value, file, str(file)).startswith("page.html:2: ")
