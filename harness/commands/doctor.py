"""`harness doctor`: what works on this machine, and what to do about the rest."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from ..agents import rust_build, rust_programs
from ..backends import BACKENDS
from ..backends.pytorch import PyTorch
from ..models import GPT2_SOURCE, MODELS
from ..outcomes import Code
from ..probes import PROBES
from ..protocols import Capability, EngineFailed
from ..terminal import Terminal
from ..weights.locate import locate
from . import options


def doctor(as_json: options.Json = False) -> None:
    """Show each engine, model, agent and probe: available, or the reason why not.

    Example: harness doctor
    """
    found = [("engine", BACKENDS.load(name).capability()) for name in BACKENDS]
    found += [("model", _model(name)) for name in MODELS]
    found += [("agent", rust_programs.capability(runtime)) for runtime in rust_build.BINARIES]
    found += [("probe", PROBES.load(name).capability()) for name in PROBES]
    if as_json:
        options.print_json(
            [
                {"kind": kind, "name": c.name, "available": c.available, "version": c.version, "reason": c.reason}
                for kind, c in found
            ]
        )
        return
    table = Table("Kind", "Name", "Available", "Version or reason")
    for kind, c in found:
        table.add_row(kind, c.name, _yes_or_no(c), c.version or c.reason)
    Terminal().print(table)


def _yes_or_no(found: Capability) -> Text:
    return Text("yes", "green") if found.available else Text("no", "yellow")


def _model(name: str) -> Capability:
    if MODELS[name].source == GPT2_SOURCE:
        builder = PyTorch.capability()
        version = f"{GPT2_SOURCE}, untrained" if builder.available else ""
        return Capability(name, builder.available, version, builder.reason)
    try:
        locate(MODELS[name])
    except EngineFailed as error:
        code = error.outcome.code or Code.MODEL_MISSING
        return Capability(name, available=False, reason=f"{code}: {error.outcome.detail}")
    return Capability(name, available=True, version=MODELS[name].source)
