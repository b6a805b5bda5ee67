"""`harness bench`: measure a server of one's own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, redirect_stdout
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from ..backends.openai.address import ADDRESS
from ..backends.openai.agreed import extra_body
from ..bench import repeat
from ..bench.console_table import lengths, reasons, results_table
from ..bench.credentials import USUAL_KEY_VARIABLE, hand_over, typed
from ..bench.destination import Destination, dataset_name, read_destination
from ..bench.first_contact import Contact, contact
from ..bench.lengths import Lengths, read_lengths
from ..bench.load_plan import Load, LoadPlan, bench_study, read_declared, read_levels, refuse_impossible
from ..bench.measure import Bench
from ..bench.prompt_count import PromptCount
from ..bench.prompts import drawn_prompts, read_prompts
from ..bench.results import LoadResult, PromptLengths, as_csv, load_results, prompt_lengths
from ..bench.sweep import MOST_STREAMS
from ..datasets.read import Dataset
from ..design import Prompt, Value
from ..design.limits import read_limits
from ..design.scope import COMMAND
from ..errors import Interrupted, UsageError
from ..execution.executor import Observer
from ..execution.recording_session import Session
from ..processors import processors
from ..protocols import EngineFailed
from ..terminal import Terminal
from . import options
from .progress import RunProgress

SEED = 42
EMBEDDED_MOST = 16
"""Slots of an embedded engine while the load that saturates it is looked for."""
PROMPTS_OF_A_STREAM, PROMPTS_AT_A_RATE = 4, 32
"""Prompts of a run where none are asked for."""
_USUAL: dict[str, Any] = {"input_tokens": "256", "output_tokens": "128", "num_prompts": None, "runs": 6, "warmup": 1}
_QUICK: dict[str, Any] = {"input_tokens": "32", "output_tokens": "16", "num_prompts": 1, "runs": 1, "warmup": 0}

Where = Annotated[
    str | None,
    typer.Argument(
        metavar="[URL]", help="http://HOST:PORT/v1, ollama:TAG or llama.cpp:FILE.gguf; $OPENAI_BASE_URL without it."
    ),
]


def bench(
    url: Where = None,
    model: Annotated[str, typer.Option("--model", help="The model to ask, where the server has several.")] = "",
    name: Annotated[str, typer.Option("--name", help="Name of the dataset; after the model without it.")] = "",
    concurrency: Annotated[
        str, typer.Option("--concurrency", help="Requests at once, such as 1,4,16; each load is measured.")
    ] = "",
    request_rate: Annotated[
        str, typer.Option("--request-rate", help="Requests a second instead, such as 0.5,2; Poisson arrivals.")
    ] = "",
    find_saturation: Annotated[
        bool, typer.Option("--sweep", help="Double the requests at once until throughput stops growing.")
    ] = False,
    max_error_rate: Annotated[
        float, typer.Option("--max-error-rate", min=0, max=1, help="Share of failures that ends a sweep.")
    ] = 0.05,
    input_tokens: Annotated[
        str | None,
        typer.Option(
            "--input-tokens", help="Length of prompts: 256, 128-512 or 256~64 (mean, sd).", show_default="256"
        ),
    ] = None,
    output_tokens: Annotated[
        str | None, typer.Option("--output-tokens", help="Length of answers, likewise.", show_default="128")
    ] = None,
    prompts: Annotated[Path | None, typer.Option("--prompts", help="A file of prompts: text or JSON lines.")] = None,
    num_prompts: Annotated[
        int | None,
        typer.Option(
            "--num-prompts", min=1, max=100_000, help="Prompts of each stream in a run, or of a run at a rate."
        ),
    ] = None,
    runs: Annotated[
        int | None,
        typer.Option("--runs", min=1, max=1000, help="Runs of each load; an interval needs 6.", show_default="6"),
    ] = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Where nothing else is given, the smallest sizes: one prompt a stream, one run."),
    ] = False,
    slo: Annotated[str, typer.Option("--slo", help="Limits for goodput in ms, such as ttft=200,itl=50.")] = "",
    header: Annotated[
        list[str] | None, typer.Option("--header", help="NAME: VALUE, sent and not recorded. May be repeated.")
    ] = None,
    extra_body: Annotated[
        str, typer.Option("--extra-body", help="A JSON object that is added to each request, and recorded.")
    ] = "",
    ca_file: Annotated[Path | None, typer.Option("--ca-file", help="Certificates (PEM) to trust.")] = None,
    api_key_env: Annotated[
        str, typer.Option("--api-key-env", help="Environment variable that holds the key; it is never recorded.")
    ] = USUAL_KEY_VARIABLE,
    ignore_eos: Annotated[
        bool, typer.Option("--ignore-eos/--no-ignore-eos", help="Ask for answers of the full length.")
    ] = True,
    server_info: Annotated[
        str, typer.Option("--server-info", help="What you know of it, such as gpu=H100,engine=vllm; recorded.")
    ] = "",
    out: Annotated[Path, typer.Option("--out", help="Folder of the results.")] = Path("bench"),
    as_json: options.Json = False,
) -> None:
    """Measure a server: try it, calibrate the client once, measure each load, seal the data, print the result.

    Example: harness bench http://localhost:8000/v1 --concurrency 1,4,16
    """
    given = {"input_tokens": input_tokens, "output_tokens": output_tokens, "num_prompts": num_prompts, "runs": runs}
    chosen = sizes(given, quick=quick)
    outputs = read_lengths(chosen["output_tokens"], "--output-tokens")
    asked = _Asked(
        load=_load(concurrency, request_rate, find_saturation),
        inputs=read_lengths(chosen["input_tokens"], "--input-tokens"),
        outputs=outputs,
        prompts=read_prompts(prompts, chosen["num_prompts"], outputs, SEED) if prompts else (),
        count=chosen["num_prompts"],
        warmup=chosen["warmup"],
        runs=chosen["runs"],
        ignore_eos=ignore_eos,
        limits=read_limits(slo) if slo else {},
        declared={**(read_declared(server_info) if server_info else {}), COMMAND: typed(sys.argv[1:])},
        settings=_extra_body(extra_body),
        sweep_until=max_error_rate if find_saturation else None,
    )
    refuse_impossible(asked.load, asked.count_of_prompts)
    where = read_destination(_where(url), model)
    if asked.settings and where.backend != "openai_http":
        raise UsageError("--extra-body adds to what a server at an address is sent; leave it out here")
    hand_over(api_key_env, header or (), ca_file)
    with redirect_stdout(sys.stderr) if as_json else nullcontext():
        try:
            result = _measured(asked, where, name, out)
        except KeyboardInterrupt:
            raise Interrupted("stopped; what was recorded is kept. Run the same command again to go on") from None
    if as_json:
        options.print_json(result.record())
    else:
        result.print(out)


def sizes(given: Mapping[str, Any], *, quick: bool) -> dict[str, Any]:
    """What is ``given``, and for the rest the usual sizes, or the smallest ones."""
    return {**(_QUICK if quick else _USUAL), **{name: value for name, value in given.items() if value is not None}}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a person asked for, read."""

    load: Load
    inputs: Lengths
    outputs: Lengths
    prompts: tuple[Prompt, ...]
    count: int | None
    warmup: int
    runs: int
    ignore_eos: bool
    limits: Mapping[str, Value]
    declared: Mapping[str, Value]
    settings: Mapping[str, Value]
    sweep_until: float | None

    def plan(self, found: Contact) -> LoadPlan:
        """The plan for a server that was tried."""
        return LoadPlan(
            self.load,
            self._prompts(found.counted),
            self.runs,
            self.warmup,
            self.ignore_eos,
            self.settings,
            self.limits,
            self.declared,
        )

    def _prompts(self, counted: PromptCount | None) -> tuple[Prompt, ...]:
        if self.prompts or counted is None:
            return self.prompts
        return drawn_prompts(self.count_of_prompts, self.inputs, self.outputs, counted, SEED)

    @property
    def count_of_prompts(self) -> int:
        """Prompts of each stream in a run, or of a run at a rate."""
        usual = PROMPTS_AT_A_RATE if self.load.open else PROMPTS_OF_A_STREAM
        return len(self.prompts) or self.count or usual

    def ready(self, where: Destination) -> Destination:
        """``where`` with what an embedded engine is started with: a slot for each request at once."""
        if where.backend != "llama_cpp":
            return where
        if where.weights:
            os.environ["BINDERY_WEIGHTS"] = str(where.weights)
        slots = EMBEDDED_MOST if self.load.open or self.sweep_until is not None else int(max(self.load.levels))
        asked = max((len(one.text.encode()) // 2 for one in self.prompts), default=2 * self.inputs.high)
        answer = max((one.max_tokens or 0 for one in self.prompts), default=self.outputs.high)
        longest = asked + answer + 64
        return replace(where, settings={"threads": _threads(), "parallel": slots, "num_ctx": max(512, longest)})


def _threads() -> int:
    """One processor is left to the client: an engine's threads wait for each other, and one that is kept from its
    processor keeps all."""
    return max(1, len(processors()) - 1)


@dataclass(frozen=True, slots=True)
class _Result:
    """A sealed bench."""

    dataset: Dataset
    load: Load
    loads: tuple[LoadResult, ...]
    lines: tuple[str, ...]
    changes: tuple[repeat.Change, ...]
    compared: str
    csv: Path
    prompts: PromptLengths | None
    asked_prompts: str

    def record(self) -> dict[str, object]:
        """For a machine."""
        manifest = self.dataset.manifest
        return {
            "dataset": self.dataset.label,
            "digest": self.dataset.digest,
            "path": str(self.dataset.path),
            "model": manifest.models[0].model_dump(),
            "preflight": list(self.lines),
            "calibration": manifest.calibration,
            "factor": self.load.factor.name,
            "input_tokens": self.asked_prompts or None,
            "prompt_tokens": None if self.prompts is None else asdict(self.prompts),
            "loads": [{**asdict(one), "failed_share": one.failed_share} for one in self.loads],
            "compared_with": self.compared or None,
            "changes": [asdict(one) for one in self.changes],
        }

    def print(self, out: Path) -> None:
        """For people."""
        Terminal().print(results_table(self.loads, self.load, f"{self.dataset.label}: {self.dataset.manifest.title}"))
        for line in filter(
            None, (lengths(self.prompts, self.asked_prompts), reasons(self.loads), *self._failures(), *self._changes())
        ):
            options.say(line)
        options.say(f"Sealed as {self.dataset.path} (sha256 {self.dataset.digest[:12]}); the numbers: {self.csv}")
        options.say(f"Next: reports build --data {out} --out {out / 'site'}")

    def _failures(self) -> Iterator[str]:
        failed = sum(one.failed for one in self.loads)
        if failed:
            yield f"{failed} requests failed; in medians they count as the longest wait."

    def _changes(self) -> Iterator[str]:
        if self.compared:
            shown = [one for one in self.changes if one.shown]
            yield f"Beside {self.compared}: " + (
                "; ".join(
                    f"{self.load.text(one.level)}, {one.name}: {one.ratio:.2f}× [{one.low:.2f}, {one.high:.2f}]"
                    for one in shown
                )
                or f"no change is shown in {len(self.changes)} ratios"
            )


def _measured(asked: _Asked, where: Destination, name: str, out: Path) -> _Result:
    """Everything from the first request to the seal."""
    where = asked.ready(where)
    if where.backend == "openai_http":
        os.environ[ADDRESS] = str(where.settings["base_url"])
    where = replace(where, settings={**where.settings, **asked.settings})
    found = contact(where, drawn=not asked.prompts)
    for line in found.lines():
        options.say(line)
    bench = Bench(out, out / ".state", _progress, options.say)
    plan, where = asked.plan(found), found.destination
    called = name or where.model.name
    if asked.sweep_until is not None:
        plan = replace(plan, load=_swept(bench, plan, where, called, asked.sweep_until))
    study = bench_study(plan, where, called)
    dataset = bench.measured(study, where)
    factor, levels = plan.load.factor.name, plan.load.levels
    loads = load_results(dataset, factor, levels)
    earlier = repeat.before(dataset)
    path = out / f"{dataset_name(called)}-{dataset.manifest.name}.csv"
    path.write_text(as_csv(loads, factor), encoding="utf-8")
    return _Result(
        dataset,
        plan.load,
        loads,
        tuple(found.lines()),
        tuple(repeat.changes(dataset, earlier, factor, levels)) if earlier else (),
        earlier.label if earlier else "",
        path,
        prompt_lengths(dataset),
        "" if asked.prompts else str(asked.inputs),
    )


def _swept(bench: Bench, plan: LoadPlan, where: Destination, called: str, most_failed: float) -> Load:
    """The loads up to saturation; those of a recording that was stopped are not looked for again."""
    begun = bench.begun(bench_study(plan, where, called))
    if begun:
        options.say(f"Continues with the loads that were found before: {', '.join(map(str, begun))} at once.")
        return Load(begun)
    most = EMBEDDED_MOST if where.backend == "llama_cpp" else MOST_STREAMS
    found = bench.saturated(plan, where, called, most_failed, most)
    options.say(f"Stopped: {found.why}.")
    return Load(found.levels)


@contextmanager
def _progress(session: Session) -> Iterator[Observer]:
    with RunProgress(Terminal(), session) as progress:
        yield progress


def _where(url: str | None) -> str:
    found = url or os.environ.get("OPENAI_BASE_URL", "")
    if not found:
        raise UsageError("name a server: harness bench http://HOST:PORT/v1, or set OPENAI_BASE_URL")
    return found


def _load(concurrency: str, request_rate: str, find_saturation: bool) -> Load:
    if sum(map(bool, (concurrency, request_rate, find_saturation))) > 1:
        raise UsageError("--concurrency, --request-rate and --sweep each choose the loads; give one of them")
    if request_rate:
        return Load(read_levels(request_rate, "--request-rate", float), open=True)
    return Load(read_levels(concurrency or "1,4,16", "--concurrency", int))


def _extra_body(text: str) -> dict[str, Value]:
    """A JSON object as the setting that adapters send. Raises ``UsageError``."""
    if not text:
        return {}
    try:
        return {"extra_body": json.dumps(extra_body(text), sort_keys=True)}
    except EngineFailed as error:
        raise UsageError(error.outcome.detail.replace("extra_body", "--extra-body")) from None
