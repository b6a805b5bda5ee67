"""The reference of study files says what the models take, and no more."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest

from harness.design.load import LOAD_SETTINGS
from harness.design.toml_reference import COUNTED, SETTINGS, TABLES, Entry, sections

EVERYTHING = {**TABLES, **SETTINGS}


@pytest.mark.parametrize("title", EVERYTHING)
def test_each_section_has_a_meaning_and_the_keys_of_its_model(title: str) -> None:
    model = EVERYTHING[title]
    (section,) = sections({title: model})
    assert len(section.meaning.split()) > 5
    known = [one.name for one in fields(model)] if is_dataclass(model) else list(model.model_fields)  # type: ignore[attr-defined]
    assert [entry.name for entry in section.entries] == [name for name in known if name not in COUNTED]
    assert all(entry.holds for entry in section.entries)


def test_kinds_limits_and_defaults_are_in_words() -> None:
    entries = {(one.title, entry.name): entry for one in sections(EVERYTHING) for entry in one.entries}
    assert entries["The file", "id"] == Entry("id", "a text", None)
    assert entries["[workload]", "max_tokens"] == Entry("max_tokens", "a whole number from 1", None)
    assert entries["[profiles.NAME]", "gap_timeout_s"] == Entry("gap_timeout_s", "a number above 0", "30.0")
    assert entries["[factors.NAME]", "levels"].holds == "a list, each a text, a number or true/false"
    assert entries["All at once", "offline"].holds == "true"
    assert entries["Agents", "isolation"] == Entry("isolation", '"processes" or "tasks"', '"processes"')
    assert entries["Limits, as slo.NAME", "ttft_ms"] == Entry("ttft_ms", "a number above 0", "")


def test_every_setting_of_a_load_is_in_it() -> None:
    named = {entry.name for one in sections(SETTINGS) for entry in one.entries}
    assert named >= LOAD_SETTINGS
