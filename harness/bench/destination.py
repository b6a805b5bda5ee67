"""What `harness bench` measures: the address of a server, a tag of an Ollama, or a GGUF file for llama.cpp."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ..design import Value
from ..errors import UsageError
from ..models import MODELS, Model, file_model, served_model

HOW = "give an address such as http://127.0.0.1:8000/v1, ollama:TAG, or llama.cpp:FILE.gguf"


@dataclass(frozen=True, slots=True)
class Destination:
    """``backend`` with its ``settings``. ``model`` is what is known of the weights before anybody asks: of a server of
    somebody else a name alone, empty where the server is to name it. ``weights`` is the file of an embedded engine;
    ``shown`` is what a person types for it, without the folder of a file."""

    backend: str
    shown: str
    model: Model
    settings: dict[str, Value] = field(default_factory=dict)
    weights: Path | None = None


def read_destination(text: str, model: str = "") -> Destination:
    """The destination that ``text`` names, and of an address the ``model`` that is asked for. Raises ``UsageError``."""
    kind, colon, rest = text.partition(":")
    if kind == "ollama" and colon:
        return _ollama(rest, model)
    if kind == "llama.cpp" and colon:
        return _embedded(rest, model)
    return Destination("openai_http", *_address(text, model))


def _address(text: str, model: str) -> tuple[str, Model, dict[str, Value]]:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise UsageError(f"the address has no port or host that can be; {HOW}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        shown = text.rpartition("@")[2]
        raise UsageError(f"{shown!r} is no address; {HOW}")
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            f"the address of {parts.hostname} has a user or a password in it, which would be recorded; take it out and "
            "put a key into OPENAI_API_KEY, or send a header with --header"
        )
    if parts.query or parts.fragment:
        raise UsageError(f"the address of {parts.hostname} has a query or a fragment; take it out, for it is recorded")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    address = f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{parts.path.rstrip('/')}"
    settings: dict[str, Value] = {"base_url": address}
    return address, served_model(model), settings | ({"served_model": model} if model else {})


def _ollama(tag: str, model: str) -> Destination:
    if model or not tag:
        raise UsageError("the tag after ollama: names the model; write such as ollama:gemma3:270m, without --model")
    return Destination("ollama", f"ollama:{tag}", served_model(tag), {"served_model": tag})


def _embedded(name: str, model: str) -> Destination:
    if model or not name:
        raise UsageError("the file after llama.cpp: names the model; write llama.cpp:FILE.gguf, without --model")
    if name in MODELS:
        return Destination("llama_cpp", f"llama.cpp:{name}", MODELS[name])
    path = Path(name).expanduser()
    if not path.is_file():
        raise UsageError(f"there is no file {name}; name a GGUF file, or a model of `harness doctor`")
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise UsageError(f"{name} is no GGUF file; convert it, or name another")
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Destination("llama_cpp", f"llama.cpp:{path.name}", file_model(path.name, digest), weights=path.resolve())


def dataset_name(text: str) -> str:
    """``text`` as the name of a dataset: ``bench-`` and at most 32 lower-case letters, digits and hyphens."""
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower().rpartition("/")[2].removesuffix(".gguf")).strip("-")[:32].rstrip("-")
    return f"bench-{slug or 'server'}"
