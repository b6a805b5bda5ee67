"""Where the instrument may be trusted: the error that a calibration found at each load."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """The instrument's error at one load: ``streams`` at once, each with a chunk every ``itl_ms``.

    Biases are means of (seen − true), in ms; ``ttft_ms`` is the time to first token at which they were taken.
    """

    streams: int
    ttft_ms: float
    itl_ms: float
    ttft_bias_ms: float
    itl_bias_ms: float

    @property
    def bound(self) -> str | None:
        """Why the client is too slow here (|bias| > max(1 ms, 1 %)), or ``None`` where it is not."""
        for name, bias, true in (("TTFT", self.ttft_bias_ms, self.ttft_ms), ("ITL", self.itl_bias_ms, self.itl_ms)):
            if abs(bias) > max(1.0, 0.01 * true):
                return f"{name} bias {bias:+.2f} ms at {self.streams} streams, ITL {self.itl_ms:g} ms"
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
            return f"{streams} streams with a chunk every {itl_ms:.2f} ms lie outside the calibrated range"
        nearest = min(harder, key=lambda p: (p.streams, -p.itl_ms))
        same = [p for p in harder if (p.streams, p.itl_ms) == (nearest.streams, nearest.itl_ms)]
        return next((reason for p in same if (reason := p.bound)), None)
