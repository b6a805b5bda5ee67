"""Questions: every kind's record, words and identity, and the three tables that know all kinds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from harness.units import ONE
from hooks.analysis.questions import ANSWERS
from hooks.claims.evaluate import exact
from hooks.values.evidence import Strength
from hooks.values.questions import (
    KINDS,
    BreakEven,
    Calibrated,
    Contrasted,
    Correlated,
    Counted,
    Detectable,
    Effective,
    Fitted,
    Flagged,
    Input,
    Labelled,
    LevelAxis,
    MetricAxis,
    Moment,
    OfMetric,
    OfPrimary,
    Question,
    Read,
    SettingAxis,
    Slope,
    Spread,
    question_of,
    question_record,
)
from hooks.values.value import Value
from hooks.verify.reader.questions_json import StatedQuestion
from hooks.verify.recompute import questions as referee
from hooks.verify.recompute.predicate_bounds import exact_answer

STATED: TypeAdapter[Any] = TypeAdapter(StatedQuestion)
DATASET: dict[str, Any] = {"dataset": "tr900/v1", "digest": "d" * 64}
METRIC: dict[str, Any] = {**DATASET, "metric": "ttft", "version": 1}
REQUESTS: dict[str, Any] = {"phase": "measured", "within": "median"}
KEPT: dict[str, Any] = {"where": (("model", ("m", True)), ("threads", (1, 2.5)))}
SIDES: dict[str, Any] = {"factor": "threads", "level": 2, "reference": "all"}

EXAMPLES: tuple[tuple[Question, str], ...] = (
    (OfMetric(**METRIC, **KEPT, **REQUESTS), "ttft-m-true-1-2-5-eeadd04e"),
    (
        OfMetric(**METRIC, phase="cold", within="p95", across="mean", divided_by="measured"),
        "ttft-cold-measured-ba3e5236",
    ),
    (OfMetric(**METRIC, other_recording=True), "ttft-c3844c6f"),
    (Counted(**DATASET, of="runs", outcome="failed", code="http_status"), "count-runs-ebefd8f7"),
    (Effective(**DATASET, **KEPT, key="layers_offloaded"), "effective-layers-offloaded-m-true-1-2-5-468492e4"),
    (Flagged(**DATASET, flag="loop_lag"), "flagged-loop-lag-45d8d464"),
    (Labelled(**DATASET, setting="model", level="m", verdict="without evidence"), "label-without-evidence-m-e9d53e29"),
    (Calibrated(**DATASET, where=(("streams", (8,)),), quantity="ttft.p50"), "calibration-ttft-p50-8-f840888a"),
    (Contrasted(**METRIC, **REQUESTS, **SIDES), "ttft-a530fd48"),
    (Detectable(**METRIC, **REQUESTS, **SIDES), "ttft-7020d24a"),
    (
        BreakEven(**METRIC, **REQUESTS, **SIDES, cost="compile_time", cost_version=1, end="least"),
        "break-even-ttft-1d2a0053",
    ),
    (OfMetric(**METRIC, **REQUESTS, prompt="morning"), "ttft-morning-9f51a6ff"),
    (Slope(**METRIC, **KEPT, **REQUESTS, over=LevelAxis(factor="threads")), "slope-ttft-m-true-1-2-5-273ffa2e"),
    (Slope(**METRIC, over=MetricAxis(metric="tpot", version=1, within="pooled")), "slope-ttft-ef3c9641"),
    (Correlated(**METRIC, over=SettingAxis(key="n_params"), other_recording=True), "correlation-ttft-318b025a"),
    (
        Fitted(**METRIC, **KEPT, over=SettingAxis(key="n_params"), law="power", told="prediction", at=1.5),
        "power-prediction-ttft-m-true-1-2-5-359fbfb5",
    ),
    (OfPrimary(**DATASET, primary="threads-2", of="p_effect"), "primary-threads-2-p-effect-34442b1a"),
    (OfPrimary(**DATASET, primary="threads-2", of="ratio", flagged="left out"), "primary-threads-2-ratio-26007e5a"),
    (OfPrimary(**DATASET, primary="threads-2", of="ratio", host="feed"), "primary-threads-2-ratio-92365d96"),
    (Moment(**DATASET, run="r0001/a-1", request=7, stage="first"), "moment-first-961de894"),
    (
        Read(**DATASET, run="r0001/a-1", quantity="server.requests_waiting", number=3, told="at"),
        "reading-server-requests-waiting-at-b02dcf99",
    ),
    (Spread(**METRIC, **KEPT, **REQUESTS), "spread-ttft-m-true-1-2-5-78ffe4aa"),
    (Spread(**METRIC, **REQUESTS, **SIDES), "spread-ttft-f90d71f1"),
    (Input(name="power.grid", date="2026-01-02", region="R", source="S, 3"), "input-power-grid-8a621b4b"),
)
EACH = pytest.mark.parametrize("question", [question for question, _ in EXAMPLES], ids=lambda question: question.kind)


def value_of(question: Question) -> Value:
    return Value(3.0, ONE, Strength.MEASURED, question=question, definition="time to first token: first − planned")


def test_the_renderer_and_the_referee_know_the_same_kinds() -> None:
    kinds = {question.kind for question, _ in EXAMPLES}
    assert {kind.__dataclass_fields__["kind"].default for kind in KINDS} == kinds
    assert {kind.__dataclass_fields__["kind"].default for kind in ANSWERS} == kinds - {"input"}
    assert set(referee.KINDS) == kinds


@EACH
def test_a_record_is_lossless(question: Question) -> None:
    record = question_record(question)
    assert record["kind"] == question.kind
    assert question_of(record) == question
    levels = [level for _, kept in question_of(record).where for level in kept]
    assert [type(level) for level in levels] == [type(level) for _, kept in question.where for level in kept]


@EACH
def test_the_referee_reads_a_record_and_finds_the_same_identity(question: Question) -> None:
    assert STATED.validate_python(question_record(question)).identity() == question.identity()


@EACH
def test_the_referee_refuses_a_record_with_a_field_more_or_less(question: Question) -> None:
    record = question_record(question)
    for wrong in ({**record, "extra": 1}, {name: record[name] for name in record if name != "kind"}):
        with pytest.raises(ValidationError):
            STATED.validate_python(wrong)


@EACH
def test_both_agree_on_what_is_exact(question: Question) -> None:
    assert exact(value_of(question)) is exact_answer(STATED.validate_python(question_record(question)))


@EACH
def test_words_hold_no_number_that_is_not_declared(question: Question) -> None:
    """A digit stands in a literal or in the address of a link."""
    from bs4 import BeautifulSoup

    text = BeautifulSoup(" ".join(question.words("time to first token: first − planned")), "html.parser")
    for declared in text.select("[data-lit]"):
        declared.decompose()
    assert not any(character.isdigit() for character in text.get_text())
    assert not text.get_text().rstrip().endswith(",")


@pytest.mark.parametrize(("question", "value_id"), EXAMPLES, ids=lambda one: one if isinstance(one, str) else "")
def test_an_id_is_a_link_and_stays_what_it_was(question: Question, value_id: str) -> None:
    """The first ten are what questions were called before they had kinds."""
    assert value_of(question).id == value_id


@EACH
def test_an_id_outlives_the_version_of_a_dataset_unless_it_is_another_recording(question: Question) -> None:
    if isinstance(question, Input):
        assert value_of(replace(question, date="2027-01-01", source="another")).id == value_of(question).id
        return
    later = replace(question, dataset="tr900/v2", digest="e" * 64)
    assert (value_of(later).id == value_of(question).id) is not question.other_recording
    assert value_of(replace(question, dataset="tr901/v1")).id != value_of(question).id
