"""What Ollama reports of a model: ``/api/show`` and ``/api/ps``. Reported is weaker than proven."""

from __future__ import annotations

import hashlib
import re

from ...client.json_records import BadRecord, CounterReader, Record, section, text
from ...events import Scalar, Settings

_WEIGHTS = re.compile(r"^FROM\s+\S*sha256[-:]([0-9a-f]{64})\s*$", re.MULTILINE)


def weights_digest(shown: Record) -> str | None:
    """SHA-256 (hex) of the weights file that the Modelfile of ``/api/show`` names; ``None`` where it names none.

    The ``digest`` that Ollama lists is that of a manifest, which changes with a template.
    """
    found = _WEIGHTS.search(_text(shown, "modelfile"))
    return found[1] if found else None


def reported(shown: Record, running: Record) -> Settings:
    """The facts of a run.

    Ollama names no layer count: all of the model in GPU memory means every layer and the output layer, none of it
    means 0, and anything between is unknown (``None``). The context is what ``/api/ps`` says, which was seen to differ
    from what the runner used.
    """
    info, details = section(shown, "model_info"), section(shown, "details")
    architecture = _text(info, "general.architecture")
    layers = CounterReader(info).count(f"{architecture}.block_count")
    memory = CounterReader(running)
    size, in_gpu = memory.count("size"), memory.count("size_vram")
    offloaded = None
    if in_gpu == 0:
        offloaded = 0
    elif in_gpu is not None and in_gpu == size and layers is not None:
        offloaded = layers + 1
    facts: dict[str, Scalar] = {
        "model_sha256": weights_digest(shown),
        "manifest_sha256": _text(running, "digest")[:80] or None,
        "model_layers": layers,
        "n_params": CounterReader(info).count("general.parameter_count"),
        "quantisation": _text(details, "quantization_level")[:40] or None,
        "num_ctx": memory.count("context_length"),
        "num_ctx_source": "reported by the server, not proven",
        "layers_offloaded": offloaded,
        "size_bytes": size,
        "size_vram_bytes": in_gpu,
        **_modelfile(shown),
    }
    return facts


def _modelfile(shown: Record) -> dict[str, Scalar]:
    """What the Modelfile adds to prompts and to the end of answers, where it does."""
    found: dict[str, Scalar] = {}
    if system := _text(shown, "system"):
        found["modelfile_system"] = system[:200]
    if template := _text(shown, "template"):
        found["template_sha256"] = hashlib.sha256(template.encode("utf-8", "surrogatepass")).hexdigest()
    stops = re.findall(r"^stop\s+(.*)$", _text(shown, "parameters"), re.MULTILINE)
    if stops:
        found["modelfile_stop"] = ", ".join(stop.strip() for stop in stops)[:200]
    return found


def _text(record: Record, key: str) -> str:
    try:
        return text(record, key)
    except BadRecord:
        return ""
