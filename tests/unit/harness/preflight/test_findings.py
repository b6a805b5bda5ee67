"""What a preflight finds besides, and where it is recorded."""

from __future__ import annotations

from dataclasses import replace

from harness.preflight import Topic
from tests.support.dialect_server import ITL_S, Manner, healthy
from tests.support.met_server import meet, said


def test_the_servers_own_metrics_are_found() -> None:
    metrics = 'vllm:num_requests_running{model_name="m"} 2.0\nvllm:prompt_tokens_total{model_name="m"} 7\nother 3\n'
    found, _, _ = meet(healthy(), Manner(metrics=metrics))
    assert "2 quantities" in said(found, Topic.METRICS)[0][1]


def test_findings_become_facts_of_a_run() -> None:
    found, _, _ = meet(healthy(16))
    facts = found.facts()
    assert facts["preflight.buffering"] == "found: chunks come one by one"
    assert replace(found, findings=()).facts() == {}
    assert ITL_S < 1
