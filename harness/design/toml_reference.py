"""What a study file may hold, read off the models that read it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from .conditions import Conditions
from .limits import Limits
from .load import AgentTasks, ClosedLoop, Offline, OpenLoop, Replay
from .settings import RequestSettings
from .toml_file import FactorTable, ProfileTable, StudyFile, WorkloadTable


@dataclass(frozen=True, slots=True)
class Entry:
    """One key: what it holds, in words, and its ``default`` as TOML writes it; ``None`` where it has to be given."""

    name: str
    holds: str
    default: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the file, or a group of settings; ``meaning`` is what its model says of itself."""

    title: str
    meaning: str
    entries: tuple[Entry, ...]


TABLES: Mapping[str, type] = {
    "The file": StudyFile,
    "[factors.NAME]": FactorTable,
    "[workload]": WorkloadTable,
    "[profiles.NAME]": ProfileTable,
}
SETTINGS: Mapping[str, type] = {
    "A closed loop": ClosedLoop,
    "An open loop": OpenLoop,
    "A replayed trace": Replay,
    "All at once": Offline,
    "Agents": AgentTasks,
    "Requests": RequestSettings,
    "Conditions": Conditions,
    "Limits, as slo.NAME": Limits,
}
"""Of settings those that the harness reads itself; an engine has its own."""

COUNTED = ("agents",)
"""What nobody may set: it follows from what is declared."""


def sections(models: Mapping[str, type]) -> tuple[Section, ...]:
    """``models`` by title, each as the section that it makes."""
    return tuple(Section(title, _meaning(model), tuple(_entries(model))) for title, model in models.items())


def _meaning(model: type) -> str:
    return " ".join((inspect.getdoc(model) or "").replace("``", "").replace("None", "nothing").split())


def _entries(model: type) -> Iterator[Entry]:
    schema = TypeAdapter(model).json_schema()
    required = schema.get("required", ())
    for name, field in schema["properties"].items():
        if name in COUNTED:
            continue
        default = None if name in required else _written(field.get("default"))
        yield Entry(name, _holds(field, schema.get("$defs", {})), default)


def _written(default: Any) -> str:
    return "" if default is None or default in ([], {}, "") else json.dumps(default)


def _holds(field: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    if "$ref" in field:
        return _holds(known[field["$ref"].rpartition("/")[2]], known)
    if "anyOf" in field:
        kinds = dict.fromkeys(_holds(one, known) for one in field["anyOf"] if one.get("type") != "null")
        return "a text, a number or true/false" if len(kinds) == 4 else " or ".join(kinds)
    if "const" in field or "enum" in field:
        return " or ".join(json.dumps(one) for one in field.get("enum", [field.get("const")]))
    if field.get("type") == "array":
        return f"a list, each {_holds(field['items'], known)}"
    if field.get("type") == "object":
        inner = field.get("additionalProperties")
        return f"a table, each {_holds(inner, known)}" if isinstance(inner, dict) else "a table"
    return _NAMES[field["type"]] + _limit(field)


_NAMES = {"string": "a text", "boolean": "true or false", "integer": "a whole number", "number": "a number"}


def _limit(field: Mapping[str, Any]) -> str:
    if "minimum" in field:
        return f" from {field['minimum']:g}"
    return f" above {field['exclusiveMinimum']:g}" if "exclusiveMinimum" in field else ""
