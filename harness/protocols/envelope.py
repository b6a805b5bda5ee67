"""Where the instrument may be trusted: the error that a calibration found at each load."""

from __future__ import annotations

from dataclasses import dataclass

from ..units import counted


@dataclass(frozen=True, slots=True)
class Point:
    """The instrument's error at one load: ``streams`` at once, each with a chunk every ``itl_ms``.

    ``ttft_bias_ms`` is the mean of (seen − true). Errors of gaps cancel along a stream, so ``itl_error_ms`` is the mean
    of |seen − true| instead. ``ttft_ms`` is the time to first token at which both were taken.
    """

    streams: int
    ttft_ms: float
    itl_ms: float
    ttft_bias_ms: float
    itl_error_ms: float

    @property
    def bound(self) -> str | None:
        """Why the client is too slow here (off by more than 1 ms and 1 %), or ``None`` where it is not."""
        for name, off, true in (("TTFT", self.ttft_bias_ms, self.ttft_ms), ("ITL", self.itl_error_ms, self.itl_ms)):
            if abs(off) > max(1.0, 0.01 * true):
                at = counted(self.streams, "stream")
                return f"{name} is off by {off:.2f} ms at {at} with a chunk every {self.itl_ms:g} ms"
        return None


@dataclass(frozen=True, slots=True)
class Envelope:
    """All points of one calibration; ``calibration`` is its dataset's identity."""

    calibration: str
    points: tuple[Point, ...]

    def judge(self, streams: int, itl_ms: float) -> str | None:
        """Why a run at this load is client-bound, or ``None`` where the calibration covers it.

        The load is covered by the calibrated points that are at least as hard: as many streams or more, and gaps as
        short or shorter. Of those the mildest decide.
        """
        harder = [p for p in self.points if p.streams >= streams and p.itl_ms <= itl_ms]
        if not harder:
            return f"{counted(streams, 'stream')} with a chunk every {itl_ms:.2f} ms: outside the calibrated range"
        nearest = min(harder, key=lambda p: (p.streams, -p.itl_ms))
        same = [p for p in harder if (p.streams, p.itl_ms) == (nearest.streams, nearest.itl_ms)]
        return next((reason for p in same if (reason := p.bound)), None)
