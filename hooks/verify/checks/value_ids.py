"""Every value's id is the hash of what it claims to be: another question, unit, source or parent has another id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from ..reader.mismatches import Examined
from ..reader.site import Site
from ..reader.values_json import StatedValue

HEX_DIGITS = 8


def check(site: Site) -> Iterator[Examined]:
    """Hashes the question of every value again."""
    for page, key, value in site.values():
        right = key.rpartition("-")[2] == _hash(value)
        yield Examined(page.name, None if right else f"{key}: the id does not fit what the value says it is")


def _hash(value: StatedValue) -> str:
    """The published recipe: canonical JSON of the question and its SHA-256.

    Only questions about another recording name the version of their dataset.
    """
    asked: dict[str, object] = value.selector.model_dump(exclude={"digest"}) if value.selector else {}
    if asked.get("contrast") is None:
        asked.pop("contrast", None)
    if value.selector is not None and not value.selector.other_recording:
        del asked["other_recording"]
        asked["dataset"] = value.selector.dataset.partition("/")[0]
    question = {
        "asked": asked,
        "name": value.name,
        "unit": value.unit,
        "source": value.source,
        "operation": value.operation,
        "parents": value.parents,
        "constant": None if value.selector or value.parents else value.number,
    }
    text = json.dumps(question, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:HEX_DIGITS]
