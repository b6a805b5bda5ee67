"""guidellm as a client of the pacer, where it is installed: its own report beside the pacer's log.

It runs in its own process with its own Python, as its users run it, and asks for the pace in its route's query. Its
requests carry no id that the pacer could log, so both sides are matched in the order in which requests began. Its time
to first token counts from its own send, not from a planned start, which is the kinder measure.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from harness.calibration.pacer.truth import GroundTruth, Pace
from harness.calibration.written import Written

PROMPTS = 64
ABSENT = "guidellm: not in this run; run `make peers`, or name an interpreter that has it with --guidellm PYTHON"
_TOKENIZER = {
    "version": "1.0",
    "added_tokens": [],
    "pre_tokenizer": {"type": "Whitespace"},
    "model": {"type": "WordLevel", "vocab": {"tok": 0}, "unk_token": "tok"},
}


_RUN = """
import runpy, sys
if sys.argv[1] != "run":
    sys.path.append(sys.argv.pop(1))
sys.argv[0] = "guidellm"
runpy.run_module("guidellm", run_name="__main__", alter_sys=True)
"""
"""It needs PyTorch to load its prompts, which the environment of `make peers` leaves to ours."""


def _torch() -> list[str]:
    """Where our PyTorch is, searched last."""
    found = find_spec("torch")
    return [str(Path(found.origin).parents[1])] if found and found.origin else []


def has_guidellm(python: str = sys.executable) -> bool:
    """Whether that interpreter starts and can import it."""
    try:
        asked = subprocess.run([python, "-c", "import guidellm"], capture_output=True, timeout=120)
    except OSError:
        return False
    return asked.returncode == 0


def ttft_errors(python: str, pacer: GroundTruth, streams: int, pace: Pace, rounds: int) -> list[float]:
    """Errors of its times to first token in ms, one per request: ``rounds`` requests on each of ``streams``.

    Raises ``RuntimeError`` with its output where it fails.
    """
    report = guidellm_report(python, pacer, streams, pace, rounds)
    return errors(report, pacer.take_log().values())


def guidellm_report(python: str, pacer: GroundTruth, streams: int, pace: Pace, rounds: int) -> Mapping[str, Any]:
    """What guidellm reports of ``rounds`` requests on each of ``streams``. Raises ``RuntimeError`` where it fails."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = folder / "report.json"
        config = _config(folder, f"http://{pacer.host}:{pacer.port}", pace, streams, rounds)
        command = [python, "-c", _RUN, *_torch(), "run", "--config", str(config), "--disable-console"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=folder)
        if done.returncode or not report.exists():
            raise RuntimeError(f"guidellm failed: {done.stdout[-500:]} {done.stderr[-500:]}")
        found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return found


def errors(report: Mapping[str, Any], log: Iterable[Written]) -> list[float]:
    """Its times to first token minus the pacer's, in ms. Raises ``RuntimeError`` where requests are missing."""
    (benchmark,) = report["benchmarks"]
    seen = sorted(benchmark["requests"]["successful"], key=lambda request: request["info"]["timings"]["request_start"])
    wrote = sorted(log, key=lambda stream: stream.seen_ns)
    if len(seen) != len(wrote) or not seen:
        raise RuntimeError(f"guidellm reports {len(seen)} requests, the pacer {len(wrote)}")
    return [
        request["time_to_first_token_ms"] - (stream.writes_ns[0] - stream.seen_ns) / 1e6
        for request, stream in zip(seen, wrote, strict=True)
    ]


def _config(folder: Path, target: str, pace: Pace, streams: int, rounds: int) -> Path:
    """Files that it needs, none from elsewhere: prompts, a tokenizer of one word, and what to run."""
    (folder / "tokenizer").mkdir()
    (folder / "tokenizer" / "tokenizer.json").write_text(json.dumps(_TOKENIZER), encoding="utf-8")
    tokenizer = {"tokenizer_class": "PreTrainedTokenizerFast"}
    (folder / "tokenizer" / "tokenizer_config.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    prompts = folder / "prompts.txt"
    prompts.write_text("".join(f"tok {k}\n" for k in range(PROMPTS * rounds)), encoding="utf-8")
    query = f"ttft_ms={pace.ttft_ms}&itl_ms={pace.itl_ms}&tokens={pace.tokens}"
    backend = {
        "kind": "openai_http",
        "target": target,
        "model": "pacer",
        "request_format": "/v1/completions",
        "validate_backend": False,
        "api_routes": {"/v1/completions": f"v1/completions?{query}"},
    }
    spec = {
        "backend": backend,
        "profile": {"kind": "concurrent", "streams": [streams]},
        "constraints": [{"kind": "max_requests", "count": streams * rounds}],
        "tokenizer": {"kind": "hf_auto", "model": str(folder / "tokenizer")},
        "data": [{"kind": "text_file", "path": str(prompts)}],
        "outputs": [{"kind": "json", "path": str(folder / "report.json")}],
    }
    config = folder / "config.json"
    config.write_text(json.dumps({"spec": spec}), encoding="utf-8")
    return config
