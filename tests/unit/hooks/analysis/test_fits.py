"""Laws fitted to the sizes of a sealed dataset: what was put in, and again by the referee."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from harness.datasets.read import Dataset
from harness.models import GPT2_SHAPES
from harness.units import MS, ONE, PERCENT, Unit
from hooks.analysis.fits import FEW_SESSIONS, fitted
from hooks.analysis.laws import slope
from hooks.analysis.measurements import Measurements
from hooks.values.questions import LevelAxis, SettingAxis, question_record
from hooks.values.value import Value
from hooks.verify.reader.dataset import Sealed, sealed_datasets
from hooks.verify.reader.questions_json import StatedQuestion
from hooks.verify.reader.samples import Samples
from hooks.verify.recompute.answer import Answer
from hooks.verify.recompute.equality import same
from hooks.verify.recompute.questions import answer_of
from tests.support.model_sizes import make_sizes
from tests.support.scaling import POWER, make_scaling

STATED: TypeAdapter[Any] = TypeAdapter(StatedQuestion)
THREADS = LevelAxis(factor="threads")
EVERY = [
    ("power", "r_squared", ONE),
    ("power", "held_out_error", PERCENT),
    ("power", "prediction", MS),
    ("power", "exponent_over_sessions", ONE),
    ("overhead", "held_out_error", PERCENT),
    ("overhead", "first_cost", MS),
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("fits")
    make_scaling(found)
    return found


@pytest.fixture(scope="module")
def data(root: Path) -> Measurements:
    return Measurements(Dataset.open(root / "tr900" / "v1"))


@pytest.fixture(scope="module")
def samples(root: Path) -> Samples:
    (sealed,) = sealed_datasets(root)
    assert isinstance(sealed, Sealed)
    return Samples(sealed)


def again(value: Value, samples: Samples) -> Answer:
    """What the referee answers, after comparing it with a value."""
    assert value.question is not None
    found = answer_of(samples, STATED.validate_python(question_record(value.question)))
    assert (found.n, found.unit, found.meaning) == (value.n, value.unit, value.definition)
    assert same(found.number, value.number)
    assert (found.interval is None) == (value.interval is None)
    if found.interval and value.interval:
        assert found.interval.method == value.interval.method
        assert same(found.interval.low, value.interval.low)
        assert same(found.interval.high, value.interval.high)
    return found


@pytest.mark.parametrize(("law", "said", "unit"), EVERY)
@pytest.mark.parametrize("metric", ["tpot", "e2e_latency"])
def test_the_referee_fits_the_same(
    data: Measurements, samples: Samples, metric: str, law: Any, said: Any, unit: Unit
) -> None:
    value = fitted(data, metric, THREADS, law, said, at=7.5 if said == "prediction" else None)
    assert value.number is not None
    assert value.unit == unit
    again(value, samples)


def test_what_was_put_in_is_found(data: Measurements) -> None:
    explained = fitted(data, "tpot", THREADS, "power", "r_squared")
    told = fitted(data, "tpot", THREADS, "power", "prediction", at=6.5)
    four, nine = (data.value("tpot", {"threads": size}).number for size in (4, 9))
    assert explained.number is not None
    assert told.number is not None
    assert told.interval is not None
    assert four is not None
    assert nine is not None
    assert explained.number > 0.99
    assert told.interval.low < four * (6.5 / 4) ** -POWER < told.interval.high
    assert nine < told.number < four


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sizes(tmp_path_factory.mktemp("sizes"), runs=2)


@pytest.mark.parametrize("law", ["power", "overhead", "layers"])
@pytest.mark.parametrize("said", ["held_out_error", "first_cost"])
def test_layers_and_sizes_that_were_put_in_are_found(shapes: Path, law: Any, said: Any) -> None:
    (sealed,) = sealed_datasets(shapes.parent.parent)
    assert isinstance(sealed, Sealed)
    where = {"arm": "pytorch", "model": tuple(GPT2_SHAPES)}
    value = fitted(Measurements(Dataset.open(shapes)), "tpot", SettingAxis(key="n_params"), law, said, where)
    assert value.number is not None
    again(value, Samples(sealed))
    if said == "held_out_error":
        assert (value.number < 10) == (law == "layers")


def test_one_session_has_an_exponent_without_interval(data: Measurements) -> None:
    over_sessions = fitted(data, "tpot", THREADS, "power", "exponent_over_sessions")
    assert over_sessions.number == pytest.approx(slope(data, "tpot", THREADS).number)
    assert over_sessions.interval is None
    assert FEW_SESSIONS in over_sessions.caution


@pytest.mark.parametrize(
    ("law", "said", "over", "where"),
    [
        ("layers", "held_out_error", THREADS, {}),
        ("power", "held_out_error", THREADS, {"threads": (1, 2, 3, 4)}),
        ("power", "r_squared", SettingAxis(key="nothing"), {}),
        ("power", "prediction", SettingAxis(key="model"), {}),
    ],
)
def test_without_enough_it_is_missing_on_both_sides(
    data: Measurements, samples: Samples, law: Any, said: Any, over: Any, where: dict[str, Any]
) -> None:
    value = fitted(data, "tpot", over, law, said, where, at=5.0)
    assert value.number is None
    assert value.missing
    assert value.question is not None
    assert answer_of(samples, STATED.validate_python(question_record(value.question))).number is None
