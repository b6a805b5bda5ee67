"""Holds the pages of methodology and the glossary to definitions, which tell of nothing measured.

*Lower is better* and *six blocks are the fewest* define. A sentence that names an engine, a model, a program, a report
or this machine may say how it is used, and states a result where it says more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..claims.contenders import NAME
from ..claims.lexicon import is_end
from ..postprocess.unbound_numbers import Source
from ..text.as_read import as_read
from ..text.terms import FILE, Terms
from .guide_words import without_code
from .prose_words import UntestedWord, results_in, told

_SENTENCE = re.compile(r".+?(?:[.!?](?=\s|$)|(?=\n\s*\n)|(?=\n\s*[-*|#])|\Z)", re.DOTALL)
_NAMED = re.compile(
    rf"(?<![\w/.-])(?:{NAME}|TR\d+|guidellm|AIPerf|genai-perf|llama-bench|uvloop|NVIDIA|AMD|Intel|Apple"
    r"|(?:this|these|our) (?:machine|host|engine|model|processor|server)s?|on (?:all|every|each|both) hosts?)(?![\w-])",
)
_MEASURED = re.compile(r"<lit (?:definition|threshold)>(?P<number>[^<]*\d[^<]*)</lit>")
_LITERAL = re.compile(r"</?lit[^<>]*>")


def demand_defining_page(page: Source) -> None:
    """Raises ``UntestedWord`` with a line for each result of something named on a page of methodology."""
    _demand(page.name, without_code("\n".join(page.lines)))


def demand_defining_terms(docs: Path) -> None:
    """Raises ``UntestedWord`` where the text of a term tells a result of something named."""
    lines = (docs / FILE).read_text(encoding="utf-8").splitlines() if (docs / FILE).is_file() else []
    begins = {line.partition("id:")[2].strip(): number for number, line in enumerate(lines, 1) if "id:" in line}
    for term in Terms.read(docs).terms:
        _demand(f"docs/{FILE}", term.text, first=begins.get(term.id, 1))


def _demand(place: str, text: str, first: int = 1) -> None:
    found = [
        f"{place}:{first + line - 1}: “{said}” tells a result of {name}; define without naming it, or state it as a"
        " claim of a report"
        for line, name, said in _results(text)
    ]
    if found:
        raise UntestedWord("\n".join(found))


def _results(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, what is named, and the words that state a result of it."""
    for sentence in _SENTENCE.finditer(text):
        plain = as_read(_LITERAL.sub("", sentence[0]))
        if not (named := _NAMED.search(plain)):
            continue
        before = 1 + text.count("\n", 0, sentence.start())
        found = [*told(plain), *results_in(plain)]
        yield from ((before + line - 1, named[0], said) for line, said in found if not is_end(said))
        for number in _MEASURED.finditer(sentence[0]):
            yield before + sentence[0].count("\n", 0, number.start()), named[0], number["number"]
