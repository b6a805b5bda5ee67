"""Each rule breaks by its fault, holds without it, and says unknown where it cannot know."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from harness.commands.audit import audit as command
from harness.datasets.catalog import recordings
from harness.datasets.read import Dataset
from harness.design import Factor, Profile, Study
from harness.events import Run, Scalar
from harness.outcomes import Code, failed
from harness.recorder.recorder import Recorder
from harness.recorder.records import Header
from harness.recorder.seal import seal
from harness.recorder.versions import publish_version
from harness.validity.audit import RULES, Row, Severity, Verdict, audit, worst
from harness.validity.audit.time import signed_percent
from tests.support import datasets
from tests.support.calibrations import make_calibration
from tests.support.datasets import header, synthetic_study
from tests.support.projects import ROOT
from tests.support.runs import RunMaker

STUDY = replace(synthetic_study(), profiles=(Profile("quick", runs=6),))
Edit = Callable[[Run], Run]


def plain(run: Run) -> Run:
    return run


def recorded(
    root: Path,
    edit: Edit = plain,
    head: Callable[[Header], Header] = lambda h: h,
    effect: Mapping[str, float] | None = None,
    study: Study = STUDY,
) -> dict[str, Row]:
    """The audit of a synthetic recording whose runs and header were edited, by rule."""
    planned = datasets.plan(study.matrix("quick").cells(), 6, study.order_seed)
    maker = RunMaker(study, 5, 16, 0, effect or {})
    root.mkdir(exist_ok=True)
    journal = root / "journal"
    with Recorder.create(journal, head(header(study, planned))) as recorder:
        for item in planned:
            recorder.append(edit(maker.run(item)))
    sealed = seal(journal, root / "data")
    return {row.rule: row for row in audit(Dataset.open(sealed.path), root / "data")}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    return recorded(tmp_path_factory.mktemp("sound"))


def test_a_sound_recording_breaks_only_what_it_lacks(sound: dict[str, Row]) -> None:
    broken = {rule for rule, row in sound.items() if row.verdict is Verdict.BROKEN}
    assert broken == {"calibrated", "took_effect.num_gpu"}
    assert sound["took_effect.num_gpu"].severity is Severity.INFO
    assert worst(tuple(sound.values())) is Severity.WARNING
    assert all(row.evidence for row in sound.values())


def test_levels_that_are_one_configuration_are_an_a_a_test(sound: dict[str, Row]) -> None:
    assert "0, 80 all used" in sound["took_effect.num_gpu"].evidence
    assert sound["a_a.num_gpu.ttft"].verdict is Verdict.HOLDS
    assert "a_a.threads.ttft" not in sound


def test_every_rule_says_something(sound: dict[str, Row]) -> None:
    assert len(sound) >= len(RULES)


@pytest.mark.parametrize(
    ("flag", "rule"),
    [("foreign_load", "foreign_load"), ("loop_lag", "loop_lag"), ("client_bound", "client_bound")],
)
def test_flags_of_a_few_runs_warn_and_of_many_are_an_error(tmp_path: Path, flag: str, rule: str) -> None:
    few = recorded(tmp_path / "few", lambda run: replace(run, flags={flag: "why"}) if run.position == 3 else run)
    many = recorded(tmp_path / "many", lambda run: replace(run, flags={flag: "why"}))
    assert few[rule].severity is Severity.WARNING
    assert "1 of 48 runs" in few[rule].evidence
    assert many[rule].severity is Severity.ERROR


@pytest.mark.parametrize(("step", "verdict"), [(50, Verdict.HOLDS), (2000, Verdict.BROKEN)])
def test_a_flag_for_tokens_that_arrived_at_once_is_not_held_against_a_fine_clock(
    tmp_path: Path, step: int, verdict: Verdict
) -> None:
    def flagged(run: Run) -> Run:
        return replace(run, flags={"clock_resolution": "why"}, facts={**run.facts, "before.clock_resolution_ns": step})

    row = recorded(tmp_path, flagged)["clock_resolution"]
    assert row.verdict is verdict
    assert ("48 were flagged for tokens that arrived at once" in row.evidence) is (verdict is Verdict.HOLDS)


def test_a_load_that_was_asked_to_compete_must_be_noticed_and_disturbs_no_other_run(tmp_path: Path) -> None:
    def disturb(run: Run) -> Run:
        return replace(run, requested={**run.requested, "competing": 1}) if run.position == 3 else run

    unseen = recorded(tmp_path / "unseen", disturb)
    assert (unseen["competing_load_noticed"].verdict, unseen["competing_load_noticed"].severity) == (
        Verdict.BROKEN,
        Severity.ERROR,
    )
    noticed = recorded(
        tmp_path / "noticed",
        lambda run: replace(disturb(run), flags={"foreign_load": "why"} if run.position == 3 else {}),
    )
    assert noticed["competing_load_noticed"].verdict is Verdict.HOLDS
    assert noticed["foreign_load"].verdict is Verdict.HOLDS
    assert "0 of 47 runs" in noticed["foreign_load"].evidence


def test_failures_are_counted_by_code(tmp_path: Path) -> None:
    def fail(run: Run) -> Run:
        if run.block:
            return run
        return replace(run, outcome=failed(Code.ENGINE_EXITED), requests=(), readings=())

    rows = recorded(tmp_path, fail)
    assert rows["outcomes"].evidence == "8 engine_exited"
    assert rows["outcomes"].severity is Severity.WARNING
    assert rows["enough_runs"].verdict is Verdict.BROKEN


def test_arms_that_a_host_cannot_run_are_coverage_and_no_failure() -> None:
    dataset = Dataset.open(ROOT / "data" / "tr117" / "v2")
    rows = {row.rule: row for row in audit(dataset, ROOT / "data")}
    assert rows["coverage"].evidence == (
        "105 of 231 runs cannot be made on this host: 63 engine_missing, 42 device_missing"
    )
    assert (rows["coverage"].severity, rows["outcomes"].verdict) == (Severity.INFO, Verdict.HOLDS)
    assert rows["enough_runs"].verdict is Verdict.HOLDS
    assert worst(tuple(rows.values())) is Severity.WARNING


def test_drift_is_found_and_sized(tmp_path: Path) -> None:
    def slower(run: Run) -> Run:
        scale = 1 + 0.5 * run.position / 47
        stretched = (replace(r, arrivals_ns=tuple(int(a * scale) for a in r.arrivals_ns)) for r in run.requests)
        return replace(run, requests=tuple(stretched))

    rows = recorded(tmp_path, slower)
    assert rows["drift.tpot"].verdict is Verdict.BROKEN
    assert rows["drift.tpot"].evidence.startswith("+")
    assert "(corrected; by itself 0.001)" in rows["drift.tpot"].evidence


@pytest.mark.parametrize(("later", "verdict"), [("another", Verdict.HOLDS), ("one", Verdict.BROKEN)])
def test_a_slower_host_is_no_drift_and_a_host_that_slows_down_is(later: str, verdict: Verdict, tmp_path: Path) -> None:
    for seed in range(8):
        speed = {"threads=1": 1.0, "threads=2": 1.0} if seed < 4 else {"threads=1": 0.6, "threads=2": 0.6}
        datasets.make_dataset(
            tmp_path, runs=1, requests=3, seed=seed, effect=speed, session={},
            environment={"host_id": "one" if seed < 4 else later},
        )  # fmt: skip
    version = publish_version(tmp_path, recordings(tmp_path, "tr108"))
    rows = {row.rule: row for row in audit(Dataset.open(version.path), tmp_path)}
    assert rows["drift.tpot"].verdict is verdict
    assert "over the sessions of one host" in rows["drift.tpot"].evidence


def test_an_order_that_is_confounded_with_time(tmp_path: Path) -> None:
    planned = datasets.plan(STUDY.matrix("quick").cells(), 6, STUDY.order_seed)
    place = {item.run_id: k for k, item in enumerate(sorted(planned, key=lambda p: (p.cell.id, p.block)))}
    rows = recorded(tmp_path, lambda run: replace(run, position=place[run.run_id]))
    assert rows["order_not_blocked"].severity is Severity.ERROR
    assert "overlap" in rows["order_not_blocked"].evidence
    assert rows["order_randomised"].verdict is Verdict.BROKEN


def test_unequal_outputs(tmp_path: Path) -> None:
    def shorter(run: Run) -> Run:
        if run.requested["threads"] == 1:
            return run
        cut = (replace(r, arrivals_ns=r.arrivals_ns[:-2], tokens=r.tokens[:-2]) for r in run.requests)
        return replace(run, requests=tuple(cut))

    rows = recorded(tmp_path, shorter)
    assert rows["output_length_imbalance.threads"].verdict is Verdict.BROKEN
    assert "14.0 to 16.0" in rows["output_length_imbalance.threads"].evidence
    assert rows["output_length_imbalance.model"].verdict is Verdict.HOLDS


def test_an_a_a_pair_that_differs(tmp_path: Path) -> None:
    rows = recorded(tmp_path, effect={"num_gpu=80": 1.5})
    assert rows["a_a.num_gpu.tpot"].verdict is Verdict.BROKEN


def test_other_weights_than_declared(tmp_path: Path) -> None:
    def swapped(run: Run) -> Run:
        assert run.started is not None
        effective: dict[str, Scalar] = {**run.started.effective, "model_sha256": "f" * 64}
        return replace(run, engines=(replace(run.started, effective=effective),))

    assert recorded(tmp_path, swapped)["declared_models"].severity is Severity.ERROR


def test_late_sends(tmp_path: Path) -> None:
    def late(run: Run) -> Run:
        return replace(run, requests=tuple(replace(r, sent_ns=5_000_000) for r in run.requests))

    assert recorded(tmp_path, late)["sent_as_planned"].evidence.startswith("48 of 48")


def test_cold_requests_among_the_measured(tmp_path: Path) -> None:
    def cold(run: Run) -> Run:
        first, *rest = (r for r in run.requests)
        scaled = [
            replace(r, arrivals_ns=tuple(int(a * (1 + 2 / (k + 1))) for a in r.arrivals_ns)) for k, r in enumerate(rest)
        ]
        return replace(run, requests=(first, *scaled))

    assert recorded(tmp_path, cold)["steady_requests"].verdict is Verdict.BROKEN


def test_code_environment_and_calibration_of_the_header(tmp_path: Path) -> None:
    def edited(head: Header) -> Header:
        return replace(
            head,
            code=head.code.model_copy(update={"dirty": True}),
            environment={**head.environment, "hypervisor": "KVM"},
            calibration="a" * 64,
        )

    rows = recorded(tmp_path, head=edited)
    assert rows["known_code"].severity is Severity.WARNING
    assert (rows["bare_metal"].verdict, rows["bare_metal"].severity) == (Verdict.BROKEN, Severity.INFO)
    assert rows["calibrated"].verdict is Verdict.UNKNOWN
    assert rows["client_bound"].verdict is Verdict.HOLDS


@pytest.mark.parametrize(("reused", "verdict"), [(180, Verdict.HOLDS), (0, Verdict.BROKEN), (None, Verdict.UNKNOWN)])
def test_what_a_prompt_factor_did_is_told_by_the_reused_tokens(
    tmp_path: Path, reused: int | None, verdict: Verdict
) -> None:
    """A repeated prompt is reused only where the client asks for it."""

    def edit(run: Run) -> Run:
        again = run.requested["prompt"] == "repeated" and run.requested["cache_prompt"]
        cached = None if reused is None else reused if again else 0
        counted = (replace(r, counters=replace(r.counters, cache_n=cached)) for r in run.requests)
        return replace(run, requests=tuple(counted))

    factors = (
        Factor("prompt", ("unique", "repeated"), None, "", "whether a prompt is sent again"),
        Factor("cache_prompt", (False, True), None, "", "whether its reuse is asked for"),
    )
    rows = recorded(tmp_path, edit, study=replace(STUDY, factors=factors))
    for factor in factors:
        row = rows[f"took_effect.{factor.name}"]
        assert row.verdict is verdict
        assert row.severity is Severity.INFO
    if reused:
        assert rows["took_effect.prompt"].evidence.endswith("unique: 0 to 0; repeated: 0 to 180")


def test_each_session_is_judged_by_itself(tmp_path: Path) -> None:
    named = Dataset.open(datasets.make_dataset(tmp_path, study=synthetic_study("calibration"), runs=1, requests=1))
    client = named.manifest.environment.get("client")
    sessions: list[tuple[str | None, dict[str, Scalar]]] = [
        (named.digest, {"client": client, "hypervisor": "none"}),
        (named.digest, {"client": client, "hypervisor": "kvm", "host_id": "another"}),
        (None, {"hypervisor": "none"}),
    ]
    for seed, (calibration, facts) in enumerate(sessions):
        datasets.make_dataset(
            tmp_path, runs=1, requests=1, seed=seed, calibration=calibration, environment=facts, session={}
        )
    version = publish_version(tmp_path, recordings(tmp_path, "tr108"))
    rows = {row.rule: row for row in audit(Dataset.open(version.path), tmp_path)}
    verdicts = {rule: row.verdict for rule, row in rows.items() if rule.startswith("calibrated")}
    broken = Verdict.BROKEN
    assert verdicts == {"calibrated.r0001": Verdict.HOLDS, "calibrated.r0002": broken, "calibrated.r0003": broken}
    assert "differs in host_id" in rows["calibrated.r0002"].evidence
    assert rows["client_bound"].verdict is Verdict.UNKNOWN
    assert rows["one_environment"].verdict is Verdict.HOLDS
    assert (rows["bare_metal"].verdict, rows["bare_metal"].evidence) == (broken, "hypervisor: none, kvm")
    assert rows["complete"].evidence == "24 of 24 planned runs"


@pytest.mark.parametrize(
    ("flags", "verdict", "said"),
    [
        ({}, Verdict.HOLDS, "same host and client"),
        ({"foreign_load": "a compiler"}, Verdict.BROKEN, "fails its own audit: foreign_load: 8 of 8 runs; for example"),
    ],
)
def test_a_calibration_that_fails_its_own_audit_calibrates_nothing(
    tmp_path: Path, flags: dict[str, str], verdict: Verdict, said: str
) -> None:
    named = Dataset.open(make_calibration(tmp_path / "data", flags=flags))
    row = recorded(tmp_path, head=lambda head: replace(head, calibration=named.digest))["calibrated"]
    assert row.verdict is verdict
    assert said in row.evidence
    assert row.severity is (Severity.WARNING if flags else Severity.INFO)


def test_runs_recorded_without_their_calibration_are_counted(tmp_path: Path) -> None:
    def gone(run: Run) -> Run:
        return replace(run, facts={**run.facts, "judged_by": None if run.position < 3 else "a" * 64})

    rows = recorded(tmp_path, gone, lambda head: replace(head, calibration="a" * 64))
    assert rows["client_bound"].verdict is Verdict.UNKNOWN
    assert rows["client_bound"].evidence.startswith("3 of 48 runs were recorded while")


def test_foreign_load_says_what_it_was_counted_over(tmp_path: Path, sound: dict[str, Row]) -> None:
    assert sound["foreign_load"].evidence.endswith("counted over all processors of the machine")
    pinned = recorded(tmp_path, lambda run: replace(run, facts={**run.facts, "after.elsewhere_cpu": 0.7}))
    assert pinned["foreign_load"].evidence.endswith("with up to 0.70 busy elsewhere")


@pytest.mark.parametrize(("flags", "status"), [({}, 10), ({"foreign_load": "why"}, 20)])
def test_the_exit_status_tells_the_worst_break(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: dict[str, str], status: int
) -> None:
    recorded(tmp_path, lambda run: replace(run, flags=flags))
    with pytest.raises(typer.Exit) as ended:
        command("tr108", None, as_json=True, data=tmp_path / "data")
    assert ended.value.exit_code == status
    printed = {row["rule"]: row for row in json.loads(capsys.readouterr().out)}
    assert printed["calibrated"]["severity"] == "warning"
    assert (printed["foreign_load"]["severity"] == "error") == bool(flags)


@pytest.mark.parametrize(("share", "said"), [(-0.049, "\u22124.9\u00a0%"), (0.1, "+10.0\u00a0%")])
def test_a_drift_is_written_as_pages_write_numbers(share: float, said: str) -> None:
    assert signed_percent(share) == said
