"""The registry of the series: its texts hold no typed number, its references lead somewhere, nothing is left out."""

import shutil
from pathlib import Path

import pytest

from harness.errors import UnknownName, UsageError
from hooks.cited import Cited, load_cited
from hooks.series import Series, load_series
from hooks.series.markup import Code, Quote, Report, parse
from hooks.text.placeholders import Literal, Words

ROOT = Path(__file__).resolve().parents[4]
CITED, FOLDER = ROOT / "data" / "cited", ROOT / "docs" / "series"
EXPECTED = [*(f"tr{number}" for number in range(108, 117)), "tr117-agents", *(f"tr{n}" for n in range(117, 124))]


@pytest.fixture(scope="module")
def cited() -> Cited:
    return load_cited(CITED)


@pytest.fixture(scope="module")
def series(cited: Cited) -> Series:
    return load_series(cited, FOLDER)


def test_parts_of_a_text() -> None:
    parts = parse("Peak {tr110.peak_efficiency} on {11434|setting}, see {@tr110}: {=#[tokio::main]}")
    assert [type(part) for part in parts] == [Words, Quote, Words, Literal, Words, Report, Words, Code]
    assert parts[3] == Literal("11434", parts[3].kind)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text", ["99.25% peak", "half: ½", "{99.25}", "{12|measurement}", "{peak}", "{tr110.Peak Efficiency}", "{}"]
)
def test_a_typed_number_or_a_stray_placeholder_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"typed number|placeholder"):
        parse(text)


def test_all_seventeen_reports_in_order(series: Series) -> None:
    assert list(series.entries) == EXPECTED
    assert [step.report for step in series.together.progression] == EXPECTED
    assert [entry.order for entry in series] == list(range(1, 18))


def test_every_figure_with_digits_is_shown_somewhere(series: Series, cited: Cited) -> None:
    unseen = {figure.id for figure in cited if figure.printed} - series.cites()
    assert unseen == set()


def test_every_report_is_in_the_graph(series: Series) -> None:
    edges = series.together.relations
    assert {end for edge in edges for end in (edge.source, edge.target)} == set(EXPECTED)
    order = {report: number for number, report in enumerate(EXPECTED)}
    assert all(order[edge.target] < order[edge.source] for edge in edges)


def test_the_guides_and_the_insights_are_complete(series: Series) -> None:
    together = series.together
    assert [guide.title for guide in together.guides] == [
        "For performance engineers",
        "For language comparison",
        "For production deployment",
    ]
    assert [len(group.items) for group in together.insights] == [3, 5, 6]
    assert [len(group.items) for group in together.recommendations] == [4, 7]


def broken(tmp_path: Path, name: str, old: str, new: str) -> Path:
    folder = tmp_path / "series"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("tr110.yml", "focus: Concurrent", "focus: 2 concurrent", r"tr110\.yml:\d+: focus"),
        ("tr110.yml", "focus:", "fokus:", r"tr110\.yml"),
        ("tr110.yml", "order: 3", "order: 4", "renumber"),
        ("tr110.yml", "order: 3", "order: [", r"tr110\.yml is no YAML"),
        ("series.yml", "kind: ports", "kind: likes", r"series\.yml:\d+: relations"),
    ],
)
def test_a_wrong_entry_names_its_file(
    tmp_path: Path, cited: Cited, name: str, old: str, new: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        load_series(cited, broken(tmp_path, name, old, new))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("series.yml", "target: tr108}", "target: tr107}"),
        ("series.yml", "({@tr109})", "({@tr199})"),
        ("tr110.yml", "{tr110.contention}", "{tr110.contentions}"),
    ],
)
def test_a_reference_to_nothing_is_refused(tmp_path: Path, cited: Cited, name: str, old: str, new: str) -> None:
    with pytest.raises(UnknownName):
        load_series(cited, broken(tmp_path, name, old, new))


def test_a_word_leads_to_one_report(series: Series) -> None:
    words = [word.lower() for entry in series for word in entry.sought]
    assert len(words) == len(set(words)) > 50
    assert all(entry.sought for entry in series)
