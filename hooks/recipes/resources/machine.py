"""Memory as the engine and as the kernel see it, and a decode step against the rate at which memory is read."""

from __future__ import annotations

from collections.abc import Collection

from harness.units import MS, PERCENT

from ...values.evidence import Level
from ...values.value import Value
from ..columns import AskedColumn, column, count, metric, metrics
from ..report_builder import Draft
from ..rows import Row, Rows
from ..tables import table

STEP = "decode_step"


def memory(cells: Rows[Row], name: str, caption: str, without: Collection[Level]) -> None:
    """A table of what the engine reports beside what the kernel says of its process, with the smallest and the largest
    context; changes ``without`` a memory of their own are left out."""
    contexts = cells.draft.data.levels("context")
    ends = cells.keep(lambda row: row.where["context"] in (contexts[0], contexts[-1]))
    shown = ends.keep(lambda row: row.where["change"] not in without)
    engine = metrics(weight_bytes="weights", kv_cache="cache", compute_buffers="buffers")
    process = metrics(engine_rss_highest="high-water mark", engine_pss="proportional", engine_anonymous="no file's")
    faults = count("engine_faults", "page faults"), count("engine_major_faults", "page faults that read a disk")
    table(shown, name, caption, engine, process, faults)


def roofline(base: Rows[Row], name: str, caption: str) -> None:
    """A table of how long reading the weights and a full cache takes, beside a decode step; a finding
    ``read_bandwidth``."""
    base.draft.finding("read_bandwidth", base.draft.ask("read_bandwidth", {"change": "base"}))
    weights: AskedColumn[Row] = column("reading the weights", lambda draft, row: _read(draft, row, "weight_bytes"), MS)
    cache: AskedColumn[Row] = column("reading a full cache", lambda draft, row: _read(draft, row, "kv_cache"), MS)
    share = column("explained by the weights", _share, PERCENT)
    table(base, name, caption, metric(STEP, "decode step"), weights, cache, share)


def _read(draft: Draft, row: Row, metric_id: str) -> Value:
    return (draft.ask(metric_id, row.where) / draft.ask("read_bandwidth", {"change": "base"})).to(MS)


def _share(draft: Draft, row: Row) -> Value:
    return (_read(draft, row, "weight_bytes") / draft.ask(STEP, row.where)).to(PERCENT)
