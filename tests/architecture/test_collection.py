"""Two workers that collect the tests at different times collect the same tests."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
OF_THE_MOMENT = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "uuid4", "random", "urandom"}


def values_of_the_moment(source: str) -> Iterator[int]:
    """The lines of `source` on which a decorator, whose values name tests, asks for the time or a random number."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for call in (found for mark in node.decorator_list for found in ast.walk(mark)):
                if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in OF_THE_MOMENT:
                    yield call.lineno


def test_no_test_is_named_after_the_moment_of_its_collection() -> None:
    found = [f"{path.relative_to(TESTS)}:{line}" for path in sorted(TESTS.rglob("*.py"))
             for line in values_of_the_moment(path.read_text(encoding="utf-8"))]  # fmt: skip
    assert found == [], "give the case a constant name, and ask for the time inside the test"


@pytest.mark.parametrize("value", ["datetime.now(UTC)", "time.time()", "str(uuid4())", "[random.random()]"])
def test_such_a_name_is_found(value: str) -> None:
    assert list(values_of_the_moment(f"@pytest.mark.parametrize('at', [{value}])\ndef test_it(at): ...\n")) == [1]
