"""Specs of runs, from settings by name as a study has them."""

from __future__ import annotations

from harness.design import Prompt, Value, Workload
from harness.design.settings import run_settings
from harness.protocols import Deadlines
from harness.protocols.run_spec import RunSpec

HELLO = Workload((Prompt("p", "Hello there"),), max_tokens=4)


def spec_of(backend: str, model: str, workload: Workload = HELLO, **settings: Value) -> RunSpec:
    """A spec of the run ``abc-000``. In names of settings, ``__`` stands for the dot of a scope."""
    requested: dict[str, Value] = {"model": model, "backend": backend}
    requested |= {name.replace("__", "."): value for name, value in settings.items()}
    typed = run_settings(requested, backend)
    return RunSpec(
        study="demo",
        run_id="abc-000",
        cell_id="abc",
        replicate=0,
        block=0,
        position=3,
        requested=requested,
        settings=typed,
        workload=workload,
        max_tokens=typed.requests.max_tokens or workload.max_tokens,
        deadlines=Deadlines(),
        engine_logs="",
    )
