"""`harness bench --quick` chooses the smallest sizes, and only where nothing else is given."""

from __future__ import annotations

from harness.commands.bench import sizes

NOTHING = {"input_tokens": None, "output_tokens": None, "num_prompts": None, "runs": None}


def test_quick_is_smaller_in_everything() -> None:
    usual, quick = sizes(NOTHING, quick=False), sizes(NOTHING, quick=True)
    assert usual.keys() == quick.keys()
    assert (quick["runs"], quick["num_prompts"], quick["warmup"]) == (1, 1, 0)
    assert int(quick["output_tokens"]) < int(usual["output_tokens"])
    assert usual["runs"] == 6, "fewer bear no interval"


def test_what_is_given_counts() -> None:
    found = sizes({**NOTHING, "output_tokens": "500", "runs": 3}, quick=True)
    assert (found["output_tokens"], found["runs"], found["num_prompts"]) == ("500", 3, 1)
