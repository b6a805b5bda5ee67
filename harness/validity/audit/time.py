"""Rules about time: no drift over the session, independent runs, warm requests, requests sent when planned."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...metrics import metric as metric_named
from ...metrics.definition import PRESENT, RateMetric, RequestMetric
from ...metrics.runs import RunValues
from ...outcomes import NoValue
from ...stats.arrays import Floats
from ...stats.significance.multiplicity import holm
from ...stats.significance.serial import independence
from ...stats.significance.steady import steady
from ...stats.significance.trend import Drift, drift
from ..flags import Flag
from .row import Row, Severity, judged, unknown
from .subject import TESTED, Subject

ALPHA = 0.05
LATE_MS = 1.0


def signed_percent(share: float) -> str:
    """A change in per cent with its sign, as a page writes it."""
    return f"{share * 100:+.1f}\u00a0%".replace("-", "\u2212")


def _present(values: RunValues) -> RunValues:
    return values.take(values.reason == PRESENT)


def no_drift(subject: Subject) -> Iterator[Row]:
    """No audited metric moves with the position in the session, or over the sessions of one host (Holm over the
    metrics)."""
    time = "session" if len(subject.dataset.recordings) == 1 else "sessions of one host"
    found: dict[str, Drift] = {}
    for name in TESTED:
        values = _present(subject.values[name])
        try:
            found[name] = drift(values.values, values.columns["position"], subject.cells_by_host(values))
        except NoValue as why:
            yield unknown(f"{Flag.DRIFT}.{name}", str(why))
    corrected = holm(np.array([d.p_value for d in found.values()])) if found else ()
    for (name, d), p in zip(found.items(), corrected, strict=True):
        said = (
            f"{signed_percent(d.change)} over the {time}, p {p:.3f} (corrected; by itself {d.p_value:.3f}), {d.n} runs"
        )
        yield judged(f"{Flag.DRIFT}.{name}", bool(p <= ALPHA), Severity.WARNING, said)


def independent_runs(subject: Subject) -> Iterator[Row]:
    """Runs of one cell on one host are not alike for lying close in time; intervals over runs assume it."""
    for name in TESTED:
        values = _present(subject.values[name])
        rule = f"independent_runs.{name}"
        try:
            found = independence(values.values, values.columns["position"], subject.cells_by_host(values))
        except NoValue as why:
            yield unknown(rule, str(why))
            continue
        said = f"lag-one correlation {found.lag_one:.2f}, at most {found.implied:.3f} between runs of one cell"
        yield judged(rule, not found.holds, Severity.WARNING, said)


def warm(subject: Subject) -> Iterator[Row]:
    """The measured requests of a run show no trend in time per token."""
    try:
        found = steady(_by_request(subject))
    except NoValue as why:
        yield unknown("steady_requests", str(why))
        return
    yield judged("steady_requests", found.discard != 0, Severity.WARNING, found.rule)


def _by_request(subject: Subject) -> Floats:
    """Time per token, shape ``(streams, requests)``: the streams of all runs whose measured requests all have one, as
    many as most streams do."""
    tpot = metric_named("tpot")
    if not isinstance(tpot, RequestMetric | RateMetric):
        raise TypeError("tpot is a metric of requests")
    parts = subject.requests.prepared.parts
    run = np.concatenate([part.of("measured") for part in parts]) if parts else np.empty(0, np.int64)
    kept = run >= 0
    if not kept.any():
        return np.empty((0, 0))
    values = np.concatenate([tpot.compute(part.batch).values for part in parts])[kept]
    run, stream = run[kept], subject.requests.table["stream"].to_numpy()[kept]
    order = np.lexsort((stream, run))
    starts = np.flatnonzero(np.append(True, (np.diff(run[order]) != 0) | (np.diff(stream[order]) != 0)))
    widths = np.diff(np.append(starts, len(values)))
    whole = np.logical_and.reduceat(np.isfinite(values[order]), starts)
    width = np.bincount(widths[whole]).argmax() if whole.any() else 0
    first = starts[whole & (widths == width)]
    return np.asarray(values[order][first[:, None] + np.arange(width)], np.float64)


def sent_as_planned(subject: Subject) -> Iterator[Row]:
    """Requests left when they were planned to; where they did not, the wait is in the latency and shown apart."""
    values = _present(subject.values["schedule_delay"])
    if not len(values):
        yield unknown("sent_as_planned", "no send times")
        return
    late = int((values.values > LATE_MS).sum())
    said = f"{late} of {len(values)} runs with a mean delay over {LATE_MS:g} ms, at most {values.values.max():.3f} ms"
    yield judged("sent_as_planned", late > 0, Severity.WARNING, said)
