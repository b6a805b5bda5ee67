"""What one server is sent: what a preflight agreed with it, or what a study says without one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ...design import Value
from ...events import Settings
from ...outcomes import Code, unsupported
from ...protocols import EngineFailed

OPTIONAL = ("ignore_eos", "cache_prompt", "stream_options", "seed", "temperature", "max_tokens")
"""Fields that may be left out, those of fewest servers first."""

LIMIT, NEWER_LIMIT = "max_tokens", "max_completion_tokens"


@dataclass(frozen=True, slots=True)
class Agreed:
    """``base_url`` includes the version. ``omitted`` are fields that the server refuses, ``limit`` is its name for the
    most tokens. ``owner`` is what it lists as ``owned_by``; ``extra`` are fields that the operator adds."""

    base_url: str
    endpoint: str
    served_model: str
    owner: str = ""
    omitted: tuple[str, ...] = ()
    limit: str = LIMIT
    extra: Mapping[str, Any] | None = None

    def settings(self) -> dict[str, Value]:
        """As plain values, for another process."""
        return {
            "base_url": self.base_url,
            "endpoint": self.endpoint,
            "served_model": self.served_model,
            "owner": self.owner,
            "omitted": ",".join(self.omitted),
            "limit": self.limit,
            "extra_body": json.dumps(self.extra or {}),
        }

    @classmethod
    def of(cls, settings: Mapping[str, Value]) -> Self:
        """What ``settings`` gave."""
        text = {name: str(value) for name, value in settings.items()}
        return cls(
            base_url=text["base_url"],
            endpoint=text["endpoint"],
            served_model=text["served_model"],
            owner=text["owner"],
            omitted=tuple(filter(None, text["omitted"].split(","))),
            limit=text["limit"],
            extra=extra_body(text["extra_body"]),
        )

    def effective(self) -> Settings:
        """For the record of a run: what was left out or renamed, where anything was."""
        said: dict[str, str] = {}
        if self.omitted:
            said["fields_omitted"] = ", ".join(self.omitted)
        if self.limit != LIMIT:
            said["limit_sent_as"] = self.limit
        if self.extra:
            said["extra_body"] = json.dumps(self.extra, sort_keys=True)[:500]
        return said


DECIDED = ("model", "messages", "prompt", "stream", "n", LIMIT, NEWER_LIMIT)
"""Fields that say what is measured: the operator cannot add them, for a record would say something else."""


def extra_body(text: str) -> dict[str, Any]:
    """A JSON object of further fields. Raises ``EngineFailed``."""
    try:
        found = json.loads(text or "{}")
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _rejected('extra_body is no JSON object; write it like {"top_k": 20}')
    if taken := [name for name in DECIDED if name in found]:
        raise _rejected(f"extra_body holds {', '.join(taken)}, which the load decides; take it out")
    return found


def _rejected(detail: str) -> EngineFailed:
    return EngineFailed(unsupported(Code.SETTING_REJECTED, detail))
