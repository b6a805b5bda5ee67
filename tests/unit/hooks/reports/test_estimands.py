"""What the published recordings say, number by number: each once stood on the site as another quantity."""

from __future__ import annotations

from functools import cache

import pytest

from harness.datasets.read import Dataset
from harness.datasets.recordings import read_manifest
from harness.studies import STUDIES
from harness.validity.audit import objections
from hooks.analysis.break_even import break_even
from hooks.analysis.calibration import Instrument
from hooks.analysis.measurements import Measurements
from hooks.claims.ranking import Ranking
from hooks.content.blocks import Content, Lit
from hooks.pages.instrument import streams
from hooks.recipes.report_builder import Draft
from hooks.recipes.sources import Source
from hooks.reports import compute
from hooks.values.value import Value
from hooks.verify.reader.dataset import Sealed, sealed_datasets
from hooks.verify.reader.samples import Samples
from hooks.verify.recompute.questions import answer_of
from tests.support.projects import ROOT
from tests.support.questions import stated

COMPILED = "transformers-cpu-compile-fp32"
SHORT = ("short", "PyTorch compiled", "fp32")
MODELS = ("gemma-3-270m-q4-k-m", "smollm2-135m-q4-1")


@cache
def content(study: str, version: str) -> Content:
    draft = Draft(Measurements(Dataset.open(ROOT / "data" / study / version)), STUDIES.load(study))
    compute(study)(draft)
    return draft.content()


@cache
def samples(study: str, version: str) -> Samples:
    folder = ROOT / "data" / study / version
    every = (found for found in sealed_datasets(folder.parent) if isinstance(found, Sealed))
    (sealed,) = (found for found in every if found.folder == folder)
    return Samples(sealed)


def published(value: Value, study: str, version: str) -> list[float]:
    """The number and its interval, where the referee finds the same."""
    assert value.question is not None
    found = answer_of(samples(study, version), stated(value.question))
    assert found.number == pytest.approx(value.number)
    assert value.number is not None
    assert (found.interval is None) == (value.interval is None)
    if value.interval is None or found.interval is None:
        return [value.number]
    ends = [value.interval.low, value.interval.high]
    assert [found.interval.low, found.interval.high] == pytest.approx(ends)
    return [value.number, *ends]


def rows(found: Content, table: str, names: int) -> dict[tuple[str, ...], tuple[str | Lit | Value, ...]]:
    """The rows of a table by the names that begin them."""

    def text(cell: str | Lit | Value) -> str:
        return cell if isinstance(cell, str) else cell.text

    return {tuple(map(text, row[:names])): row[names:] for row in found.tables[table].rows}


def test_two_streams_of_compiled_code_get_more_done_than_one() -> None:
    gain = content("tr117", "v2").findings[f"dual_dual-short_{COMPILED}"]
    assert published(gain, "tr117", "v2") == pytest.approx([1.67, 1.40, 2.97], abs=0.005)


def test_the_answer_with_the_slowest_call_beside_it() -> None:
    times = rows(content("tr117", "v2"), "times", 3)
    for arm, mean, slowest in (("PyTorch compiled", 6712, 45959), ("PyTorch", 981, 1173)):
        said = times["short", arm, "fp32"][2:4]
        assert [published(one, "tr117", "v2")[0] for one in said if isinstance(one, Value)] == pytest.approx(
            [mean, slowest], abs=0.6
        )


def test_a_compilation_is_a_stall_and_no_decode_speed() -> None:
    found = content("tr117", "v2")
    stalled, share, seconds, longest, *_ = rows(found, "stalls", 3)[SHORT]
    expected = {stalled: [1, 1, 1], share: [100 / 3] * 3, seconds: [13.435, 12.285, 22.071], longest: [45958]}
    for cell, numbers in expected.items():
        assert isinstance(cell, Value)
        assert published(cell, "tr117", "v2") == pytest.approx(numbers, rel=0.001)
    settled = rows(found, "times", 3)[SHORT][4]
    assert isinstance(settled, Value)
    assert published(settled, "tr117", "v2") == pytest.approx([19.3], abs=0.05)
    assert "drifts over the session" in settled.caution
    assert published(found.findings["compile_decode"], "tr117", "v2") == pytest.approx([0.89, 0.84, 0.94], abs=0.005)
    assert "stalls 1 of the 3 calls of a run" in found.claims["compile-settled"].text


def test_a_mean_with_stalls_names_its_number_of_calls() -> None:
    claim = content("tr120", "v1").claims["mean-default-natural"]
    assert claim.text.startswith(
        "In the mean of the 8 calls of a run, 1 of them stalled by compiling, torch.compile in default mode"
    )
    assert published(claim.values["ratio"], "tr120", "v1")[0] == pytest.approx(9.7, abs=0.05)


def test_the_first_request_beside_warm_ones_with_its_prompt() -> None:
    """Over runs it is 1.012 and 1.011, and over blocks hardly another; only the intervals tell blocks from runs."""
    found = content("tr108", "v3")
    gemma, smollm = (published(found.findings[f"cold_{model}_2"], "tr108", "v3") for model in MODELS)
    assert [gemma[0], smollm[0]] == pytest.approx([1.012, 1.011], abs=0.002)
    assert gemma == pytest.approx([1.014, 1.002, 1.022], abs=0.0005)
    assert smollm == pytest.approx([1.011, 0.998, 1.024], abs=0.0005)
    assert [found.claims[f"cold-slower-{model}"].state for model in MODELS] == ["holds", "inconclusive"]


@pytest.mark.parametrize(
    ("row", "expected", "from_the_saving"),
    [
        ("default-natural", [2693, 1393, 15059], (1570, 14450)),
        ("dynamic-padded", [1570, 707, 2956], (720, 2830)),
        ("dynamic-bucketed", [1920, 1228, 3407], (1200, 3490)),
    ],
)
def test_a_break_even_point_has_its_interval(
    row: str, expected: list[float], from_the_saving: tuple[float, float]
) -> None:
    """The ends lie near those that the interval of the paired saving gives with the median cost."""
    found = published(content("tr120", "v1").findings[f"break_even_{row}"], "tr120", "v1")
    assert found == pytest.approx(expected, rel=0.001)
    assert found[1:] == pytest.approx(from_the_saving, rel=0.15)


def test_a_break_even_point_is_told_where_no_saving_is_shown() -> None:
    found = content("tr120", "v1")
    number = found.findings["break_even_dynamic-natural"]
    assert published(number, "tr120", "v1") == pytest.approx([3072], rel=0.001)
    assert number.caution == "no upper end: it may never be paid"
    _, _, least, words = rows(found, "break_even", 2)["dynamic", "natural"]
    assert isinstance(least, Value)
    assert published(least, "tr120", "v1") == pytest.approx([1205], rel=0.001)
    assert words == "no bound: it may never be paid"


def test_a_break_even_point_over_several_cells_counts_blocks() -> None:
    data = Measurements(Dataset.open(ROOT / "data" / "tr120" / "v1"))
    pooled, least = break_even(data, "e2e_kv", "compile_time", "compile", "dynamic", "none")
    assert (pooled.n, least.n) == (7, 7)
    number, low, high = published(pooled, "tr120", "v1")
    assert published(least, "tr120", "v1") == [low]
    assert low < number < high
    assert 1570 < number < 3072


def test_means_are_paired_and_corrected() -> None:
    found = content("tr120", "v1")
    claim = found.claims["mean-dynamic-natural"]
    assert claim.state == "inconclusive"
    number, low, high = published(claim.values["ratio"], "tr120", "v1")
    assert number == pytest.approx(0.945, abs=0.0005)
    assert low < 0.883 < 1.015 < high


def test_the_highest_rate_passes_at_every_time_to_first_token() -> None:
    found = Instrument(Dataset.open(ROOT / "data" / "calibration" / "v1")).value("rate.sustained")
    assert found.number == pytest.approx(8000, rel=0.002)


def test_no_difference_shown_is_said_with_what_would_have_been_missed() -> None:
    text = content("tr120", "v1").claims["whole-answer-default-padded"].text
    assert "is not shown to differ from eager: 0.89× the time [0.77, 1.01]; the minimum detectable ratio is" in text
    assert text.endswith("ratio is 1.32×.")
    assert (
        "faster than eager: 0.920× the time [0.850, 0.996]."
        in content("tr120", "v1").claims["whole-answer-default-natural"].text
    )


def test_the_best_are_listed_by_what_they_show() -> None:
    ranking = content("tr108", "v3").claims["best-gemma-3-270m-q4-k-m"]
    assert isinstance(ranking, Ranking)
    shown = [ranking.values[label].number for label in ranking.best]
    assert shown == sorted(shown, key=lambda number: -(number or 0))
    assert "(79.0" in ranking.text.rpartition(";")[2]


def test_knees_of_clients_are_rates_that_were_offered() -> None:
    named = {"clients": ("tr117-agents", "v4"), "engines": ("tr108", "v4")}
    sources = {
        name: Source(Measurements(Dataset.open(ROOT / "data" / study / version)), STUDIES.load(study))
        for name, (study, version) in named.items()
    }
    draft = Draft.over(sources)
    compute("tr117-agents")(draft)
    found = draft.content()
    knee = found.claims["knee-httpx-1"]
    numbers = {name: published(value, "tr117-agents", "v4") for name, value in knee.values.items()}
    assert numbers["kept"] == pytest.approx([1000.33, 1000.24, 1000.49], abs=0.005)
    assert numbers["lost"] == pytest.approx([588_000, 518_000, 596_000], rel=0.02)
    assert numbers["early"][2] < 20 < numbers["late"][1]
    beyond = [name for name in found.claims if name.startswith("knee-") and "lies beyond" in found.claims[name].text]
    assert beyond == [f"knee-{client}-1" for client in ("aiohttp", "ours", "tokio", "reqwest")]


def test_the_first_calibration_was_recorded_on_a_busy_machine_and_vouches_for_nothing() -> None:
    (row,) = objections(Dataset.open(ROOT / "data" / "calibration" / "v1"), ROOT / "data")
    assert row.rule == "foreign_load"
    assert row.evidence.startswith("54 of 54 runs")


def test_the_instrument_error_of_tr117_is_that_of_two_streams() -> None:
    assert streams(read_manifest(ROOT / "data" / "tr117" / "v2")) == 2
