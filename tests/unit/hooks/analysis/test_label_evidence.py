"""A label is proven by records alone, and one run that says otherwise contradicts it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hooks.analysis.label_evidence import CONTRADICTED, MECHANISMS, PROVEN, SILENT, audit
from hooks.caching.store import Store
from hooks.pages.label_audit import lines, render_label_audit
from hooks.rendering.environment import environment
from tests.support.datasets import make_dataset
from tests.support.projects import ROOT


@pytest.mark.parametrize(
    ("setting", "level", "facts", "verdict"),
    [
        ("compile", "default", {"evidence.graphs": 3}, PROVEN),
        ("compile", "default", {"evidence.graphs": 0}, CONTRADICTED),
        ("compile", "default", {"evidence.graphs": 3, "evidence.eager_passes": 0}, PROVEN),
        ("compile", "default", {"evidence.graphs": 3, "evidence.eager_passes": 2}, CONTRADICTED),
        ("compile", "none", {"evidence.graphs": 0}, PROVEN),
        ("compile", "none", {"evidence.graphs": 1}, CONTRADICTED),
        ("compile", "default", {}, SILENT),
        ("compile", "reduce-overhead", {"evidence.graphs": 3, "evidence.cudagraphs": 0}, CONTRADICTED),
        ("compile", "reduce-overhead", {"evidence.graphs": 3, "evidence.cudagraphs": 2}, PROVEN),
        ("num_gpu", 0, {"layers_offloaded": 0}, PROVEN),
        ("num_gpu", 80, {"layers_offloaded": 0, "model_layers": 30}, CONTRADICTED),
        ("num_gpu", 80, {"layers_offloaded": 31, "model_layers": 30}, PROVEN),
        ("num_gpu", 80, {"layers_offloaded": None}, SILENT),
        ("threads", "2", {"threads": 2}, PROVEN),
        ("threads", "all", {"threads": 2, "cpus_allowed": 4}, CONTRADICTED),
        ("threads", "all", {"threads": 2}, SILENT),
        ("precision", "int8", {"weights_dtype": "qint8 83%, float32 17%"}, PROVEN),
        ("precision", "int8", {"weights_dtype": "float32 100%"}, CONTRADICTED),
        ("precision", "fp32", {"weights_dtype": "float32 100%"}, PROVEN),
        ("precision", "bf16", {"weights_dtype": "bfloat16 60%, float32 40%"}, CONTRADICTED),
        ("provider", "cuda", {"provider": "CPUExecutionProvider"}, CONTRADICTED),
        ("provider", "cpu", {"provider": "CPUExecutionProvider"}, PROVEN),
        ("device", "cuda", {"device": "cpu"}, CONTRADICTED),
        ("device", "cuda", {"device": "NVIDIA H100"}, PROVEN),
        ("num_ctx", 512, {"num_ctx": 2048}, CONTRADICTED),
    ],
)
def test_each_mechanism(setting: str, level: Any, facts: dict[str, Any], verdict: str) -> None:
    (line,) = audit("demo/v1", [({setting: level}, facts)])
    assert (line.verdict, line.level) == (verdict, str(level))
    assert line.proof == MECHANISMS[setting].proof


def test_one_run_contradicts_a_label_and_one_silent_run_leaves_it_unproven() -> None:
    good, bad, silent = {"evidence.graphs": 1}, {"evidence.graphs": 0}, dict[str, Any]()
    (line,) = audit("d/v1", [({"compile": "default"}, facts) for facts in (good, silent, bad)])
    assert line.verdict == CONTRADICTED
    assert line.counts == {PROVEN: 1, SILENT: 1, CONTRADICTED: 1}
    (line,) = audit("d/v1", [({"compile": "default"}, facts) for facts in (good, silent)])
    assert line.verdict == SILENT


def test_what_names_no_mechanism_is_no_label() -> None:
    assert audit("d/v1", [({"temperature": 0.8, "prompt": "unique"}, {})]) == []


def test_the_page_tells_of_the_newest_version_of_each_dataset(tmp_path: Path) -> None:
    make_dataset(tmp_path / "data", runs=1, requests=1)
    make_dataset(tmp_path / "data", runs=1, requests=1, seed=1)
    store = Store(tmp_path / "store")
    assert {line.dataset for line in lines(tmp_path / "data", (), store)} == {"tr108/v2"}
    page = render_label_audit(tmp_path / "data", (), environment(ROOT / "templates"), store)
    assert "tr108/v2" in page.markdown
    assert page.path == "label-audit.md"
    assert store.hits > 0


def test_a_site_without_datasets_says_so(tmp_path: Path) -> None:
    page = render_label_audit(tmp_path, (), environment(ROOT / "templates"), Store(tmp_path / "store"))
    assert "No dataset sealed" in page.markdown
