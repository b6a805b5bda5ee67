"""The text that a marker asks for, from a sealed dataset or from what a report computes of it."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

from harness.datasets.read import Dataset
from harness.design import level_key
from harness.errors import UnknownName, UsageError

from ..analysis.measurements import Measurements
from ..build.preview import content, datasets_of, with_version
from ..content.blocks import Content
from ..editions.edition import open_edition, versions
from ..editions.prose import read_prose
from ..project import Project
from ..text.escaping import one_line
from ..values.value import Value
from .asked import Asked

COUNTED = ("runs", "requests", "cells")


class Answers:
    """Answers of the datasets of one project; each dataset is opened, and each report computed, once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._opened: dict[str, Measurements] = {}
        self._computed: dict[tuple[str, str], Content] = {}

    def text(self, asked: Asked) -> str:
        """What a file is to say, safe in Markdown. Raises ``UsageError``, ``UnknownName`` and ``DatasetCorrupt``."""
        found = self._claim(asked) if asked.kind == "claim" else _shown(self._value(asked), asked.show)
        return html.escape(one_line(found), quote=False).replace("|", "&#124;").replace("`", "&#96;")

    def _claim(self, asked: Asked) -> str:
        claims = self._content(asked).claims
        if asked.name not in claims:
            raise UnknownName("claim", asked.name, claims)
        claim = claims[asked.name]
        return claim.text if asked.show == "sentence" else str(claim.verdict)

    def _value(self, asked: Asked) -> Value:
        if asked.kind == "finding":
            findings = self._content(asked).findings
            if asked.name not in findings:
                raise UnknownName("finding", asked.name, findings)
            return findings[asked.name]
        data = self._data(asked)
        where = {name: _level(data, name, text) for name, text in asked.where.items()}
        if asked.kind == "count":
            if asked.name not in COUNTED:
                raise UnknownName("count", asked.name, COUNTED)
            counted: Callable[..., Value] = data.count
            return counted(asked.name, where)
        how: Mapping[str, Any] = asked.how
        return data.value(asked.name, where, **how)

    def _data(self, asked: Asked) -> Measurements:
        if asked.label not in self._opened:
            known = versions(self._project.data, asked.study)
            if asked.version not in known:
                raise UnknownName("dataset", asked.label, [f"{asked.study}/{one}" for one in known] or ["(none)"])
            folder = open_edition(self._project, asked.study, asked.version).folder
            self._opened[asked.label] = Measurements(Dataset.open(folder))
        return self._opened[asked.label]

    def _content(self, asked: Asked) -> Content:
        key = asked.report, asked.label
        if key not in self._computed:
            written = self._project.docs / "reports" / f"{asked.report}.md"
            if not written.is_file():
                raise UsageError(f"there is no report {asked.report!r}; name one with report=NAME")
            published = datasets_of(self._project, read_prose(written))
            labels = [one.edition.label for one in published]
            if asked.label not in labels:
                named = next((one.name for one in published if one.edition.manifest.study == asked.study), "")
                wanted = f"{named}={asked.version}" if named else asked.version
                published = with_version(self._project, published, wanted)
            self._computed[key] = content(self._project, asked.report, published)
        return self._computed[key]


def _shown(value: Value, show: str) -> str:
    """Raises ``UsageError`` where there is no number, or no interval where one is asked for."""
    if value.number is None:
        raise UsageError(f"it has no number: {value.missing}")
    if show == "number":
        return value.figure
    if show == "text":
        return value.text
    if value.interval is None:
        raise UsageError(f"it has no interval{f': {value.caution}' if value.caution else ''}; show its text")
    return f"{value.text} ({value.low}–{value.high})"


def _level(data: Measurements, name: str, text: str) -> str | int | float | bool:
    """The level of a factor that is written so. Raises ``UnknownName``."""
    if name not in data.factors:
        raise UnknownName("factor", name, data.factors)
    levels = {one if isinstance(one, str) else level_key(one): one for one in data.levels(name)}
    if text not in levels:
        raise UnknownName(f"level of {name}", text, levels)
    return levels[text]
