"""The referee finds a row that is named after another phase or another engine than its numbers are of."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from hooks.verify.meaning import headings, row_labels
from hooks.verify.reader.questions_json import StatedCalibration
from tests.support.questions import of_metric, stated

ENGINES = ("llama.cpp", "PyTorch")
ROWS = (
    ("prefill", "server_prefill_tps", "llama.cpp"),
    ("decode rate", "server_decode_tps", "PyTorch"),
    ("first token", "ttft", "PyTorch"),
)
PAGE = "".join(
    f'<tr><th>{phase}</th><td>{engine}</td><td><data data-v="{metric}">1 ms</data></td></tr>'
    for phase, metric, engine in ROWS
)
HEADS = "<th>phase</th><th>engine</th><th>speed (ms)</th>"
TABLE = f'<article><table id="table-phases"><thead><tr>{HEADS}</tr></thead><tbody>{PAGE}</tbody></table></article>'


def value(metric: str, engine: str) -> Any:
    question = stated(of_metric(metric, where=(("engine", (engine,)),), phase="measured", within="median"))
    return SimpleNamespace(question=question, unit="ms", number=1.0)


def site(text: str) -> Any:
    body = html.fromstring(text)
    page = SimpleNamespace(
        name="reports/tr900.html",
        documents=[SimpleNamespace(body=body)],
        stated=SimpleNamespace(values={metric: value(metric, engine) for _, metric, engine in ROWS}),
        shown=lambda element: element.get("data-v"),
    )
    return SimpleNamespace(pages=[page], datasets={}, samples=lambda _: None, once=lambda _, make: make())


def problems(check: Any, text: str) -> list[str]:
    return [str(one.problem) for one in check(site(text)) if one.problem]


def test_rows_of_their_phase_and_engine_are_right() -> None:
    assert problems(headings.check, TABLE) == []
    assert problems(row_labels.check, TABLE) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (">prefill<", ">decode rate<", "“decode rate”"),
        (">decode rate<", ">first token<", "“first token”"),
        (">first token<", ">prefill<", "“prefill”"),
        ('data-v="ttft"', 'data-v="server_prefill_tps"', "“first token”"),
    ],
)
def test_a_row_of_another_phase_is_found(old: str, new: str, said: str) -> None:
    assert TABLE.count(old) == 1
    (problem,) = problems(headings.check, TABLE.replace(old, new))
    assert problem.endswith(f"has a number of another metric than {said}")


@pytest.mark.parametrize(("old", "new"), [ENGINES, ENGINES[::-1]])
def test_a_row_of_another_engine_is_found(old: str, new: str) -> None:
    found = problems(row_labels.check, TABLE.replace(f">{old}<", f">{new}<", 1))
    assert found == [f"table-phases: a row is named “{new}”, its values are of engine {old}"]


@pytest.mark.parametrize(
    ("heading", "right"), [("mean (ms)", True), ("largest (ms)", False), ("one in a hundred exceeds (ms)", False)]
)
def test_a_heading_names_the_statistic_of_an_error_of_the_instrument(heading: str, right: bool) -> None:
    asked = StatedCalibration.model_validate(
        {
            "kind": "calibration",
            "dataset": "calibration/v1",
            "digest": "0" * 64,
            "quantity": "ttft.mean",
            "where": {},
            "other_recording": False,
        }
    )
    row = '<tr><td><data data-v="ttft">1 ms</data></td></tr>'
    text = f"<article><table><thead><tr><th>{heading}</th></tr></thead><tbody>{row}</tbody></table></article>"
    found = site(text)
    found.pages[0].stated.values["ttft"].question = asked
    problems = [str(one.problem) for one in headings.check(found) if one.problem]
    assert (problems == []) is right, problems
