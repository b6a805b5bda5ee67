"""The error of our times to first token beside that of a client in C, in the same run.

    python -m tests.benchmarks.c_client [--rounds 10]

Both ask one pacer in turn, each time in a fresh process, so that every request is of a first wave. The error is the
time from the planned start less the pacer's own from the request's arrival. The pacer has
the first processor and the clients have the others, where there are several.

What else a machine does adds to an error. On a busy one run it under a real-time policy, for all three alike:
``chrt --fifo 1 python -m tests.benchmarks.c_client``. Each client's quietest round is printed beside.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from harness.calibration.pacer.truth import GroundTruth, Pace
from harness.probes.machine_load import LoadMeter
from tests.benchmarks.bare_client import ABSENT, compiled
from tests.benchmarks.client_error import Errors, play, processors

GOALS = {0.5: 1.3, 0.99: 3.0}
"""How many times the error of the client in C ours may be, by quantile."""
STREAMS = (1, 16, 64)
TTFT_MS, ITL_MS, TOKENS = 20.0, 5.0, 6
ALONE, APART_NS = 32, 60_000_000
"""A single stream is asked for so often, and the next only when it has ended."""


def round_of(pacer: GroundTruth, program: Path | None, streams: int) -> list[float]:
    """The errors of one round in ms, of ours without a ``program``."""
    found, alone = Errors(), streams == 1
    asked = [Pace(str(k), TTFT_MS, ITL_MS, TOKENS) for k in range(ALONE if alone else streams)]
    play(pacer, "ours", asked, found, APART_NS if alone else 313_000, program)
    return found.ttft


def compare(streams: int, ours: list[list[float]], theirs: list[list[float]]) -> None:
    """Prints the errors and their ratios, with the goals."""
    for quantile, goal in GOALS.items():
        mine, other = (float(np.quantile(np.concatenate(rounds), quantile)) for rounds in (ours, theirs))
        quiet = [min(float(np.quantile(one, quantile)) for one in rounds) for rounds in (ours, theirs)]
        said = "met" if mine <= goal * other else "MISSED"
        print(
            f"{streams:>3} streams, p{100 * quantile:g} ms: ours {mine:.3f}, C {other:.3f}, ratio {mine / other:.2f}, "
            f"goal {goal:g}: {said}; n={sum(map(len, ours))}; quietest rounds {quiet[0]:.3f} and {quiet[1]:.3f}"
        )


def main() -> None:
    """Prints both quantiles at each number of streams."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    meter = LoadMeter()
    meter.read()
    with tempfile.TemporaryDirectory() as folder:
        program = compiled(Path(folder))
        if program is None:
            print(ABSENT)
            return
        with GroundTruth(processors()[0] if len(processors()) > 1 else None) as pacer:
            for streams in STREAMS:
                ours: list[list[float]] = []
                theirs: list[list[float]] = []
                for _ in range(rounds):
                    ours.append(round_of(pacer, None, streams))
                    theirs.append(round_of(pacer, program, streams))
                compare(streams, ours, theirs)
    load = meter.read()
    print(f"others took {load['foreign_cpu']} processors and the hypervisor {load['steal']} over {load['window_s']} s")


if __name__ == "__main__":
    main()
