"""Two recordings beside each other: what their manifests say of both machines, and what their numbers say together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..reader.dataset import Sealed
from ..reader.questions_json import StatedContrast, StatedDetectable, StatedQuestion
from ..reader.values_json import StatedValue
from .predicate_bounds import Values, exact

FACTS = (
    ("host", "host_id"),
    ("processor", "cpu_model"),
    ("logical processors", "cores_logical"),
    ("processors that the recording may use", "cores_allowed"),
    ("memory", "memory_bytes"),
    ("GPU", "gpu_name"),
)
REPORTED = "threads, as the engine reports them"


def same_host(here: Sealed, there: Sealed) -> bool:
    """Whether both recordings are known to be of one machine."""
    host = here.manifest["environment"].get("host_id")
    return host is not None and host == there.manifest["environment"].get("host_id")


def relation(here: Sealed, there: Sealed) -> str:
    """What the machine of ``there`` is to that of ``here``."""
    mine, other = here.manifest["environment"], there.manifest["environment"]
    text = _which(here, there)
    allowed, all_of_it = other.get("cores_allowed"), other.get("cores_logical")
    if None in (allowed, all_of_it) or allowed == mine.get("cores_allowed"):
        return text
    if allowed == all_of_it:
        return f"{text}, with all of its {all_of_it} processors"
    return f"{text}, limited to {allowed} of its {all_of_it} processors"


def _which(here: Sealed, there: Sealed) -> str:
    mine, other = here.manifest["environment"], there.manifest["environment"]
    if same_host(here, there):
        return "the same machine"
    facts = ("cpu_model", "cores_logical", "gpu_name")
    alike = mine.get("cpu_model") is not None and [mine.get(f) for f in facts] == [other.get(f) for f in facts]
    if None in (mine.get("host_id"), other.get("host_id")):
        return "a machine of the same kind, perhaps the same one" if alike else "a machine that does not tell its host"
    return "another machine of the same kind" if alike else "another kind of machine"


def circumstances(sealed: Sealed) -> Iterator[tuple[str, str | None]]:
    """How a recording was made, by name; null for what is asked of its runs."""
    manifest = sealed.manifest
    yield "dataset", sealed.label
    yield "SHA-256 of its manifest", _short(sealed.digest)
    yield "recorded", manifest["created"][:10]
    for words, fact in FACTS:
        yield words, _fact(manifest["environment"], fact)
    yield "threads asked for", _asked(manifest["design"], "threads")
    yield REPORTED, None
    yield "profile", manifest["profile"]
    kept = [f"{name} {_levels(levels)}" for name, levels in manifest["only"].items()]
    yield "narrowed to", "; ".join(kept) or "nothing: all cells of the profile"
    yield "fingerprint of the study", _short(manifest["fingerprint"])
    yield "code revision", _short(manifest["code"]["revision"])
    yield "calibration", _short(manifest["calibration"])


def _short(digest: str | None) -> str:
    return f"{digest[:12]}…" if digest else "not recorded"


def _fact(environment: Mapping[str, Any], name: str) -> str:
    found = environment.get(name)
    if found is None:
        return f"— ({(environment.get(f'{name}.missing') or 'not_reported').replace('_', ' ')})"
    return f"{found / 2**30:.1f} GiB" if name.endswith("_bytes") else str(found)


def _asked(design: Mapping[str, Any], name: str) -> str:
    varied = [factor["levels"] for factor in design["factors"] if factor["name"] == name]
    fixed = dict(design.get("fixed", ()))
    levels = varied[0] if varied else [fixed[name]] if name in fixed else []
    return _levels(levels) or "the engine's own choice"


def _levels(levels: list[Any]) -> str:
    return ", ".join(level if isinstance(level, str) else json.dumps(level) for level in levels)


def compared(here: str | None, there: str | None, values: Values) -> str:
    """What two stated values of one question say beside each other; null where a recording has none."""
    one, other = (values[key] if key else None for key in (here, there))
    known = [value is not None and value.number is not None for value in (one, other)]
    if one is None or other is None or here is None or there is None or not all(known):
        return "no number there" if known[0] else "no number here" if known[1] else "no number"
    if exact(here, values) and exact(there, values):
        return "equal" if _number(one) == _number(other) else "different"
    if one.interval is None or other.interval is None:
        return "no interval to compare"
    low, high = one.interval.low * one.scale, one.interval.high * one.scale
    other_low, other_high = other.interval.low * other.scale, other.interval.high * other.scale
    if low <= other_high and other_low <= high:
        return "intervals overlap"
    line = _line(one, values)
    if line is not None and (high < line < other_low or other_high < line < low):
        return "the verdict flips"
    return "higher there" if other_low > high else "lower there"


def _number(value: StatedValue) -> float:
    return (value.number or 0) * value.scale


def _quantity(question: StatedQuestion | None) -> tuple[Any, ...] | None:
    """What is asked for, whatever is kept."""
    asked = question.identity() if question else {}
    return (asked.get("kind"), asked.get("metric"), asked.get("name")) if question else None


def _line(value: StatedValue, values: Values) -> float | None:
    """What a comparison of one metric gives where nothing differs; null for a value that compares nothing."""
    if value.question is not None:
        return 1.0 if isinstance(value.question, StatedContrast | StatedDetectable) else None
    asked = [values[parent].question for parent in value.parents]
    quantities = {_quantity(question) for question in asked}
    if len(asked) != 2 or len(quantities) != 1 or None in quantities:
        return None
    return {"/": 1.0, "-": 0.0}.get(value.operation)
