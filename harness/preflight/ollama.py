"""Finds out which model an Ollama would answer with, and what cannot be asked of it. Nothing is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

from ..backends.ollama import Ollama
from ..backends.ollama_server.facts import weights_digest
from ..backends.ollama_server.library import find
from ..backends.ollama_server.names import server_url
from ..client.control import Control
from ..client.json_records import Record, text
from ..client.shown_address import parts_shown
from ..design import Value
from ..models import MODELS, served_model
from ..protocols.settings_reader import SettingReader
from .connection import proxy_findings
from .findings import Finding, Level, Preflight, Topic


async def ollama(model: str, settings: Mapping[str, Value]) -> Preflight:
    """Raises ``EngineFailed`` for a server that cannot be reached, or that lacks the model and cannot be given it."""
    began = monotonic()
    asked = SettingReader("ollama", settings, Ollama.SETTINGS)
    url = server_url()
    control = Control(url)
    try:
        version = text(await control.get("/api/version"), "version")
        tag, shown = await find(control, MODELS.get(model) or served_model(model), asked.text("served_model", ""))
    finally:
        await control.close()
    think = asked.flag("think")
    return Preflight(
        backend="ollama",
        address=parts_shown(url),
        server=f"Ollama {version[:40]}",
        served_model=tag,
        findings=(*proxy_findings(url), *_findings(tag, shown, think, raw=asked.flag("raw") is not False)),
        seconds=monotonic() - began,
    )


def _findings(tag: str, shown: Record, think: bool | None, *, raw: bool) -> list[Finding]:
    weights = weights_digest(shown)
    named = f"weights {weights[:12]}" if weights else "weights not told"
    found = [Finding(Topic.MODELS, Level.FOUND, f"{tag}, {named}")]
    if raw:
        found.append(Finding(Topic.FIELDS, Level.FOUND, "prompts are sent raw, without the model's template"))
    abilities = shown.get("capabilities")
    if isinstance(abilities, list) and "thinking" in abilities and think is None and not raw:
        text_ = "thinks before it answers unless the setting think is false; both count as tokens"
        found.append(Finding(Topic.REASONING, Level.FOUND, text_))
    text_ = "Ollama cannot be asked to go on after the end of an answer: lengths may differ"
    found.append(Finding(Topic.LENGTH, Level.WARNING, text_))
    return found
