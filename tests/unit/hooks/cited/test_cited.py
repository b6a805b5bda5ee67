"""Cited figures: what a file may say, and what a printed figure leaves open."""

import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from harness.errors import UnknownName, UsageError
from hooks.cited import Cited, Figure, load_cited
from hooks.cited.bounds import Bounds, allowed, around
from hooks.cited.figure import CitedFile, label_of
from hooks.cited.quantities import QuantityFile
from hooks.cited.quotation import quotation, quoted_values
from hooks.values.evidence import Strength

CITED = Path(__file__).resolve().parents[4] / "data" / "cited"


@pytest.fixture(scope="module")
def cited() -> Cited:
    return load_cited(CITED)


def declared(**fields: Any) -> dict[str, Any]:
    """A figure of a file, with ``fields`` changed."""
    return {
        "id": "tr110.peak",
        "quantity": "overlap_efficiency",
        "statistic": "peak",
        "value": "99.25",
        "unit": "%",
        "places": [{"in": "tr110: Key findings", "text": "99.25% efficiency"}],
    } | fields


def figure(**fields: Any) -> Figure:
    return Figure.model_validate(declared(**fields))


def test_every_report_of_the_series_has_its_file(cited: Cited) -> None:
    names = {path.stem for path in CITED.glob("*.yml")} - {"quantities", "index"}
    assert names == {f"tr{number}" for number in range(108, 124)} | {"tr117-agents"}
    assert len(cited) > 180


def test_printed_digits_survive(cited: Cited) -> None:
    assert cited.figure("tr113.mean_efficiency").printed == ("72.0",)
    (value,) = quoted_values(cited.figure("tr113.mean_efficiency"), cited.quantities["overlap_efficiency"])
    assert value.text == "72.0\u00a0%"
    assert value.strength is Strength.CITED
    assert value.name == "tr113.mean_efficiency"
    assert "TR113, Key findings" in value.source


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"surprise": 1}, "surprise"),
        ({"value": 99.25}, "valid string"),
        ({"value": "about 99"}, "no number"),
        ({"value": "nan"}, "not finite"),
        ({"range": ["1", "2"]}, "exactly one of"),
        ({"value": None}, "exactly one of"),
        ({"value": None, "direction": "less"}, "needs the comparison"),
        ({"value": None, "range": ["1", "2"], "limit": "below"}, "limit belongs"),
        ({"statistic": "count"}, "names its statistic"),
        ({"statistic": "typical"}, "statistic"),
        ({"places": []}, "places"),
        ({"places": [{"in": "somewhere", "text": "x"}]}, "places"),
        ({"qualifiers": {"langauge": "rust"}}, "langauge"),
        ({"comparison": {"operation": "difference", "of": {"servers": 1}}}, "names `against`"),
        ({"id": "peak"}, "id"),
    ],
)
def test_a_figure_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        figure(**fields)


def test_a_figure_belongs_in_the_file_of_its_report() -> None:
    with pytest.raises(ValidationError, match="another file"):
        CitedFile.model_validate({"report": "tr111", "figures": [declared()]})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"quantity": "efficiency"}, "not in quantities.yml"),
        ({"unit": "ms"}, "does not fit"),
        ({"unit": "furlongs"}, "unknown unit"),
        ({"computed_from": {"operation": "sum", "of": ["tr110.nothing"]}}, "not declared"),
    ],
)
def test_a_file_that_does_not_fit_names_the_figure(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    (tmp_path / "quantities.yml").write_bytes((CITED / "quantities.yml").read_bytes())
    (tmp_path / "tr110.yml").write_text(yaml.safe_dump({"report": "tr110", "figures": [declared(**change)]}))
    with pytest.raises(UsageError, match=message) as raised:
        load_cited(tmp_path)
    assert "tr110.peak" in str(raised.value)


def test_a_duplicate_and_a_missing_vocabulary_are_one_line_errors(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"quantities\.yml is missing"):
        load_cited(tmp_path)
    (tmp_path / "quantities.yml").write_bytes((CITED / "quantities.yml").read_bytes())
    (tmp_path / "tr110.yml").write_text(yaml.safe_dump({"report": "tr110", "figures": [declared(), declared()]}))
    with pytest.raises(UsageError, match="declared twice"):
        load_cited(tmp_path)
    (tmp_path / "tr110.yml").write_text("report: [")
    with pytest.raises(UsageError, match=r"tr110\.yml is no YAML"):
        load_cited(tmp_path)


def test_a_quantity_is_measured_or_says_why_not() -> None:
    quantity = {"id": "speed", "name": "speed", "definition": "speed", "unit": "tok/s"}
    with pytest.raises(ValidationError, match="name its metric"):
        QuantityFile.model_validate({"quantities": [quantity], "requires": {}})
    with pytest.raises(ValidationError, match="equivalence"):
        QuantityFile.model_validate({"quantities": [quantity | {"metric": "speed"}], "requires": {}})


def test_an_unknown_figure_lists_what_there_is(cited: Cited) -> None:
    with pytest.raises(UnknownName, match=r"tr110\.peak_efficiency"):
        cited.figure("tr110.efficiency")


def test_the_figures_of_a_report_are_its_own_and_those_in_its_entry(cited: Cited) -> None:
    names = {item.id for item in cited.of("tr113")}
    assert {"tr113.peak_efficiency", "tr110.mean_efficiency_in_tr113"} <= names
    assert "tr110.mean_efficiency_in_tr114" not in names


@pytest.mark.parametrize(
    ("fields", "low", "high"),
    [
        ({"value": "99.25"}, 0.99245, 0.99255),
        ({"value": "72.0"}, 0.7195, 0.7205),
        ({"value": "91", "approximate": True}, 0.89, 0.93),
        ({"value": None, "range": ["10", "15"]}, 0.095, 0.155),
        ({"value": "86", "limit": "at_most"}, -math.inf, 0.865),
        ({"value": "1", "limit": "below"}, -math.inf, 0.01),
        ({"value": "60", "limit": "at_least"}, 0.595, math.inf),
        ({"value": "100", "limit": "above"}, 1.0, math.inf),
    ],
)
def test_what_a_figure_leaves_open(cited: Cited, fields: dict[str, Any], low: float, high: float) -> None:
    (bounds,) = allowed(figure(**fields), cited.quantities["overlap_efficiency"])
    assert bounds.ends == pytest.approx((low, high))


def test_settings_are_exact_and_alternatives_stay_apart(cited: Cited) -> None:
    exact = figure(quantity="optimal_num_gpu", unit="", statistic="optimum", value=None, values=["80", "100"])
    assert around(exact, cited.quantities["optimal_num_gpu"]) == (Bounds(80, 80), Bounds(100, 100))


def test_quotations_keep_sign_dash_and_about(cited: Cited) -> None:
    def plain(name: str) -> str:
        found = cited.figure(name)
        pieces = quotation(found, cited.quantity(found))
        return "".join(
            piece if isinstance(piece, str) else piece.value.text if piece.form == "text" else piece.value.figure
            for piece in pieces
        ).replace("\u00a0", " ")

    assert plain("tr116.efficiency_vs_python") == "+12–17 pp"
    assert plain("tr112.memory_rust") == "~75 MB"
    assert plain("tr114.optimal_num_gpu") == "80/100"
    assert plain("index.equivalent_throughput") == "no difference"
    assert plain("tr118.prefill_vs_baseline") == "−87.08 %"


def test_labels() -> None:
    assert (label_of("tr108"), label_of("tr117-agents")) == ("TR108", "TR117 (agents)")


def changed(folder: Path, old: str, new: str) -> Path:
    """The cited figures with one text replaced, wherever it stands."""
    for path in CITED.iterdir():
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(text if path.suffix == ".txt" else text.replace(old, new), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('value: "114.54"', 'value: "914.54"', "the number 914.54 stands in no quotation of it"),
        ("GPU=80, CTX=512 optimal", "GPU=90, CTX=512 optimal", "stands in no line of technical_reports_index.md"),
    ],
)
def test_a_figure_stands_in_its_quotation_and_that_in_its_source(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        load_cited(changed(tmp_path, old, new))


def test_a_source_that_is_gone_or_damaged_is_one_line(tmp_path: Path) -> None:
    changed(tmp_path, "", "")
    (tmp_path / "source.txt").write_text("nothing\n")
    with pytest.raises(UsageError, match=r"source\.txt:1: not a line of a source"):
        load_cited(tmp_path)
    (tmp_path / "source.txt").unlink()
    with pytest.raises(UsageError, match=r"source\.txt cannot be read"):
        load_cited(tmp_path)
