"""Which of a server's models is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ...client.json_records import Record
from ...outcomes import Code, unsupported
from ...protocols import EngineFailed


def listed(body: str | bytes) -> dict[str, Record] | None:
    """The entries of a list of models by id, in its order; ``None`` where this is no such list.

    OpenAI lists them under ``data``, others under ``models`` or without a name, some as plain names. A name that cannot
    be printed is none.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, dict):
        found = next((found[key] for key in ("data", "models") if isinstance(found.get(key), list)), None)
    if not isinstance(found, list):
        return None
    return dict(entry for item in found if (entry := _entry(item)) is not None)


def _entry(item: Any) -> tuple[str, Record] | None:
    if isinstance(item, str):
        item = {"id": item}
    if not isinstance(item, Mapping):
        return None
    name = next((item[key] for key in ("id", "name", "model") if isinstance(item.get(key), str)), "")
    return (name, item) if name and name.isprintable() else None


def chosen(entries: Mapping[str, Record], wanted: str, model: str) -> Record:
    """The entry of the one named, of the model's own name, or the only one there is. Raises ``EngineFailed``."""
    for name in (wanted,) if wanted else (model, *(entries if len(entries) == 1 else ())):
        if name in entries:
            return {"id": name, **entries[name]} if "id" not in entries[name] else entries[name]
    names = ", ".join(sorted(entries)) or "no model"
    meant = f"that is {model}" if model else "to measure"
    detail = f"the server has {names[:200]}; set served_model to the one {meant}"
    raise EngineFailed(unsupported(Code.MODEL_MISSING, detail))
