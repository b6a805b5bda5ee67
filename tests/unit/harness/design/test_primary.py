"""Primaries are declared before recording, are part of what is measured, and name what the study has."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness.canonical_json import canonical_json
from harness.design import Primary
from harness.errors import StudyError, UnknownName
from harness.studies import RECORDED, STUDIES
from tests.support.datasets import synthetic_study

PRIMARY = Primary("threads", "tpot", "threads", 2, 1)
DATA = Path(__file__).resolve().parents[4] / "data"


def test_a_primary_changes_the_fingerprint_and_none_does_not() -> None:
    bare = synthetic_study()
    assert "primaries" not in bare.canonical()
    assert "sessions" not in bare.canonical()
    assert replace(bare, primaries=(PRIMARY,)).fingerprint() != bare.fingerprint()
    assert replace(bare, sessions=6).fingerprint() != bare.fingerprint()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"metric": "perplexity"}, "the metric 'perplexity', which the study does not list"),
        ({"level": 3}, "no level 3"),
        ({"where": (("model", "nobody"),)}, 'no level "nobody"'),
    ],
)
def test_a_primary_about_what_is_not_there_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(StudyError, match=message):
        replace(synthetic_study(), primaries=(replace(PRIMARY, **change),))  # type: ignore[arg-type]


def test_an_unknown_factor_is_refused() -> None:
    with pytest.raises(UnknownName, match="colour"):
        replace(synthetic_study(), primaries=(replace(PRIMARY, factor="colour"),))


def test_two_primaries_of_one_id_are_refused() -> None:
    with pytest.raises(StudyError, match="'threads' twice"):
        replace(synthetic_study(), primaries=(PRIMARY, PRIMARY))


@pytest.mark.parametrize(("margin", "smallest"), [(1.0, 1.1), (0.9, 1.1), (1.2, 1.1)])
def test_margins_that_make_no_sense_are_refused(margin: float, smallest: float) -> None:
    with pytest.raises(StudyError, match="margin"):
        replace(PRIMARY, margin=margin, smallest=smallest)


@pytest.mark.parametrize("name", RECORDED)
def test_published_studies_want_enough_sessions_for_their_primaries(name: str) -> None:
    from harness.stats.comparison.sessions import sessions_needed

    study = STUDIES.load(name)
    families = [primary.family for primary in study.primaries]
    assert study.sessions >= max([6, *(sessions_needed(families.count(family)) for family in families)])


@pytest.mark.parametrize("name", RECORDED)
def test_the_recorded_profile_has_cells_that_differ_only_in_the_levels_of_each_primary(name: str) -> None:
    study = STUDIES.load(name)
    for primary in study.primaries:
        kept = {**dict(primary.where)}
        compared = [
            {
                tuple((factor, value) for factor, value in cell.levels if factor != primary.factor)
                for cell in study.matrix("quick").cells()
                if {**kept, primary.factor: level}.items() <= cell.settings.items()
            }
            for level in (primary.level, primary.reference)
        ]
        assert compared[0] & compared[1], primary.id


@pytest.mark.parametrize("path", sorted(DATA.glob("*/r*/manifest.json")), ids=lambda path: str(path.parent.name))
def test_a_recording_holds_the_primaries_that_were_sealed_with_it(path: Path) -> None:
    sealed = json.loads(path.read_bytes())
    study = STUDIES.load(sealed["study"])
    if sealed["fingerprint"] == study.fingerprint():
        assert canonical_json(sealed["design"]) == canonical_json(study.canonical())
