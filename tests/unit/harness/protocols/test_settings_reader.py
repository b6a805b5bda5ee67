"""Settings are checked before an engine starts."""

from __future__ import annotations

import pytest

from harness.design import Value
from harness.outcomes import Code, Status
from harness.protocols import EngineFailed
from harness.protocols.settings_reader import SettingReader

KNOWN = ("num_ctx", "threads", "endpoint")


def reader(**settings: Value) -> SettingReader:
    return SettingReader("engine", settings, KNOWN)


def test_what_was_not_asked_for_is_none() -> None:
    assert reader().whole("num_ctx") is None
    assert reader().threads(8) is None
    assert reader().text("endpoint", "chat") == "chat"


def test_values_come_through_as_they_are() -> None:
    assert reader(num_ctx=999).whole("num_ctx") == 999
    assert reader(threads="all").threads(8) == 8
    assert reader(threads="2").threads(8) == 2
    assert reader(threads=3).threads(8) == 3


@pytest.mark.parametrize("value", ["512", 1.5, True, -1])
def test_a_wrong_number_is_rejected(value: Value) -> None:
    with pytest.raises(EngineFailed, match="num_ctx"):
        reader(num_ctx=value).whole("num_ctx")


@pytest.mark.parametrize("value", ["5", True, -1, float("nan"), float("inf")])
def test_a_number_is_finite_and_not_negative(value: Value) -> None:
    assert (reader(num_ctx=0).number("num_ctx"), reader(num_ctx=1.5).number("num_ctx")) == (0.0, 1.5)
    with pytest.raises(EngineFailed, match="num_ctx"):
        reader(num_ctx=value).number("num_ctx")


def test_a_number_that_must_be_asked_for_is_named() -> None:
    with pytest.raises(EngineFailed, match="needs the setting num_ctx"):
        reader().number("num_ctx")


@pytest.mark.parametrize("value", ["some", 0, 1.5])
def test_wrong_threads_are_rejected(value: Value) -> None:
    with pytest.raises(EngineFailed, match="threads"):
        reader(threads=value).threads(8)


def test_a_choice_is_one_of_those_offered() -> None:
    with pytest.raises(EngineFailed, match="one of chat, completions"):
        reader(endpoint="embed").text("endpoint", "chat", ("chat", "completions"))


def test_an_unknown_setting_names_the_known_ones() -> None:
    with pytest.raises(EngineFailed, match="nmu_ctx; it has num_ctx, threads, endpoint") as caught:
        reader(nmu_ctx=1)
    assert (caught.value.outcome.status, caught.value.outcome.code) == (Status.UNSUPPORTED, Code.SETTING_REJECTED)
