"""The referee finds a row of Compare, Advisor or History that says something else than the reports and the runs.

Every tampering leaves all numbers as they were, and is tried against the one check that has to find it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hooks.verify import verify

COMPARED, ADVICE, HISTORY = "compared results", "advice", "history"
PAGES = {COMPARED: "compare/ttft.html", ADVICE: "advisor.html", HISTORY: "history/tr108.html"}
ROW = r"<tr[ >](?:(?!<tr[ >]).)*?</tr>"


@pytest.fixture(scope="module")
def site(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, for each test edits it and takes that back."""
    return Path(shutil.copytree(built_site, tmp_path_factory.mktemp("results") / "site"))


@contextmanager
def edited(path: Path, edit: Callable[[str], str]) -> Iterator[None]:
    before = path.read_text(encoding="utf-8")
    after = edit(before)
    assert after != before
    path.write_text(after, encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")


def found(site: Path, check: str, edit: Callable[[str], str]) -> list[str]:
    with edited(site / PAGES[check], edit):
        return [str(one.problem) for one in verify(site, only=[check]).mismatches]


def within(start: str, pattern: str, new: str) -> Callable[[str], str]:
    """The first match of ``pattern`` after ``start``, in its body, replaced."""

    def edit(page: str) -> str:
        place = page.index("<tbody", page.index(start))
        return page[:place] + re.sub(pattern, new, page[place:], count=1, flags=re.DOTALL)

    return edit


def test_the_pages_as_they_were_built_pass(site: Path) -> None:
    report = verify(site, only=list(PAGES))
    assert report.mismatches == []
    assert all(report.examined[check] > 3 for check in PAGES)


@pytest.mark.parametrize(
    ("pattern", "new", "said"),
    [
        (ROW, "", "is left out"),
        (f"({ROW})", r"\1\1", "is shown twice"),
        (r"threads 2", "threads 1", "levels is “threads 1"),
        (r"pooled over layers for a GPU", "pooled over nothing", "levels is"),
        (r"one request at a time", "two agents at once", "workload is"),
        (r"llama(\.|&#46;)cpp", "pytorch", "engine is “pytorch”"),
        (r'data-lit="?identifier"?>Gemma', r'data-lit="identifier">other', "model is"),
        (r"<td>Machine A</td>", "<td>Machine B</td>", "its machine or its audit"),
        (r'data-audit="[a-z ]+"', 'data-audit="passed, all of it"', "its machine or its audit"),
        (r'href="../reports/tr108.html"', 'href="../reports/tr110.html"', "does not state it"),
        (r"TR108", "TR109", "does not state it"),
    ],
)
def test_a_false_row_of_results_is_found(site: Path, pattern: str, new: str, said: str) -> None:
    problems = found(site, COMPARED, within('id="table-results"', pattern, new))
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("pattern", "new", "said"),
    [
        (r"Synthetic CPU", "Faster CPU", "the hardware is"),
        (r'data-audit="[a-z ]+"', 'data-audit="passed, all of it"', "the audit is"),
        (r"TR108", "TR109", "is the name of no report"),
    ],
)
def test_a_false_machine_is_found(site: Path, pattern: str, new: str, said: str) -> None:
    problems = found(site, COMPARED, within('id="table-measured"', pattern, new))
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("pattern", "new", "said"),
    [
        (ROW, "", "is left out"),
        (r"<strong>.*?</strong>", "<strong>threads 1</strong>", "recommended is"),
        (r' data-best=?"?"?', "", "marked as something else"),
        (r'(b-note-line">)llama\.cpp', r"\1PyTorch", "engine is “PyTorch”, the claim says “llama.cpp”"),
        (r"time to first token|decode rate", "time per output token", "what matters is"),
        (r"threads 1</span></td>", "threads 8</span></td>", "better than is"),
        (r"--only", "--with", "command is"),
        (r'data-state="supported"', 'data-state="not settled"', "the badge is another"),
        (r'bc-state">supported', 'bc-state">contradicted', "the badge says"),
        (r"more than|faster", "slower", "the claim says"),
        (r"one request at a time", "one agent", "workload is"),
        (r"Synthetic CPU", "Faster CPU", "the hardware is"),
    ],
)
def test_false_advice_is_found(site: Path, pattern: str, new: str, said: str) -> None:
    problems = found(site, ADVICE, within('id="table-advice"', pattern, new))
    assert any(said in problem for problem in problems), problems


def test_advice_without_a_supported_claim_is_found(site: Path) -> None:
    """The page recommends what its report no longer calls supported."""
    with edited(site / "reports/tr108/values.json", lambda text: text.replace('"supported"', '"not settled"')):
        problems = [str(one.problem) for one in verify(site, only=[ADVICE]).mismatches]
    assert any("the claim says “no recommendation”" in problem for problem in problems), problems
    assert any("it counts" in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("start", "pattern", "new", "said"),
    [
        ('id="table-sessions-tr108"', ROW, "", "it lists the sessions"),
        ('id="table-sessions-tr108"', r"host A", "host B", "is of another host than host B"),
        ('id="table-sessions-tr108"', r"(data-lit=\"date\">)20", r"\g<1>30", "it was 20"),
        ('id="table-sessions-tr108"', r"Synthetic CPU", "Faster CPU", "Faster CPU"),
        ('id="table-sessions-tr108"', r"v1/manifest", "v2/manifest", "not to /tr108/v1/manifest.json"),
        ('id="figure-tr108-ttft"', ROW, "", "it leaves out tr108/v1"),
        ('id="figure-tr108-ttft"', f"({ROW})(\\s*)({ROW})", r"\3\2\1", "not in their order"),
        ('id="figure-tr108-ttft"', r"v1, (2026-01-02)", r"v2, \1", "is called"),
    ],
)
def test_a_false_history_is_found(site: Path, start: str, pattern: str, new: str, said: str) -> None:
    problems = found(site, HISTORY, within(start, pattern, new))
    assert any(said in problem for problem in problems), problems


def test_a_finding_or_a_caption_that_is_not_the_rules_is_found(site: Path) -> None:
    for old, new in (("too few sessions to judge", "no change found"), (">time to first token<", ">decode rate<")):
        problems = found(site, HISTORY, lambda page, old=old, new=new: page.replace(old, new, 1))  # type: ignore[misc]
        assert problems, old


def test_a_hint_that_promises_what_no_claim_does_is_found(site: Path) -> None:
    problems = found(site, ADVICE, lambda page: page.replace("or none whose number keeps", "but any keeps", 1))
    assert any("where no row is left it says “Nothing is recommended here" in one for one in problems), problems


def test_a_page_that_leaves_its_table_out_is_found(site: Path, tmp_path: Path) -> None:
    shutil.copytree(site, tmp_path / "site")
    for check, name in PAGES.items():
        path = tmp_path / "site" / name
        page = re.sub(r"<tbody>.*?</tbody>", "<tbody></tbody>", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        path.write_text(page, encoding="utf-8")
        assert not verify(tmp_path / "site", only=[check]).passed, name
