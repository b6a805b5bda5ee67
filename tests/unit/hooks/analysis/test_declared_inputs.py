"""Declared inputs: dated, sourced numbers, refused in one line with file and line where something is missing."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from harness.errors import UnknownName, UsageError
from harness.units import USD_PER_KWH
from hooks.analysis.declared_inputs import declared_inputs
from hooks.analysis.recompute import recompute
from hooks.claims.evaluate import exact
from hooks.values.evidence import Strength
from hooks.values.questions import Input
from hooks.verify.reader.questions_json import StatedInput
from hooks.verify.recompute.inputs import declared, entries

FILE = """inputs:
  - id: electricity.commercial
    what: price of electricity for commerce
    value: "0.1310"
    unit: USD/kWh
    date: 2026-03-31
    region: United States
    source: a statistical office, its monthly, table 5.3
  - id: carbon.grid
    what: carbon intensity of the grid
    value: "369"
    unit: gCO2e/kWh
    date: 2025-12-31
    region: United States
    source: an agency, its summary
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "prices.yml").write_text(FILE, encoding="utf-8")
    return tmp_path


def test_an_input_keeps_the_digits_of_its_source(folder: Path) -> None:
    found = declared_inputs(folder).value("electricity.commercial")
    assert (found.text, found.unit, found.strength) == ("0.1310\u00a0USD/kWh", USD_PER_KWH, Strength.CITED)
    assert found.question == Input(
        name="electricity.commercial",
        date="2026-03-31",
        region="United States",
        source="a statistical office, its monthly, table 5.3",
    )
    assert exact(found)
    assert recompute(found, folder, folder) == found


def test_what_rests_on_an_input_is_cited_and_is_computed_again(folder: Path) -> None:
    inputs = declared_inputs(folder)
    ratio = inputs.value("carbon.grid") / inputs.value("electricity.commercial")
    assert ratio.strength is Strength.CITED
    assert recompute(ratio, folder, folder) == ratio


def test_an_unknown_input_lists_the_known(folder: Path) -> None:
    with pytest.raises(UnknownName, match=re.escape("carbon.grid")):
        declared_inputs(folder).value("carbon")
    with pytest.raises(UnknownName):
        declared_inputs(folder / "nowhere").value("carbon.grid")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("    date: 2026-03-31\n", "", r"prices\.yml:2: inputs\.0\.date: Field required"),
        ("    unit: USD/kWh\n", "", r"prices\.yml:2: inputs\.0\.unit: Field required"),
        ("    source: an agency, its summary\n", "", r"prices\.yml:9: inputs\.1\.source: Field required"),
        ("unit: USD/kWh", "unit: bitcoin/kWh", r"prices\.yml:5: inputs\.0\.unit: .*unknown unit 'bitcoin/kWh'"),
        ("unit: USD/kWh", "unit: EUR/kWh", r"prices\.yml:5: inputs\.0\.unit: .*unknown unit 'EUR/kWh'"),
        ("unit: USD/kWh", "unit: usd/kwh", r"prices\.yml:5: inputs\.0\.unit: .*unknown unit 'usd/kwh'"),
        *(
            ("date: 2026-03-31", f"date: {text}", r"prices\.yml:6: inputs\.0\.date: ")
            for text in ("last spring", "2026", "null", "2026-03-31T10:00:00+02:00", '"2026-03-31"')
        ),
        ("date: 2026-03-31", "date: 2026-02-30", r"prices\.yml:6: day is out of range"),
        ('value: "369"', f"value: {'9' * 5000}", r"prices\.yml:11: Exceeds the limit"),
        ("date: 2026-03-31", "date: 9999-12-31", r"prices\.yml:6: inputs\.0\.date: .*9999-12-31 is still to come"),
        ("unit: USD/kWh", "unit: USD/kWh\n    unit: USD/h", r"prices\.yml:6: unit stands twice"),
        ("  - id: carbon.grid", "    source: another\n  - id: carbon.grid", r"prices\.yml:9: source stands twice"),
        ("inputs:", "inputs: []\ninputs:", r"prices\.yml:2: inputs stands twice"),
        ('value: "369"', 'value: "about 369"', r"prices\.yml:11: inputs\.1\.value: .*is no number"),
        ('value: "369"', "value: 369", r"prices\.yml:11: inputs\.1\.value: "),
        *(
            ('value: "369"', f'value: "{text}"', r"prices\.yml:11: inputs\.1\.value: .*is no number")
            for text in (
                "inf",
                "nan",
                "-369",
                "1e400",
                "1e-400",
                "3_69",
                "\u0663\u0666\u0669",
                "",
                "0x10",
                "3,69",
                "1,369",
                "1 369",
                "\uff13\uff16\uff19",
                "369.",
                "1e3",
                "+369",
                "9" * 400,
                " 369",
            )
        ),
        ("source: an agency, its summary", 'source: " "', r"prices\.yml:15: inputs\.1\.source: "),
        ("region: United States", "regoin: United States", r"prices\.yml:"),
        ("id: carbon.grid", "id: electricity.commercial", r"prices\.yml:\d+: "),
        ("unit: USD/kWh", 'unit: ""', r"prices\.yml:5: inputs\.0\.unit: .*unknown unit ''"),
        ("unit: USD/kWh", "unit: USD/h", r"prices\.yml:5: inputs\.0\.unit: .*of the kind electricity is in USD/kWh"),
        ("unit: gCO2e/kWh", "unit: USD/kWh", r"prices\.yml:12: inputs\.1\.unit: .*of the kind carbon is in gCO2e"),
        ('value: "0.1310"', 'value: "0"', r"prices\.yml:4: inputs\.0\.value: .*'0' is no price"),
        ('value: "0.1310"', 'value: "0.00000001"', r"prices\.yml:4: inputs\.0\.value: .* is no price"),
        ('value: "369"', 'value: "999999999999999"', r"prices\.yml:11: inputs\.1\.value: .*more than any source"),
        ("    date: 2026-03-31", "\tdate: 2026-03-31", r"prices\.yml is no YAML: .*line 6"),
        ("inputs:", "inputs: []\n---\ninputs:", r"prices\.yml is no YAML: .*a single document"),
        ("date: 2026-03-31", "date: 2026-03-31 10:00:00", r"prices\.yml:6: inputs\.0\.date: "),
        ("region: United States", "region: *nowhere", r"prices\.yml is no YAML: .*undefined alias"),
        ("region: United States", "region: &a [*a]", r"prices\.yml:7: inputs\.0\.region: "),
        ("region: United States", "region: !!python/object/apply:os.system [x]", r"prices\.yml is no YAML"),
        ("inputs:", "? [a]\n: b\ninputs:", r"prices\.yml"),
        ("region: United States", "region: " + "[" * 100_000, r"prices\.yml"),
        ("region: United States", "region: \x00", r"prices\.yml is no YAML"),
        ("inputs:", "inputs: [", r"prices\.yml is no YAML"),
    ],
)
def test_a_wrong_declaration_is_one_line_with_file_and_line(folder: Path, old: str, new: str, line: str) -> None:
    (folder / "prices.yml").write_text(FILE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UsageError, match=line) as raised:
        declared_inputs(folder)
    assert "\n" not in str(raised.value)


def test_an_input_that_is_declared_twice_names_its_second_place(folder: Path) -> None:
    (folder / "more.yml").write_text(FILE.replace("carbon.grid", "carbon.other"), encoding="utf-8")
    with pytest.raises(
        UsageError, match=r"^prices\.yml:2: the input electricity\.commercial is declared twice; rename"
    ):
        declared_inputs(folder)


@pytest.mark.parametrize("name", ["prices.yaml", "prices.YML", "more.YAML"])
def test_a_file_of_another_ending_is_not_left_out_in_silence(folder: Path, name: str) -> None:
    (folder / name).write_text(FILE, encoding="utf-8")
    with pytest.raises(UsageError, match=rf"^{name} is not read; name it "):
        declared_inputs(folder)


def test_what_is_no_plain_file_is_one_line(folder: Path) -> None:
    (folder / "a.yml").mkdir()
    with pytest.raises(UsageError, match=r"^a\.yml cannot be read: Is a directory; make it"):
        declared_inputs(folder)
    (folder / "a.yml").rmdir()
    os.mkfifo(folder / "a.yml")
    with pytest.raises(UsageError, match=r"^a\.yml cannot be read: it is a pipe"):
        declared_inputs(folder)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + FILE,
        FILE.replace("\n", "\r\n"),
        FILE.replace("region: United States", "region: &here United States", 1).replace(
            "region: United States\n    source: an", "region: *here\n    source: an"
        ),
        FILE.replace("  - id: electricity", "  - &first\n    id: electricity").replace(
            "    region: United States\n    source: an agency", "    <<: *first\n    source: an agency"
        ),
    ],
)
def test_what_yaml_allows_says_the_same_to_both_readers(folder: Path, text: str) -> None:
    place = folder / "site" / "data" / "inputs"
    place.mkdir(parents=True)
    (place / "prices.yml").write_text(text, encoding="utf-8", newline="")
    for name in ("electricity.commercial", "carbon.grid"):
        ours = declared_inputs(place).value(name)
        asked = ours.question
        assert isinstance(asked, Input)
        stated = StatedInput(kind="input", name=asked.name, date=asked.date, region=asked.region, source=asked.source)
        theirs = declared(entries(folder / "site"), stated)
        assert (theirs.number, theirs.unit) == (ours.number, ours.unit)
        assert asked.region == "United States"
