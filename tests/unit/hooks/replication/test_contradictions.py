"""Contradictions are found by quantity and conditions, not kept in a list."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness.units import PERCENT
from hooks.cited import Cited, load_cited
from hooks.cited.bounds import Bounds
from hooks.pages.contradictions import disputes, recomputed
from hooks.replication.arithmetic_checks import slips
from hooks.replication.contradictions import Contradiction, Degree, contradictions
from hooks.replication.statement import Statement, Subject, from_figure
from hooks.values.value import cited as cited_value

CITED = Path(__file__).resolve().parents[4] / "data" / "cited"
Pair = frozenset[str]


@pytest.fixture(scope="module")
def cited() -> Cited:
    return load_cited(CITED)


@pytest.fixture(scope="module")
def found(cited: Cited) -> tuple[Contradiction, ...]:
    return contradictions(statements(cited))


def statements(cited: Cited) -> list[Statement]:
    return [from_figure(figure, cited) for figure in cited]


def pairs(found: tuple[Contradiction, ...], *degrees: Degree) -> set[Pair]:
    return {frozenset((pair.one.id, pair.other.id)) for pair in found if pair.degree in (degrees or Degree)}


KNOWN = [
    ("tr116.python_ceiling", "tr110.peak_efficiency", Degree.CONTRADICTION),
    ("tr117-agents.python_ceiling", "tr110.peak_efficiency", Degree.CONTRADICTION),
    ("tr117-agents.python_ceiling", "tr117-agents.python_cap", Degree.CONTRADICTION),
    ("tr110.mean_efficiency_in_tr113", "tr110.mean_efficiency_in_tr114", Degree.CONTRADICTION),
    ("tr110.contention", "tr110.contention_in_tr114", Degree.CONTRADICTION),
    ("tr114.mean_efficiency", "tr114.efficiency_in_insights", Degree.CONTRADICTION),
    ("tr114.best_config_efficiency", "tr114.efficiency_in_insights", Degree.CONTRADICTION),
    ("tr115.peak_efficiency_range", "tr115.peak_efficiency_in_insights", Degree.CONTRADICTION),
    ("tr111.optimal_num_ctx", "tr111.optimal_num_ctx_in_insights", Degree.CONTRADICTION),
    ("tr108.optimal_num_ctx", "tr108.optimal_num_ctx_in_tr109", Degree.CONTRADICTION),
    ("tr116.efficiency_vs_python", "tr114.mean_efficiency_vs_python", Degree.CONTRADICTION),
    ("index.equivalent_throughput", "tr111.throughput_vs_python", Degree.CONTRADICTION),
    ("tr111.throughput", "tr111.throughput_in_insights", Degree.UNLESS),
    ("tr109.throughput", "tr109.throughput_in_insights", Degree.UNLESS),
    ("tr114.efficiency_sd", "index.rust_sd", Degree.UNLESS),
    ("tr113.contention", "tr114.contention_before", Degree.BETWEEN),
    ("tr114.best_config_efficiency", "tr115.peak_efficiency_in_insights", Degree.BETWEEN),
]


@pytest.mark.parametrize(("one", "other", "degree"), KNOWN)
def test_the_known_contradictions_are_found(
    found: tuple[Contradiction, ...], one: str, other: str, degree: Degree
) -> None:
    assert frozenset((one, other)) in pairs(found, degree)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tr109.optimisation_success", "tr109.optimisation_success_in_tr111"),
        ("tr111.optimisation_success", "tr111.optimisation_success_in_tr109"),
        ("tr115.async_std_efficiency", "tr115.async_std_efficiency_rounded"),
        ("tr110.peak_efficiency", "tr110.best_config_efficiency_in_tr114"),
        ("tr115.peak_efficiency", "tr115.peak_efficiency_range"),
        ("tr108.optimal_num_gpu", "tr108.optimal_num_gpu_range"),
    ],
)
def test_figures_that_agree_within_their_printed_digits_are_none(
    found: tuple[Contradiction, ...], one: str, other: str
) -> None:
    assert frozenset((one, other)) not in pairs(found)


def test_without_its_quantity_a_contradiction_vanishes(cited: Cited) -> None:
    moved = cited.figure("tr116.python_ceiling").model_copy(update={"quantity": "contention"})
    changed = replace(cited, figures={**cited.figures, moved.id: moved})
    assert not any("tr116.python_ceiling" in pair for pair in pairs(contradictions(statements(changed))))


def test_a_changed_digit_makes_a_contradiction(cited: Cited) -> None:
    moved = cited.figure("tr109.optimisation_success").model_copy(update={"value": "40"})
    changed = replace(cited, figures={**cited.figures, moved.id: moved})
    pair = frozenset((moved.id, "tr109.optimisation_success_in_tr111"))
    assert pair in pairs(contradictions(statements(changed)), Degree.CONTRADICTION)


def test_methods_and_hypotheses_contradict_nothing(cited: Cited, found: tuple[Contradiction, ...]) -> None:
    kinds = {cited.figure(name).kind for pair in pairs(found) for name in pair}
    assert {str(kind) for kind in kinds} == {"finding"}


def test_the_order_of_statements_does_not_matter(cited: Cited, found: tuple[Contradiction, ...]) -> None:
    assert pairs(contradictions(reversed(statements(cited)))) == pairs(found)


def test_an_extreme_over_more_cases_may_lie_beyond_one_over_fewer(found: tuple[Contradiction, ...]) -> None:
    assert frozenset(("tr117-agents.loop_lag_spikes", "tr117-agents.loop_lag_max")) not in pairs(found)


def test_hardest_first(found: tuple[Contradiction, ...]) -> None:
    ranks = [list(Degree).index(pair.degree) for pair in found]
    assert ranks == sorted(ranks)
    assert all(pair.open for pair in found if pair.degree is Degree.UNLESS)
    assert not any(pair.open for pair in found if pair.degree is not Degree.UNLESS)


def measured(cited: Cited, name: str, low: float, *, study: str, hardware: str = "one machine") -> Statement:
    template = from_figure(cited.figure("tr110.mean_efficiency_in_tr113"), cited)
    value = cited_value(low, PERCENT, "a dataset", 1, name=name)
    return replace(
        template,
        id=name,
        bounds=(Bounds(low, low + 0.01),),
        study=study,
        hardware=hardware,
        figure=None,
        value=value,
    )


def test_two_of_our_own_datasets_can_contradict_each_other(cited: Cited) -> None:
    one = measured(cited, "a", 0.70, study="tr110/v1")
    other = measured(cited, "b", 0.80, study="tr114/v1")
    assert [pair.degree for pair in contradictions([one, other])] == [Degree.BETWEEN]
    assert not contradictions([one, replace(other, study="tr110/v1")])
    assert not contradictions([one, replace(other, hardware="another machine")])
    assert not contradictions([one, replace(other, bounds=(Bounds(0.705, 0.9),))])
    assert not contradictions([one, replace(other, subject=Subject("contention", "amount"))])


def test_sums_that_do_not_add_up(cited: Cited) -> None:
    found = {slip.figure.id: slip for slip in slips(cited)}
    assert set(found) == {"index.without_second_server", "tr111.throughput_vs_python", "tr112.memory_vs_python"}
    assert recomputed(found["tr111.throughput_vs_python"], cited).text == "15.3\u00a0%"
    assert recomputed(found["tr112.memory_vs_python"], cited).text == "70\u00a0%"
    assert recomputed(found["index.without_second_server"], cited).text == "−14.1\u00a0pp"


def test_a_wrong_total_is_a_slip_and_a_right_one_is_none(cited: Cited) -> None:
    assert "tr119.total_runs" not in {slip.figure.id for slip in slips(cited)}
    wrong = cited.figure("tr119.total_runs").model_copy(update={"value": "360"})
    changed = replace(cited, figures={**cited.figures, wrong.id: wrong})
    (slip,) = [slip for slip in slips(changed) if slip.figure.id == "tr119.total_runs"]
    assert recomputed(slip, changed).number == 350


def test_a_slip_with_a_plain_number_is_recomputed_with_it(cited: Cited) -> None:
    wrong = cited.figure("tr110.peak_efficiency").model_copy(update={"value": "98.25"})
    changed = replace(cited, figures={**cited.figures, wrong.id: wrong})
    (slip,) = [slip for slip in slips(changed) if slip.figure.id == wrong.id]
    assert recomputed(slip, changed).number == pytest.approx(99.25)


def test_the_width_of_a_range_is_recomputed(cited: Cited) -> None:
    wrong = cited.figure("tr115.peak_efficiency_spread").model_copy(update={"value": "0.21"})
    changed = replace(cited, figures={**cited.figures, wrong.id: wrong})
    (slip,) = [slip for slip in slips(changed) if slip.figure.id == wrong.id]
    assert recomputed(slip, changed).text == "0.120\u00a0pp"


def test_a_spread_is_taken_over_the_levels_that_it_names(cited: Cited) -> None:
    loose = cited.figure("tr115.tokio_localset_mean").model_copy(update={"value": "90.00"})
    worse = cited.figure("tr115.tokio_localset_sd").model_copy(update={"value": "9.00"})
    changed = replace(cited, figures={**cited.figures, loose.id: loose, worse.id: worse})
    assert "tr115.runtime_impact" in {slip.figure.id for slip in slips(changed)}
    assert "tr115.runtime_impact" not in {slip.figure.id for slip in slips(cited)}


def test_disputes_gather_linked_pairs_of_one_degree(found: tuple[Contradiction, ...]) -> None:
    gathered = disputes(found)
    ceiling = next(d for d in gathered if any(s.statement.id == "tr116.python_ceiling" for s in d.sides))
    assert {"tr110.peak_efficiency", "tr117-agents.python_cap"} <= {side.statement.id for side in ceiling.sides}
    assert ceiling.shared == {"workload": "multi_agent", "language": "python"}
    linked = {frozenset((s.statement.id, o.id)) for d in gathered for s in d.sides for o in s.against}
    assert linked == pairs(found)
