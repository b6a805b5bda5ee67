"""Stopwatches: the monotonic clock where the processor computes, events of the device where a GPU does."""

from __future__ import annotations

from time import monotonic_ns
from typing import Protocol


class Timer(Protocol):
    """Started once; ``elapsed_ms`` may be asked again and again, and waits until the device has caught up."""

    def start(self) -> None: ...

    def elapsed_ms(self) -> float: ...


class MonotonicTimer:
    """Milliseconds on ``time.monotonic_ns``."""

    def __init__(self) -> None:
        self._began = 0

    def start(self) -> None:
        self._began = monotonic_ns()

    def elapsed_ms(self) -> float:
        return (monotonic_ns() - self._began) / 1e6


class CudaTimer:
    """Milliseconds between CUDA events on the current stream."""

    def __init__(self) -> None:
        import torch

        self._event = torch.cuda.Event
        self._began = self._event(enable_timing=True)

    def start(self) -> None:
        self._began.record()

    def elapsed_ms(self) -> float:
        ended = self._event(enable_timing=True)
        ended.record()
        ended.synchronize()
        return float(self._began.elapsed_time(ended))
