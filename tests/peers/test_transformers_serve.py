"""`transformers serve`: it refuses fields, sends no [DONE] and tells no times; what passes on the wire is the truth."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from harness.models import SMOLLM2_135M
from harness.weights.checkpoints import folder as checkpoint
from tests.peers.conftest import agreed, measure
from tests.support.peers import serving
from tests.support.ports import steady_port

pytestmark = [pytest.mark.peers, pytest.mark.engine]
_SERVE = """
import site, sys
site.addsitedir(sys.argv.pop(1))
from transformers.cli.transformers import main
main()
"""
"""It runs with our PyTorch and takes what else a server needs from the environment of peers, which has none."""


@pytest.fixture(scope="module")
def model() -> str:
    if find_spec("torch") is None or find_spec("transformers") is None:
        pytest.skip("PyTorch is not installed")
    return str(checkpoint(SMOLLM2_135M))


@pytest.fixture(scope="module")
def served(peers: str, model: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("transformers"), steady_port()
    (packages,) = Path(peers).parents[1].glob("lib/python*/site-packages")
    command = [sys.executable, "-c", _SERVE, str(packages), "serve", model, "--port", str(port), "--device", "cpu"]
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder), "OMP_NUM_THREADS": "1"}
    with serving([*command, "--host", "127.0.0.1"], port, folder, offline) as url:
        yield url


def test_our_times_are_those_that_pass_on_the_wire(served: str, model: str, tmp_path: Path) -> None:
    agreed(lambda: measure(served, tmp_path, prompts=2, tokens=8, model=model).beside_the_tap())
