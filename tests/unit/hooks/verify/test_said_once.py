"""What a page says once for several elements is said of each where the page is read."""

from __future__ import annotations

from pathlib import Path

from hooks.verify.reader.document import Document

PAGE = """<html><body><article>
<p><a href="#n-1"><data value="2">2</data> <span>(<data value="1">1</data>–<data value="3">3</data>)</span></a>
<a href="#n-1"><data value="1" data-part="low">1</data></a></p>
<table><thead><tr><th>number</th><th>what</th><th data-cells="setting">kept</th><th data-part="n">runs</th>
<th data-cells="identifier">id</th></tr></thead><tbody data-dataset="a/v1">
<tr id="n-1"><td><data value="2">2</data> (<data value="1">1</data>–<data value="3">3</data>)</td>
<td rowspan="2"><data value="5">5</data></td><td>threads 1</td><td><data value="6">6</data></td><td>1</td></tr>
<tr id="n-2" data-dataset=""><td><data value="4">4</data></td><td></td><td><data value="6">6</data></td><td>2</td></tr>
<tr id="n-3"><td><data value="4">4</data></td><td>x</td><td data-lit="date">2026</td><td></td><td>3</td></tr>
</tbody></table></article></body></html>"""


def read(tmp_path: Path) -> Document:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return Document.read(tmp_path, path)


def test_an_interval_follows_its_number(tmp_path: Path) -> None:
    parts = [(data.text, data.get("data-part")) for data in read(tmp_path).body.iter("data")]
    assert parts == [
        *(("2", None), ("1", "low"), ("3", "high"), ("1", "low")),
        *(("2", None), ("1", "low"), ("3", "high"), ("5", None), ("6", "n")),
        *(("4", None), ("6", "n"), ("4", None)),
    ]


def test_a_heading_declares_its_column_past_cells_that_span_rows(tmp_path: Path) -> None:
    declared = [(one.text, one.get("data-lit")) for one in read(tmp_path).body.xpath(".//*[@data-lit]")]
    assert declared == [
        *(("threads 1", "setting"), ("1", "identifier")),
        ("2", "identifier"),
        *(("2026", "date"), ("3", "identifier")),
    ]


def test_rows_name_the_dataset_of_their_table_unless_they_say_another(tmp_path: Path) -> None:
    assert [row.get("data-dataset") for row in read(tmp_path).body.xpath(".//tbody/tr")] == ["a/v1", "", "a/v1"]
