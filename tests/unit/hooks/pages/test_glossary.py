"""The glossary defines every metric that a page can cite."""

from __future__ import annotations

import re
from html import unescape

import pytest

from harness.metrics import METRICS, OF_TOOLS
from hooks.pages.glossary import defined_at
from hooks.rendering.page import Rendered
from hooks.text.escaping import escape_markdown

PAGE, TOOLS = "methodology/metrics.md", "methodology/other-tools.md"
OF_TOOL = {metric.id for metrics in OF_TOOLS.values() for metric in metrics}
OURS = sorted(METRICS.keys() - OF_TOOL)


def test_it_defines_each_metric_once_and_no_other(rendered: Rendered) -> None:
    anchors = re.findall(r"^## .* \{ #(\S+) \}$", rendered.pages[PAGE].markdown, re.MULTILINE)
    assert anchors == OURS
    told = map(unescape, re.findall(r'^<tr id="([^"]+)">', rendered.pages[TOOLS].markdown, re.MULTILINE))
    assert sorted(told) == sorted(OF_TOOL)
    assert {name: defined_at(name) for name in ("ttft", "aiperf_duration")} == {
        "ttft": PAGE.removesuffix(".md"),
        "aiperf_duration": TOOLS.removesuffix(".md"),
    }


def test_each_metric_of_a_tool_says_what_it_is(rendered: Rendered) -> None:
    page = rendered.pages[TOOLS].markdown
    for name in sorted(OF_TOOL):
        metric, line = METRICS[name], page.split(f'<tr id="{escape_markdown(name)}">')[1].partition("\n")[0]
        for text in (metric.name, metric.formula, metric.applicability, metric.unit.symbol or "a plain number"):
            assert escape_markdown(text) in line
        assert f"<code>{escape_markdown(name)}</code>, " in line


@pytest.mark.parametrize("name", OURS)
def test_each_definition_is_complete(rendered: Rendered, name: str) -> None:
    metric = METRICS[name]
    section = rendered.pages[PAGE].markdown.split(f"{{ #{name} }}")[1].split("\n## ")[0]
    others = [words for tool, definition in metric.in_other_tools for words in (tool, definition)]
    for text in (metric.formula, metric.applicability, metric.unit.symbol or "a plain number", *others):
        assert escape_markdown(text) in section
    assert f"`{name}`" in section
    assert f">{metric.version}</span>" in section


def test_what_other_tools_mean_by_the_same_word_stands_in_the_table(rendered: Rendered) -> None:
    section = rendered.pages[PAGE].markdown.split("{ #ttft }")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    assert [row.split("|")[1].strip() for row in rows[-5:]] == [
        "Better",
        *(f"The same word in {tool}" for tool in ("vLLM", "guidellm", "AIPerf", "MLPerf")),
    ]
    assert METRICS["ttft"].in_other_tools
