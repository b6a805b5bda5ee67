"""What tokens cost: the price of an hour over the tokens of the hours that are used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.units import ONE, PERCENT, TOKENS, USD, USD_PER_MTOK, S, Unit

from ...values.value import Value, constant
from ..report_builder import Draft
from ..rows import Row

PREFILL, DECODE, UNCACHED = "server_prefill_tps", "server_decode_tps", "uncached_generate"
THOUSAND = constant(1000.0, ONE, "requests")
MONTH = constant(30 * 86_400.0, S, "thirty days")
Asked = Callable[[Draft, Row], Value]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What costs rest on beside rates: the price of an ``hour`` and the share of it that is ``paid`` (a discount
    leaves less than all), the ``prompt`` and ``output`` tokens of a request, the ``requests`` of a month, and the
    ``used`` share of the hours that are paid."""

    hour: Value
    paid: Value
    prompt: Value
    output: Value
    requests: Value
    used: Value

    @classmethod
    def of(
        cls, hour: Value, *, prompt: float, output: float, requests: float, used: float, paid: float = 100.0
    ) -> Assumptions:
        """A price with a definition of what is asked for; ``used`` and ``paid`` are in percent."""
        return cls(
            hour,
            constant(paid, PERCENT, "share of the price that is paid").named("paid"),
            constant(prompt, TOKENS, "prompt tokens of a request").named("prompt-tokens"),
            constant(output, TOKENS, "output tokens of a request").named("output-tokens"),
            constant(requests, ONE, "requests of a month").named("requests"),
            constant(used, PERCENT, "share of the paid hours that is used").named("used"),
        )


def per_million(given: Assumptions, rate: Value) -> Value:
    """The cost of a million tokens at a ``rate``."""
    return (given.hour * given.paid / rate / given.used).to(USD_PER_MTOK)


def seconds(given: Assumptions, prefill: Value, decode: Value) -> Value:
    """How long a request takes on a machine that does nothing else."""
    return given.prompt / prefill + given.output / decode


def thousand(given: Assumptions, prefill: Value, decode: Value) -> Value:
    """The cost of a thousand requests that follow one another."""
    return (THOUSAND * seconds(given, prefill, decode) * given.hour * given.paid / given.used).to(USD)


def month(given: Assumptions, prefill: Value, decode: Value) -> Value:
    """The cost of the requests of a month."""
    return (given.requests * seconds(given, prefill, decode) * given.hour * given.paid / given.used).to(USD)


def workers(given: Assumptions, prefill: Value, decode: Value) -> Value:
    """How many machines the requests of a month keep busy for the share of the time that they are used."""
    return (given.requests * seconds(given, prefill, decode) / MONTH / given.used).to(ONE)


Formula = Callable[[Assumptions, Value, Value], Value]
COSTS: Mapping[str, tuple[Unit, Formula]] = {
    "a million prompt tokens": (USD_PER_MTOK, lambda given, prefill, _: per_million(given, prefill)),
    "a million output tokens": (USD_PER_MTOK, lambda given, _, decode: per_million(given, decode)),
    "a thousand requests": (USD, thousand),
    "the requests of a month": (USD, month),
    "workers": (ONE, workers),
}
"""Every cost that is computed from the rate of prefill and the rate of decoding: its unit and its formula."""


def output_cost(given: Assumptions) -> Asked:
    """The cost of a million output tokens of a row."""
    return lambda draft, row: per_million(given, draft.ask(DECODE, row.where))
