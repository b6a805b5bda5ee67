"""PyTorch in the worker's process."""

from __future__ import annotations

from importlib import metadata
from importlib.util import find_spec

from ..protocols import Capability
from .in_process.backend import InProcess
from .in_process.torch.engine import SETTINGS, TorchEngine

INSTALL = "install the extra: pip install 'bindery[inprocess]'"


class PyTorch(InProcess):
    """transformers models; the settings are those of ``TorchEngine``."""

    SETTINGS = (*InProcess.SETTINGS, *SETTINGS)

    def __init__(self) -> None:
        super().__init__(TorchEngine())

    @classmethod
    def capability(cls) -> Capability:
        missing = [name for name in ("torch", "transformers", "accelerate", "gguf") if find_spec(name) is None]
        if missing:
            return Capability("pytorch", available=False, reason=f"{', '.join(missing)} not installed; {INSTALL}")
        return Capability("pytorch", available=True, version=metadata.version("torch"))
