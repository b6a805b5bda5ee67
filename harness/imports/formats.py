"""Which tool wrote a file, found out from what is in it; its name says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from importlib import import_module

from ..errors import UsageError
from ..recorder.pack_members import opened
from .foreign import Foreign
from .json_reader import JsonReader
from .source import Source, shown
from .spool import Spool

Reader = Callable[[Source, Spool], Foreign]
_HEAD = 4096
_NO_TEXT = {
    b"\x1f\x8b": "compressed (gzip); unpack it",
    b"\x28\xb5\x2f\xfd": "compressed (zstd); unpack it",
    b"\xfd7zXZ": "compressed (xz); unpack it",
    b"BZh": "compressed (bzip2); unpack it",
    b"\x04\x22\x4d\x18": "compressed (lz4); unpack it",
    b"7z\xbc\xaf": "a 7z archive; unpack it",
    b"PK\x03\x04": "a zip archive; unpack it",
    b"PAR1": "Parquet; export JSON from the tool",
    b"SQLite format 3": "a database of SQLite; export JSON from the tool",
    b"\xff\xfe\x00\x00": "text in UTF-32; save it as UTF-8",
    b"\xff\xfe": "text in UTF-16, as PowerShell writes it; save it as UTF-8",
    b"\xfe\xff": "text in UTF-16; save it as UTF-8",
}
_OTHERS = {
    "| model": "a table of llama-bench, whose numbers are rounded; run it with -o json",
    "CREATE TABLE": "SQL, as of llama-bench; run it with -o json",
    "INSERT INTO": "SQL, as of llama-bench; run it with -o json",
    "Metric,avg": "the CSV of AIPerf or genai-perf; import the JSON beside it",
    "Run Info,": "the CSV of guidellm; import benchmarks.json",
    "config.name,": "the CSV of optimum-benchmark; import benchmark.json",
    "<": "HTML or XML; import the JSON that the tool wrote",
}
"""How files of benchmark tools begin that say less than another one, and which one that is."""
_WITHOUT_SERVER = (
    (frozenset({"elapsed_time", "num_requests", "tokens_per_second"}), "vllm bench throughput"),
    (frozenset({"avg_latency", "latencies", "percentiles"}), "vllm bench latency"),
)
_MOST_NAMES = 1000


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. ``target`` is the module and the function that reads it.

    One of JSON has all names of ``has`` in its first object and none of ``lacks``; one of ``rows`` has them in its
    first line, with commas between; one of text begins with ``begins``.
    """

    name: str
    target: str
    has: frozenset[str] = field(default_factory=frozenset)
    lacks: frozenset[str] = field(default_factory=frozenset)
    listed: bool = False
    rows: bool = False
    begins: tuple[str, ...] = ()

    @property
    def read(self) -> Reader:
        """The function that reads such a file."""
        module, _, function = self.target.partition(":")
        reader: Reader = getattr(import_module(f"harness.imports.{module}"), function)
        return reader


def _json(name: str, target: str, has: str, lacks: str = "", *, listed: bool = False) -> Format:
    return Format(name, target, frozenset(has.split()), frozenset(lacks.split()), listed)


FORMATS: tuple[Format, ...] = (
    _json("guidellm JSON", "guidellm:read", "benchmarks"),
    _json("AIPerf records", "aiperf:read_records", "metadata metrics", "benchmarks aiperf_version"),
    _json("AIPerf errors", "aiperf:read_records", "metadata error", "benchmarks aiperf_version"),
    _json("AIPerf records", "aiperf:read_records", "metadata metrics", listed=True),
    _json("AIPerf errors", "aiperf:read_records", "metadata error", listed=True),
    _json("AIPerf JSON", "aiperf:read_summary", "aiperf_version"),
    _json("AIPerf JSON", "aiperf:read_summary", "request_latency input_config error_summary"),
    _json("AIPerf JSON", "aiperf:read_summary", "records input_config was_cancelled"),
    _json("vLLM bench JSON", "vllm_bench:read", "num_prompts completed duration"),
    _json("genai-perf raw JSON", "genai_perf:read_raw", "experiments"),
    _json(
        "genai-perf JSON",
        "genai_perf:read_summary",
        "request_latency input_config",
        "aiperf_version error_summary was_cancelled",
    ),
    _json("inference-perf summary", "inference_perf:read_summary", "load_summary successes failures"),
    _json("inference-perf requests", "inference_perf:read_requests", "start_time end_time info", listed=True),
    _json("optimum-benchmark JSON", "optimum_benchmark:read", "config report"),
    _json("llama-bench JSON", "llama_bench:read_json", "n_prompt n_gen avg_ts", listed=True),
    _json("llama-bench JSONL", "llama_bench:read_json", "n_prompt n_gen avg_ts"),
    Format("llama-bench CSV", "llama_bench:read_csv", frozenset({"n_prompt", "n_gen", "avg_ts"}), rows=True),
    Format("LoadGen detail log", "loadgen:read_detail", begins=(":::MLLOG",)),
    Format("LoadGen summary", "loadgen:read_summary", begins=("================",)),
)


def format_of(source: Source) -> Format:
    """The format of a file. Raises ``UsageError`` where it is none of these, ``DataError`` where it is no JSON."""
    with opened(source.path) as file:
        head = file.read(_HEAD).decode("utf-8-sig", "replace").lstrip()
    columns = {name.strip().strip('"') for name in head.partition("\n")[0].split(",")}
    for one in FORMATS:
        if (one.begins and head.startswith(one.begins)) or (one.rows and one.has <= columns):
            return one
    if head[:1] not in ("{", "["):
        raise _unknown(source)
    return _format_of_json(source)


def _format_of_json(source: Source) -> Format:
    with opened(source.path) as file:
        reader = JsonReader(file, source)
        inside = reader.peek() == "["
        candidates = [one for one in FORMATS if one.has and not one.rows and one.listed is inside]
        seen: set[str] = set()
        for name in _names(reader, listed=inside):
            seen.add(name)
            found = next((one for one in candidates if one.has <= seen and not one.lacks), None)
            if found:
                return found
        found = next((one for one in candidates if one.has <= seen and not one.lacks & seen), None)
        if found is None:
            raise _unknown(source, seen)
        return found


def _names(reader: JsonReader, *, listed: bool) -> Iterator[str]:
    """The names in the first object of a file, or of the list that it is."""
    for _ in reader.items() if listed else (0,):
        if reader.peek() != "{":
            return
        for place, name in enumerate(reader.members()):
            if place == _MOST_NAMES:
                return
            yield name
            reader.skip()
        return


def _unknown(source: Source, names: Set[str] = frozenset()) -> UsageError:
    """The error of a file by how it begins, or by the ``names`` in its first object."""
    with opened(source.path) as file:
        begins = file.read(_HEAD)
    text = begins.decode("utf-8-sig", "replace").lstrip()
    if not text and source.bytes <= _HEAD:
        return UsageError(f"{source.path} is empty; export the results again")
    for magic, what in _NO_TEXT.items():
        if begins.startswith(magic):
            return UsageError(f"{source.path} is {what}, and import the file again")
    for beginning, what in _OTHERS.items():
        if text.startswith(beginning):
            return UsageError(f"{source.path} is {what}")
    for its, tool in _WITHOUT_SERVER:
        if its <= names:
            return UsageError(f"{source.path} is of {tool}, which asks no server; import that of vllm bench serve")
    known = ", ".join(dict.fromkeys(one.name for one in FORMATS))
    return UsageError(
        f"{source.path} is no pack of harness export and of no format that is known{_seen(text, names)}; "
        f"import one of: {known}"
    )


def _seen(text: str, names: Set[str]) -> str:
    """What there is instead, as far as it helps to find out why."""
    if names:
        return f": its first object has {shown(sorted(names))}"
    return {"{": ": its first object is empty", "[": ": it is a list whose first value has no names"}.get(text[:1], "")
