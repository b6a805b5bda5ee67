"""What each rule of the audit is called on a page: by what it asks where it holds, by the reason where it is broken."""

from __future__ import annotations

from ...errors import UnknownName
from ...metrics import METRICS
from ...metrics import metric as metric_named
from ..flags import Flag

WORDS: dict[str, tuple[str, str]] = {
    "imported": ("measured here", "measured by another tool"),
    "complete": ("every planned run is there", "planned runs are not there"),
    "coverage": ("this host can make every run", "runs that this host cannot make"),
    "outcomes": ("every run ended well", "runs that failed"),
    "requests_failed": ("every request was answered", "requests that failed"),
    "requests_degraded": ("every request was answered as asked", "requests answered otherwise than asked"),
    "known_code": ("recorded by committed code", "recorded by uncommitted code"),
    "one_environment": ("nothing changed while recording", "the machine or its software changed while recording"),
    "bare_metal": ("no virtual machine", "a virtual machine"),
    "declared_models": ("the engine loaded the weights that are named", "the engine loaded other weights"),
    "calibrated": ("a calibration vouches for the client", "no calibration vouches for the client"),
    "competing_load_noticed": ("load added on purpose was noticed", "load added on purpose was not noticed"),
    "order_randomised": ("runs in random order", "runs in no random order"),
    "drift": ("no drift of the", "drift of the"),
    "independent_runs": ("runs independent of their neighbours in the", "neighbouring runs are alike in the"),
    "steady_requests": ("no trend over the requests of a run", "a trend over the requests of a run"),
    "sent_as_planned": ("requests sent when planned", "requests sent later than planned"),
    "enough_runs": ("enough runs in each cell", "too few runs in a cell"),
    "took_effect": ("each level took effect:", "levels without effect:"),
    "a_a": ("like levels agree:", "like levels differ:"),
    Flag.CLOCK_RESOLUTION.value: ("clock fine enough", "clock too coarse"),
    Flag.CLIENT_BOUND.value: ("client within its range", "client beyond its range"),
    Flag.LOOP_LAG.value: ("client read in time", "client read late"),
    Flag.FOREIGN_LOAD.value: ("nothing else took the processors", "something else took the processors"),
    Flag.THROTTLING.value: ("processor kept its clock", "processor throttled"),
    Flag.PROMPT_CACHE_HITS.value: ("no prompt came from a cache", "prompts came from a cache"),
    Flag.WARM_UP_NOT_REACHED.value: ("warmed up before measuring", "not warmed up before measuring"),
    Flag.STALL.value: ("no stream stalled", "streams that stalled"),
    Flag.BURSTS.value: ("tokens arrived one by one", "tokens arrived in bursts"),
    Flag.RELOAD.value: ("the model stayed loaded", "the model was loaded again"),
    Flag.OUTPUT_LENGTH_IMBALANCE.value: ("outputs of one length by", "outputs of different length by"),
    Flag.ORDER_NOT_BLOCKED.value: ("runs in complete blocks", "runs not in complete blocks"),
}
"""By the rule's name up to its first dot: where it holds or is not known, and where it is broken."""


def in_words(rule: str, *, broken: bool) -> str:
    """A rule such as ``drift.tpot``; what stands behind its dots is a session, a factor or a metric.

    Raises ``UnknownName`` for a rule without words.
    """
    name, *about = rule.split(".")
    if name not in WORDS:
        raise UnknownName("rule of the audit", name, WORDS)
    told = [f"session {one}" if name == "calibrated" else _plain(one) for one in about]
    separator = ", " if name == "calibrated" else " "
    return separator.join((WORDS[name][broken], *([" and ".join(told)] if told else ())))


def _plain(name: str) -> str:
    """A metric or a factor."""
    return metric_named(name).name if name in METRICS else name.replace("_", " ")
