"""Shorthand says the same as the declarations that it stands for."""

from __future__ import annotations

from harness.design import Bundle, Gate, Prompt
from harness.design.declare import bundles, exclusions, gates, grouped_prompts, subset


def test_levels_stand_for_settings_in_the_order_given() -> None:
    found = bundles(
        arm={"cpu": {"backend": "pytorch", "device": "cpu"}, "none": {}}, length={"short": {"max_tokens": 8}}
    )
    assert found == (
        Bundle("arm", "cpu", (("backend", "pytorch"), ("device", "cpu"))),
        Bundle("arm", "none", ()),
        Bundle("length", "short", (("max_tokens", 8),)),
    )


def test_what_is_not_allowed_is_excluded() -> None:
    found = exclusions("arm", "precision", {"cpu": ("fp32",), "gpu": ("fp32", "fp16")}, ("fp32", "fp16", "int8"))
    assert found == (
        (("arm", "cpu"), ("precision", "fp16")),
        (("arm", "cpu"), ("precision", "int8")),
        (("arm", "gpu"), ("precision", "int8")),
    )


def test_prompts_are_numbered_in_their_group() -> None:
    assert grouped_prompts(short=("Hi.", "Ho."), long=("Once upon a time",)) == (
        Prompt("short-1", "Hi.", "short"),
        Prompt("short-2", "Ho.", "short"),
        Prompt("long-1", "Once upon a time", "long"),
    )


def test_gates_and_subsets_keep_their_order() -> None:
    assert gates(fp32=(1.01, 99.0), int8=(1.25, 85.0)) == (Gate("fp32", 1.01, 99.0), Gate("int8", 1.25, 85.0))
    assert gates(fp32=(1.01, 99.0, 0.001)) == (Gate("fp32", 1.01, 99.0, 0.001),)
    assert subset(threads=(1, 2), arm=("cpu",)) == (("threads", (1, 2)), ("arm", ("cpu",)))
