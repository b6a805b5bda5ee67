"""Which of Ollama's models is measured: the one named, or the one with the weights that a study means.

A registered model is known by the digest of its file. Where no model of the server has these weights and the file is
here, the server is given it, under a name of our own.
"""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import httpx

from ...client.control import Control
from ...client.json_records import Record
from ...client.tls import tls_context
from ...models import MODELS, Model
from ...outcomes import Code, failed, unsupported
from ...protocols import EngineFailed
from ...weights.gguf_file import gguf_file
from .facts import weights_digest
from .names import full_name

PREFIX = "bindery/"
_MOST_MODELS = 200
_PUSH_S = 600.0


async def show(control: Control, tag: str) -> Record:
    """What ``/api/show`` says of ``tag``. Raises ``EngineFailed``, with what to do where there is no such model."""
    try:
        return await control.post("/api/show", {"model": tag})
    except EngineFailed as error:
        if " 404 " not in error.outcome.detail:
            raise
        detail = f"Ollama has no {tag}; run `ollama pull {tag}`"
        raise EngineFailed(unsupported(Code.MODEL_MISSING, detail)) from None


async def find(control: Control, model: Model, wanted: str) -> tuple[str, Record]:
    """The full name of the model to ask, and what the server shows of it. Raises ``EngineFailed``.

    ``wanted`` names it; otherwise the model's source does, or its weights. A name whose weights are not those of the
    registered model of that name is refused: a label would say what was not measured.
    """
    declared = MODELS.get(model.name, model)
    scheme, _, named = declared.source.partition(":")
    tag = wanted or (named if scheme == "ollama" else "")
    if not tag and declared.name not in MODELS:
        tag = model.name
    if tag:
        tag = full_name(tag)
        shown = await show(control, tag)
        _refuse_other_weights(declared, tag, shown)
        return tag, shown
    return await _with_weights(control, declared)


def _refuse_other_weights(declared: Model, tag: str, shown: Record) -> None:
    held = weights_digest(shown)
    if held and declared.sha256 and held != declared.sha256:
        detail = (
            f"{tag} holds the weights {held[:12]}, and {declared.name} is {declared.sha256[:12]}; name the model "
            f"after what is served, or give the server those weights"
        )
        raise EngineFailed(failed(Code.MODEL_DIGEST, detail))


async def _with_weights(control: Control, model: Model) -> tuple[str, Record]:
    """The server's model with the weights of ``model``, made from the file where there is none yet."""
    for tag in await _tags(control) if model.sha256 else ():
        shown = await show(control, tag)
        if weights_digest(shown) == model.sha256:
            return tag, shown
    try:
        file = await asyncio.to_thread(gguf_file, model)
    except EngineFailed as error:
        detail = (
            f"Ollama has no model with the weights of {model.name}, and they are not here: {error}; set served_model"
        )
        raise EngineFailed(unsupported(Code.MODEL_MISSING, detail)) from None
    tag = full_name(f"{PREFIX}{model.name}")
    digest = model.sha256
    if digest is None:
        digest = await asyncio.to_thread(_digest, file)
    await _give(control, tag, file, digest)
    return tag, await show(control, tag)


async def _tags(control: Control) -> list[str]:
    entries = (await control.get("/api/tags")).get("models")
    names = [entry.get("name") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    ours_first = sorted((name for name in names if isinstance(name, str)), key=lambda name: PREFIX not in name)
    return ours_first[:_MOST_MODELS]


async def _give(control: Control, tag: str, file: Path, digest: str) -> None:
    """Makes ``tag`` on the server from a file of weights. Raises ``EngineFailed``."""
    blob = f"{control.base_url}/api/blobs/sha256:{digest}"
    try:
        async with httpx.AsyncClient(timeout=_PUSH_S, trust_env=False, verify=tls_context()) as client:
            if (await client.head(blob)).status_code != httpx.codes.OK:
                (await client.post(blob, content=await asyncio.to_thread(file.read_bytes))).raise_for_status()
    except httpx.HTTPError as error:
        detail = f"{file.name} could not be given to Ollama: {str(error) or type(error).__name__}"
        raise EngineFailed(failed(Code.MODEL_MISSING, detail)) from None
    await control.post("/api/create", {"model": tag, "files": {file.name: f"sha256:{digest}"}, "stream": False})


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
