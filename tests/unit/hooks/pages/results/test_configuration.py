"""What a number was measured of: engine, model, load and levels, as the design of its dataset says."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.datasets.manifest import Manifest
from harness.datasets.recordings import read_manifest
from hooks.pages.results.configuration import Configuration, configuration
from hooks.values.questions import Filters

DATA = Path(__file__).resolve().parents[5] / "data"
SHORT: Filters = (("arm", ("onnxruntime",)), ("precision", ("int8",)), ("scenario", ("short",)))


@pytest.fixture
def tr117() -> Manifest:
    return read_manifest(DATA / "tr117" / "v1")


def at(manifest: Manifest, where: Filters) -> Configuration:
    found = configuration(manifest, where)
    assert found is not None
    return found


def test_an_arm_stands_for_its_engine(tr117: Manifest) -> None:
    found = at(tr117, SHORT)
    assert (found.engines, found.models, found.load) == (
        ("onnx_runtime",),
        ("SmolLM2 135M",),
        "one request at a time",
    )
    assert found.words == "engine ONNX Runtime, precision int8, scenario short"
    assert found.single


def test_two_streams_are_another_load(tr117: Manifest) -> None:
    assert at(tr117, (*SHORT[:2], ("scenario", ("dual_short",)))).load == "two requests at once"
    assert at(tr117, SHORT[:2]).load == "several loads"


def test_a_number_over_several_engines_is_of_none(tr117: Manifest) -> None:
    found = at(tr117, SHORT[2:])
    assert len(found.engines) > 1
    assert not found.single
    assert found.pooled == ("arm", "precision")


def test_what_is_pooled_is_said() -> None:
    found = at(read_manifest(DATA / "tr108" / "v3"), (("model", ("gemma-3-270m-q4_k_m",)), ("threads", ("2",))))
    assert found.words == "threads 2; pooled over layers for a GPU, context window and temperature"
    assert found.single


def test_agents_are_a_load_and_a_fixed_model_is_the_model() -> None:
    manifest = read_manifest(DATA / "tr110" / "r0001")
    found = at(manifest, ())
    assert (found.engines, found.models, found.load) == (("llama_cpp",), ("Gemma 3 270M",), "two agents at once")


def test_a_model_that_a_server_only_named_is_the_one_of_its_name() -> None:
    found = at(read_manifest(DATA / "tr117" / "v3"), SHORT)
    assert found.models == ("SmolLM2 135M",)


def test_layers_that_no_engine_put_on_a_gpu_name_no_configuration() -> None:
    manifest = read_manifest(DATA / "tr110" / "r0001")
    where: Filters = (("configuration", ("baseline vs chimera, gpu 80, ctx 1024",)),)
    asked, without = (configuration(manifest, where, layers=layers) for layers in (True, False))
    assert asked is not None
    assert without is not None
    assert "80 layers for a GPU and " in asked.words
    assert without.words == asked.words.replace("80 layers for a GPU and ", "")


@pytest.mark.parametrize("where", [(("run_id", ("r",)),), (("scenario", ("no such level",)),)])
def test_what_is_no_cell_is_no_configuration(tr117: Manifest, where: Filters) -> None:
    assert configuration(tr117, where) is None
