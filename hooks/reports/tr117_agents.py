"""TR117-agents: is there a ceiling of a client in Python, at what rate, and does an engine here reach it?

Clients read what the pacer sends, which says when it wrote each token. The rates of engines are those of TR108, whose
dataset is the second one of this report.
"""

from __future__ import annotations

from ..recipes.agents.ceiling import RECEIVED, lag, received
from ..recipes.agents.knee import LAG, WITHIN, claim_knees
from ..recipes.agents.languages import in_languages, processes
from ..recipes.claims import claim, claim_effect
from ..recipes.columns import RUNS, metric, metrics
from ..recipes.contrasts import against_reference
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, Rows, rows
from ..recipes.tables import table

KINDS = {"arm": "setting", "rate": "setting", "model": "setting", "threads": "setting"}
OVERLOAD, ALONE = "all at once", " × 1"
SHORT, MANY = "all at once (short)", " × 64"
TOGETHER = "aggregate_tps"
OF_ONE = (
    "With tokens offered {rate}, one stream of {arm} {times~1:receives more|receives fewer|is not shown to receive"
    " more or fewer} tokens per second than {model} makes here with {threads} threads: {times} {times.interval}."
)
OF_ALL = (
    "With tokens offered {rate}, the streams of {arm} together {times~1:receive more|receive fewer|are not shown to"
    " receive more or fewer} tokens per second than {model} makes here with {threads} threads: {times}"
    " {times.interval}."
)
MEASURES = {RECEIVED: "received"}


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr117-agents.md cites."""
    clients, engines = draft.asking("clients"), draft.asking("engines")
    arms = rows(clients, "arm", "rate", kinds=KINDS).ended("ok")
    alone = arms.keep(lambda row: str(row.where["arm"]).endswith(ALONE))
    measured = rows(engines, "model", "threads", kinds=KINDS).at(threads=engines.data.levels("threads")[-1])
    title = "Tokens per second that one stream receives of those that it is offered"
    clients_of_one, series = in_languages(alone, "arm"), "{arm}, {language}"
    received(clients_of_one, "received", title, label="{rate}", series=series, engines=measured)
    lag(clients_of_one, "lag", "How far one stream is behind", label="{rate}", series=series)
    rates = metrics(offered_tps="offered, a stream", decode_tps="received, a stream")
    late, all_streams = metric(LAG, "lag", within=WITHIN), metric(TOGETHER, "received, all streams")
    many = arms.keep(lambda row: str(row.where["arm"]).endswith(MANY))
    table(many, "rates", "What clients of many streams receive", rates, late, all_streams)
    claim_knees(arms)
    table(measured, "engines", "What engines here make", metric(RECEIVED, "decode rate"), RUNS)
    _ceilings(alone.at(rate=OVERLOAD), measured, RECEIVED, OF_ONE)
    _ceilings(many.at(rate=SHORT), measured, TOGETHER, OF_ALL)
    _languages(clients)
    title = "What the processes of clients of one stream use under overload"
    processes(alone.at(rate=OVERLOAD), "processes", title)
    draft.headline("engine-httpx-1", *draft.claims)


def _ceilings(over: Rows[Row], measured: Rows[Row], received_as: str, sentence: str) -> None:
    """The rate in overload is the most that a client receives; the engine's is set against it, client by client."""
    draft = over.draft
    most = max(measured, key=lambda row: measured.draft.ask(RECEIVED, row.where).number or 0.0)
    engine = measured.draft.ask(RECEIVED, most.where)
    for row in over:
        most_received = draft.finding(f"most_{row.slug('arm').replace('-', '_')}", draft.ask(received_as, row.where))
        values = {"times": most_received / engine}
        names, meaning = {**most.names, **row.names}, "decode rate of a client in overload over that of an engine"
        name = f"engine-{row.slug('arm')}"
        claim(draft, name, sentence, values, "times.low > 1", meaning=meaning, names=names)


def _languages(draft: Draft) -> None:
    """Every client against the first one, where more is offered than they can take."""
    sentence = (
        "With tokens offered {rate}, {arm} {ratio~1:receives more|receives fewer|is not shown to receive more or"
        " fewer} tokens per second than {reference}: {ratio} {ratio.interval}."
    )
    found = against_reference(draft, MEASURES, "arm", "rate", ("phase", "rate", "arm"), kinds=KINDS)
    for one in found.at(rate=OVERLOAD).keep(lambda one: str(one.where["arm"]).endswith(ALONE)):
        name = f"rate-{one.slug('rate')}-{one.slug('arm')}"
        claim_effect(draft, name, sentence, one.contrast, "ratio.low > 1", names=one.names)
