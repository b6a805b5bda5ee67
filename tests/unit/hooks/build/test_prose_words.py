"""A word that compares stands in a claim, or says why it needs none."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import UsageError
from hooks.build.prose_words import UntestedWord, demand_literals, demand_tested_words
from hooks.content.blocks import Content
from hooks.editions.prose import read_prose
from hooks.rendering.scope import Scope

FRONT = "---\ntitle: T\ndescription: D\n---\n"


def check(folder: Path, text: str) -> None:
    (folder / "tr900.md").write_text(text, encoding="utf-8")
    demand_tested_words(read_prose(folder / "tr900.md"), folder)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (FRONT + "\nRust dominates.", 6, "dominates"),
        (FRONT + "Two threads\nare twice as fast.", 6, "twice"),
        (FRONT + '{{ "Rust wins" }}', 5, "wins"),
        (FRONT + "{% set x = 'the best' %}{{ x }}", 5, "best"),
        (FRONT + 'It is so? No, {{ claim("c") }} it is faster.', 5, "faster"),
        ("---\ntitle: The Fastest Engine\n---\n", 2, "Fastest"),
        ("---\ntitle: T\nerrata:\n  - {edition: first, date: 2026-01-01, text: A slower one}\n---\n", 4, "slower"),
    ],
)  # fmt: skip
def test_a_word_that_nothing_tests_is_named_with_its_line(tmp_path: Path, text: str, line: int, word: str) -> None:
    with pytest.raises(UntestedWord, match=rf"^tr900\.md:{line}: “{word}” claims more than text may"):
        check(tmp_path, text)


FALSE = {
    "It is twice as fast.": "twice", "It needs half as much memory.": "half", "It is no slower.": "slower",
    "It doubles the rate.": "doubles", "It quadruples it.": "quadruples", "Rust outperforms it.": "outperforms",
    "Rust outpaced it.": "outpaced", "Rust is winning.": "winning", "It beats PyTorch.": "beats",
    "It is the winner.": "winner", "It is cheaper.": "cheaper", "It scales linearly.": "linearly",
    "They run at the same speed.": "same speed",
    "The cost is negligible.": "negligible", "It is just as fast.": "as fast",
    "They are on par.": "on par", "It is leaner than C.": "leaner than", "It is the leanest.": "leanest",
    "It is far more of it.": "far more", "It costs nothing.": "costs nothing", "It comes for free.": "for free",
    "It is more reliable.": "more reliable", "It leads.": "leads", "It speeds it up.": "speeds",
    "It is significantly other.": "significantly", "It is efficient.": "efficient",
    "It decodes forty tokens per second.": "forty tokens per second", "It waits a hundred milliseconds.":
    "a hundred milliseconds", "It is ten times that.": "ten times", "A factor of three.": "factor of three",
    "An order of magnitude.": "order of magnitude", "It takes a third of the time.": "a third of the time",
    "It saves thirty per cent.": "thirty per cent", "It grew tenfold.": "tenfold",
    "It waits ten\n  seconds.": "ten seconds",
    "f&#97;ster": "faster", "fas&shy;ter": "faster", "fas**ter**": "faster", "fas[ter](x.md)": "faster",
    "fas\u200bter": "faster", "ｆaster": "faster", "f\u0430ster": "f\u0430ster", "fas{# x #}ter": "faster",
    'fas{{ lit("ter", "identifier") }}': "faster", "`twice`": "twice", "Rust wins, does it not?": "wins",
    "Isn't it twice that?": "twice", "Does it pay? Yes.": "Yes", "![Rust wins](x.png)": "wins",
    '[x](y.md "Rust wins")': "wins", "| a |\n|---|\n| Rust wins |": "wins", "## Rust wins": "wins",
    "Text.[^a]\n\n[^a]: Rust wins.": "wins", "```mermaid\ngraph LR; A[Rust wins]\n```": "wins",
    '!!! note "Rust wins"': "wins", '=== "Rust wins"': "wins", "Rust\n:   wins": "wins", "*[R]: It wins": "wins",
}  # fmt: skip
FALSE |= {
    "Rust is ahead of Python.": "is ahead", "Python lags Rust.": "lags", "Python cannot keep up.": "cannot keep up",
    "Rust edges out Python.": "edges out", "Rust comes out on top.": "out on top", "It is second only to C.":
    "second only", "It tops the list.": "tops", "Nothing comes close.": "comes close", "It takes first place.":
    "first place", "No other engine matches it.": "No other engine matches",
    "The overhead is tiny.": "is tiny", "It is very fast.": "is very fast", "It was slow.": "was slow",
    "A large gap opens.": "large gap", "Its low latency helps not.": "low latency", "The effect is small.":
    "effect is small", "Quantisation is lossless.": "lossless", "Its overhead is statistically significant.":
    "is statistically significant", "It is impressive.": "impressive",
    "They are equally fast.": "are equally fast", "They are identical in speed.": "are identical", "It is unaffected.":
    "unaffected", "It makes no difference.": "no difference", "They perform alike.": "perform alike",
    "The engines are equivalent.": "are equivalent", "Quantisation costs no accuracy.": "costs no accuracy",
    "It stalls because of the collector.": "because", "It is due to caching.": "due to", "Caching explains the gap.":
    "explains the", "The cause is the scheduler.": "The cause is", "Memory is the bottleneck.": "bottleneck",
    "It is memory-bound.": "memory-bound", "That is why it waits.": "That is why",
    "It never fails.": "never fails", "It always pays.": "always pays", "It is proven.": "is proven",
    "It is guaranteed.": "guaranteed", "This was peer-reviewed.": "peer-reviewed", "The result replicates.":
    "replicates", "The earlier report was wrong.": "was wrong", "Compiling pays off.": "pays off",
    "All requests succeeded.": "All requests succeeded", "No request failed.": "No request failed",
    "Most runs failed.": "Most runs failed", "A majority agrees.": "A majority", "Zero errors.": "Zero errors",
    "It takes an hour.": "takes an hour", "A double-digit lead.": "double-digit", "A seven-figure bill.":
    "seven-figure", "An order-of-magnitude gap.": "order-of-magnitude", "It gains a tenth.": "gains a tenth",
    "It needs a fraction of it.": "a fraction of", "Nine tenths of it.": "Nine tenths of it", "One in ten fails.":
    "One in ten", "Nine out of ten agree.": "Nine out of ten", "Dozens of milliseconds.": "Dozens of milliseconds",
    "Hundreds of tokens per second.": "Hundreds of tokens per second", "A penny a day.": "A penny",
    "Forty GB.": "Forty GB", "forty tok/s": "forty tok/s", "forty kWh": "forty kWh", "XL ms": "XL ms",
    "Two-thirds the latency.": "Two-thirds the latency", "It quintuples it.": "quintuples", "It decodes at forty.":
    "at forty", "Times ten.": "Times ten", "fifty%": "fifty%", "It multiplies throughput.": "multiplies throughput",
    "f`ast`er": "faster", "fa~~s~~ter": "faster", "fäster": "faster", "f\u0336a\u0336ster": "faster", "f a s t e r":
    "f a s t e r", "F-A-S-T-E-R": "F-A-S-T-E-R", "ꜰᴀsᴛᴇʀ": "ꜰᴀsᴛᴇʀ", "ƒaster": "ƒaster", "fas\\ter": "faster",
    "\u202eretsaf": "U+202E", "`Rust wins!`": "wins", "Rust > Python": ">", "Rust ≫ it": "≫", "Throughput ↑": "↑",
    "Rust 🏆": "🏆", "Rust ✅": "✅", "🔟 ms": "🔟",
    "Which pays? Rust.": "Rust", "Is it so? Clearly.": "Clearly", "Why is Rust faster?": "faster",
    "Could anything be faster?": "faster", "Did you know that it is twice that?": "twice", "What makes Rust faster?":
    "faster", "How could it be so slow?": "be so slow",
    "Latency climbs.": "Latency climbs", "Throughput falls with load.": "Throughput falls", "It collapses.":
    "collapses", "It saves memory.": "saves memory", "It scales well.": "scales well", "It works poorly.":
    "works poorly", "Temperature matters.": "matters", "Temperature has no effect.": "has no effect",
    "It often stalls.": "often stalls", "It rarely fails.": "rarely fails", "It tends to stall.": "tends to",
    "Errors are rare.": "Errors are rare", "There were no errors.": "were no errors", "It is error-free.": "error-free",
    "It holds for all models.": "holds for all models", "It generalises.": "generalises", "It will pay on GPUs.":
    "will pay", "The data show that.": "data show", "The audit passed.": "audit passed", "The machine was quiet.":
    "machine was quiet", "It is beyond chance.": "beyond chance", "The choice is clear.": "choice is clear",
    "Rust dwarfs it.": "dwarfs", "It has the edge.": "has the edge", "It is the right choice.": "right choice",
    "They tie.": "tie", "It is a draw.": "is a draw", "It is irrelevant.": "is irrelevant",
    "It takes milliseconds.": "takes milliseconds", "It takes ages.": "takes ages", "It costs pennies.":
    "costs pennies", "It is sub-second.": "sub-second", "Ten to one.": "Ten to one", "A ratio of two.": "ratio of two",
    "One point three.": "One point three", "Five sigma.": "Five sigma", "Every second run waits.": "Every second run",
    "Speed: forty": "forty", "| Rust | nine |": "nine", "A fifth are left.": "A fifth are",

}  # fmt: skip
FALSE |= {
    "Rust answers before Python does.": "Rust answers before", "Python arrives after Rust.": "Python arrives after",
    "PyTorch stalls.": "PyTorch stalls", "Rust does not stall.": "Rust does not stall",
    "Rust is first.": "Rust is first", "PyTorch runs out of memory.": "PyTorch runs out of",
    "Rust rocks.": "Rust rocks", "Only Rust works.": "Only Rust works", "Rust, by far.": "Rust, by far",
    "Prefer Rust.": "Prefer Rust", "Do not use PyTorch.": "Do not use PyTorch", "All hosts agree.": "hosts agree",
    "The figure does not replicate.": "figure does not replicate",
    "Every earlier finding holds here.": "Every earlier finding holds",
    "Speed does not depend on it.": "Speed does not depend on", "Temperature affects speed.": "affects speed",
    "Temperature changes nothing.": "changes nothing", "They are equal.": "They are equal",
    "Costs went up.": "Costs went up", "The price fell.": "price fell", "Nothing failed.": "Nothing failed",
    "Everything passed.": "Everything passed", "Fifty runs failed.": "Fifty runs failed",
    "Twenty sessions were recorded.": "Twenty sessions were recorded",
    "It was measured on many machines; tested on six hosts.": "tested on six hosts",
    "The limit is met.": "limit is met", "Rust meets the limit.": "Rust meets the limit",
    "Rust ist schneller.": "schneller", "Rust est plus rapide.": "plus rapide", "Rust es más rápido.": "mas rapido",
}  # fmt: skip


@pytest.mark.parametrize("number", range(len(FALSE)))
def test_no_spelling_and_no_place_hides_what_is_claimed(tmp_path: Path, number: int) -> None:
    text, word = list(FALSE.items())[number]
    with pytest.raises(UntestedWord, match=r"^tr900\.md:\d+: “") as caught:
        check(tmp_path, f"{FRONT}\n{text}\n")
    assert f"“{word}”" in str(caught.value), str(caught.value)


@pytest.mark.parametrize("field", ["title", "description", "question"])
def test_what_only_yaml_spells_out_is_read(tmp_path: Path, field: str) -> None:
    said = {"title": "T", field: "The F\\u0061stest"}
    front = "".join(f'{name}: "{text}"\n' for name, text in said.items())
    with pytest.raises(UntestedWord, match=r"^tr900\.md:\d: “Fastest”"):
        check(tmp_path, f"---\n{front}---\n")


HONEST = (
    "Two threads end six tasks in thirty days; a second one follows within an hour.",
    "Which is twice as fast? How many times as fast is it?", "Nothing was shown to differ; it runs as long as it may.",
    "The prompt fills three quarters of its context.", "The rest of it leads to another request, later than the first.",
    "A share is of the whole, and `torch.compile` with `largest_chunk` is a name.", "The likeliest token, in µs.",
    "Two threads decode {{ v.second | interval }} as fast as one.",
    "Its cause is not known; whether it is large nobody can say.", "Runs of one block are alike.",
    "Whether the model matters is asked; the ratio of two hosts' ratios has an interval of ten sessions.",
    "The same tasks run in one block, and no difference that matters was asked of nine sessions.",
    "A client that keeps up with its server lies on the line; `num_ctx=512` and `--is_faster` are names.",
    "The weights were never trained, and the first request always sends one prompt.", "A naïve café waits.",
    "The lag grows for as long as that lasts, and no token is lost.", "It was polled four times as often.",
    "Times are at the ninety-ninth percentile.", "How the hosts agree is asked, and whether the limit is met.",
    "Two sessions of one host are compared; an agent in Rust starts a task after its prompt was read.",
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(HONEST)))
def test_honest_words_pass(tmp_path: Path, number: int) -> None:
    check(tmp_path, f"{FRONT}\n{HONEST[number]}\n")


def test_claims_questions_and_declared_words_pass(tmp_path: Path) -> None:
    said = '{{ claim("best-of-all") }} Which is faster? {{ word("larger", "of models never measured") }} `--slower_of`'
    check(tmp_path, FRONT + said + "{% for id in claims if id.startswith('best-') %}{% endfor %} no longer")


def test_a_declared_word_gives_its_reason() -> None:
    scope = Scope(Content())
    assert str(scope.word("larger", "of models <b>never</b> measured")).count("<") == 2
    with pytest.raises(UsageError, match="gives no reason"):
        scope.word("larger", "because")
    with pytest.raises(UsageError, match="is a sentence; state it as a claim"):
        scope.word("Rust is twice as fast as Python", "so it was measured")
    for text in ("Rust wins", "never fails", "forty ms", "twice as fast", "is faster than Python", "no request failed"):
        with pytest.raises(UsageError, match="which no reason makes true"):
            scope.word(text, "it is the name of a thing")
    assert "is faster" in scope.word("Lower is faster", "how the axis is read")


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ('{{ lit("9,000", "setting") }} tok/s', True), ('{{ lit("3", "definition") }}× faster', True),
        ('{{ lit("5", "setting") }} × {{ lit("10", "setting") }}', False), ('{{ lit("46", "published") }} there', True),
        ('{{ lit("42", "setting") }}\nms', True), ('{{ lit("42", "setting") }}&nbsp;**ms**', True),
        ('{{ lit("42", kind="setting") }} tok/s', True), ('{{ lit("42", "definition") }} seconds', True),
        ('{{ lit("42", "threshold") }} ms', False), ('{{ lit("95", "definition") }} %', False),
    ],
)  # fmt: skip
def test_a_unit_beside_a_literal_of_the_prose_measures_it(tmp_path: Path, text: str, refused: bool) -> None:
    (tmp_path / "tr900.md").write_text(FRONT + text, encoding="utf-8")
    prose = read_prose(tmp_path / "tr900.md")
    if refused:
        with pytest.raises(UsageError, match=r"^tr900\.md:5: .*is declared"):
            demand_literals(prose, tmp_path)
    else:
        demand_literals(prose, tmp_path)
