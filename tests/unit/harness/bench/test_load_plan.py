"""A plan is a study like any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.bench.credentials import hand_over, typed
from harness.bench.destination import read_destination
from harness.bench.load_plan import Load, LoadPlan, bench_study, read_declared, read_levels, refuse_impossible
from harness.design import Prompt
from harness.design.limits import read_limits
from harness.design.load import ClosedLoop, OpenLoop
from harness.errors import StudyError, UsageError

SERVER = read_destination("http://127.0.0.1:8000/v1", "served/model")
PROMPTS = (Prompt("a", "One.", max_tokens=4), Prompt("b", "Two.", max_tokens=9))


def test_requests_at_once_are_a_closed_loop() -> None:
    study = bench_study(LoadPlan(Load((1, 4)), PROMPTS, runs=6), SERVER, "My Server")
    loads = [study.run_settings(cell).load for cell in study.matrix("bench").cells()]
    assert loads == [ClosedLoop(1), ClosedLoop(4)]
    assert (study.id, study.title, study.workload.max_tokens) == ("bench-my-server", "served/model", 9)
    (server,) = study.run_settings(study.matrix("bench").cells()[0]).servers
    assert (server.backend, server.model) == ("openai_http", "served/model")
    assert server.engine == {"base_url": "http://127.0.0.1:8000/v1", "served_model": "served/model"}


def test_requests_a_second_are_an_open_loop_that_sends_each_prompt() -> None:
    study = bench_study(LoadPlan(Load((0.5, 2.0), open=True), PROMPTS, runs=1), SERVER, "s")
    loads = [study.run_settings(cell).load for cell in study.matrix("bench").cells()]
    assert loads == [OpenLoop(0.5, requests=2), OpenLoop(2.0, requests=2)]


def test_limits_and_what_is_declared_are_recorded_and_reach_no_engine() -> None:
    plan = LoadPlan(Load((1,)), PROMPTS, 1, limits={"slo.ttft_ms": 200.0}, declared=read_declared("gpu=H100, site=a b"))
    study = bench_study(plan, SERVER, "s")
    (cell,) = study.matrix("bench").cells()
    assert study.settings(cell)["slo.ttft_ms"] == 200.0
    assert study.settings(cell)["declared.site"] == "a b"
    assert "goodput" in study.metrics
    assert not [name for name in study.run_settings(cell).servers[0].engine if "." in name]


def test_another_length_of_answers_is_another_study() -> None:
    one, other = (
        bench_study(LoadPlan(Load((1,)), (Prompt("a", "One.", max_tokens=n),), 1), SERVER, "s") for n in (4, 5)
    )
    assert one.fingerprint() != other.fingerprint()


def test_a_limit_that_does_not_exist_is_refused() -> None:
    with pytest.raises(StudyError, match="did you mean ttft_ms"):
        bench_study(LoadPlan(Load((1,)), PROMPTS, 1, limits={"slo.tfft_ms": 2.0}), SERVER, "s")


@pytest.mark.parametrize("text", ["", "0", "1,1", "a", "-1", "1,,2", "nan"])
def test_levels_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--request-rate"):
        read_levels(text, "--request-rate", float)


@pytest.mark.parametrize("text", ["gpu", "=H100", "a b=c", "gpu="])
def test_what_declares_nothing_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="NAME=VALUE"):
        read_declared(text)


def test_the_command_line_is_recorded_without_what_is_private() -> None:
    arguments = ["bench", "llama.cpp:/home/me/x.gguf", "--header", "Authorization: Bearer s3cret", "--runs", "2"]
    arguments += ["--header=X: s3cret", "--out", "/home/me/out", "--json", "--prompts", "/home/me/p.jsonl"]
    assert typed(arguments) == "harness bench llama.cpp:x.gguf --runs 2 --prompts p.jsonl"


@pytest.mark.parametrize("text", ["gpu=H100,gpu=H200"])
def test_what_is_declared_twice_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="twice"):
        read_declared(text)
    with pytest.raises(UsageError, match="twice"):
        read_limits("ttft=1,ttft=2")


@pytest.mark.parametrize("header", ["Host: x", "content-length: 3", "X", "A: b\r\nC: d"])
def test_a_header_that_cannot_be_sent_is_refused(header: str) -> None:
    with pytest.raises(UsageError, match="--header"):
        hand_over("OPENAI_API_KEY", [header], None)


def test_a_file_that_holds_no_certificates_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINDERY_CA_FILE", "")
    (tmp_path / "ca.pem").write_text("no certificate", encoding="utf-8")
    with pytest.raises(UsageError, match="PEM"):
        hand_over("OPENAI_API_KEY", (), tmp_path / "ca.pem")


def test_a_variable_that_is_to_hold_the_key_has_to_be_set() -> None:
    with pytest.raises(UsageError, match="not set"):
        hand_over("NO_SUCH_KEY", (), None)


@pytest.mark.parametrize(("load", "said"), [(Load((1e-9, 2.0), open=True), "1e-09"), (Load((1, 10**6)), "1000000")])
def test_a_load_that_cannot_be_made_is_refused(load: Load, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        refuse_impossible(load, 32)
    refuse_impossible(Load((0.5,), open=True), 32)
    refuse_impossible(Load((1, 64)), 4)
