"""A list or lines of JSON are the same, or refused, whether they are read at once or piece by piece."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness.errors import DataError
from harness.imports import json_reader
from harness.imports.decoding import decoded
from harness.imports.json_reader import JsonReader
from harness.imports.source import Source

SOURCE = Source(Path("results"), "", 0)
TEXTS = st.text(max_size=8) | st.sampled_from(["], [", '"}, {"a', '", "', "a]", "\\", "\ud800", "é€"])
WHOLE = st.integers(-(1 << 63), (1 << 64) - 1) | st.integers(1 << 64, 1 << 80)
PLAIN = st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)
ALIKE = st.one_of(
    st.lists(VALUES, max_size=12),
    st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=40),
    st.lists(st.lists(st.integers(0, 99), max_size=3), max_size=20),
    st.lists(st.fixed_dictionaries({"id": PLAIN, "b": VALUES}), max_size=12),
    st.lists(TEXTS, max_size=20),
)


def same(found: Any) -> Any:
    """``found`` with floats told apart from whole numbers; one of more than 64 bits only where an object has it."""
    if isinstance(found, dict):
        return {name: repr(value) if type(value) is int else same(value) for name, value in found.items()}
    if isinstance(found, list):
        return [same(value) for value in found]
    if type(found) is int and not -(1 << 63) <= found < 1 << 64:
        return repr(float(found)) if abs(found) < 10**308 else "inf"
    return repr(found) if isinstance(found, int | float) else found


def strictly(text: str) -> Any:
    def refuse(name: str) -> Any:
        raise ValueError(name)

    return json.loads(text, parse_constant=refuse)


def reader(text: str) -> JsonReader:
    return JsonReader(io.BytesIO(text.encode("utf-8", "surrogatepass")), SOURCE)


@pytest.fixture(autouse=True, scope="module")
def small_reads() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_reader, "_READ", 24)
        yield


def read_list(text: str) -> list[Any]:
    """The values of a list that is a whole file."""
    one = reader(text)
    found = list(one.values())
    one.end()
    return found


def agree(text: str, expected: list[Any] | None) -> None:
    try:
        found = read_list(text)
    except DataError:
        assert expected is None
    else:
        assert expected is not None
        assert same(found) == same(expected)


NAMES = st.sampled_from(["a", "b", ":", 'a":', "\\", '\\":', " :", "é"])
MEMBERS = st.lists(st.tuples(NAMES, st.none() | NAMES | st.integers(0, 1 << 70)), max_size=3)
COLONS = st.sampled_from([":", " :", "\t: ", ": "])


@given(st.lists(MEMBERS, min_size=1, max_size=12), COLONS, st.booleans())
def test_a_name_stands_once_in_an_object(objects: list[list[tuple[str, Any]]], colon: str, escaped: bool) -> None:
    def member(name: str, value: Any) -> str:
        written = f'"\\u0061{json.dumps(name)[2:]}' if escaped and name.startswith("a") else json.dumps(name)
        return f"{written}{colon}{json.dumps(value)}"

    texts = ["{" + ", ".join(member(*one) for one in members) + "}" for members in objects]
    expected = [dict(members) if len(dict(members)) == len(members) else None for members in objects]
    whole = "[" + ", ".join(texts) + "]"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_reader, "_READ", 1 << 12)
        agree(whole, None if None in expected else expected)
    for text, one in zip([*texts, whole], [*expected, None if None in expected else expected], strict=True):
        try:
            found = decoded(text)
        except ValueError:
            assert one is None
        else:
            assert found == one


@given(ALIKE, st.sampled_from([None, 0, 1, 4]))
def test_a_list(values: list[Any], indent: int | None) -> None:
    text = json.dumps(values, indent=indent)
    expected = None if any(word in text for word in ("Infinity", "NaN")) else values
    agree(text, expected)


@pytest.mark.parametrize("place", range(24))
def test_a_number_that_is_cut_where_memory_ends(place: int) -> None:
    agree(" " * place + "[1.5e+10, 2, 3.25, -0.5]", [1.5e10, 2, 3.25, -0.5])


@given(ALIKE, st.data())
def test_a_list_with_another_character_in_it(values: list[Any], data: st.DataObject) -> None:
    text = json.dumps(values)
    place = data.draw(st.integers(0, len(text) - 1))
    text = text[:place] + data.draw(st.sampled_from('[]{},:"1 \\n-')) + text[place + data.draw(st.integers(0, 1)) :]
    try:
        expected = strictly(text)
    except ValueError:
        expected = None
    agree(text, expected if isinstance(expected, list) else None)


@example([1, 2, 3], ", ")
@given(st.lists(VALUES.filter(lambda value: value not in (float("inf"), float("-inf"))), max_size=9), st.just("\n"))
def test_lines(values: list[Any], between: str) -> None:
    text = between.join(map(json.dumps, values))
    if "Infinity" in text:
        return
    if between == "\n":
        assert same([value for _, value in reader(text).lines()]) == same(values)
        assert [line for line, _ in reader(text).lines()] == list(range(1, 1 + len(values)))
    else:
        with pytest.raises(DataError):
            list(reader(f"{text}\n").lines())


def test_a_long_list_is_decoded_many_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "_READ", 1 << 12)
    for value in (0.25, [1.5, 2.5], {"id": 1, "in": {"a": [{}]}}, '"}, {"a'):
        text = json.dumps([value] * 5000)
        batches = list(reader(text).batches())
        assert [one for some in batches for one in some] == [value] * 5000
        assert len(batches) < 1500


@pytest.mark.parametrize("colon", ["\\u003a", "\\u003A"])
def test_a_colon_as_an_escape_does_not_make_up_for_a_member_that_is_lost(colon: str) -> None:
    with pytest.raises(ValueError, match="the member 'a' is there twice"):
        decoded(f'{{"a": 1, "a": 2, "b": "{colon}"}}')


@pytest.mark.parametrize("before", ["", "[", "[1,", '{"a":', "[\t", "[\n", "[\r", "[ ", "[-", "[1,-", "-"])
@pytest.mark.parametrize("digits", ["18446744073709551616", "98765432109876543210987"])
def test_a_long_whole_number_is_kept_wherever_it_stands(before: str, digits: str) -> None:
    text = before + digits + ("]" if "[" in before else "}" if "{" in before else "")
    assert same(decoded(text)) == same(json.loads(text))
    assert digits in repr(decoded(text))
