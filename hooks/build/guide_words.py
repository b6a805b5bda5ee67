"""Holds guides and our texts of the series to the words that prose may use: what compares, a claim says.

A guide tells what to do, and may name an end of what it names, as *the longest wait*. Another word that it needs it
declares with the reason, ``<word because="an option">doubles</word>``. Of an entry of the series, all that was
published earlier is quoted, and its question and plan are ours.
"""

from __future__ import annotations

import re

from ..claims.lexicon import is_end
from ..postprocess.unbound_numbers import Source
from ..series.schema import Entry
from ..text.as_read import as_read
from .prose_words import UntestedWord, told

_CODE = re.compile(r"^[ \t]*```.*?^[ \t]*```[^\n]*$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_DECLARED = re.compile(r'<word because="(?=[^"]*\w{3})[^"]*">(?P<word>[^<>]{1,40})</word>')
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def demand_tested_guide(guide: Source) -> None:
    """Raises ``UntestedWord`` with a line for each word of a guide that claims, and is not declared."""
    text = _DECLARED.sub(" ", without_code("\n".join(guide.lines)))
    found = [
        f"{guide.name}:{line}: “{word}” claims more than a guide may; say what to do without comparing, or declare why"
        f' it is needed: <word because="…">{word}</word>'
        for line, word in told(as_read(text))
        if not is_end(word)
    ]
    if found:
        raise UntestedWord("\n".join(found))


def without_code(markdown: str) -> str:
    """A sign in place of each piece of code, on as many lines."""
    return _CODE.sub(lambda code: "x" + "\n" * code[0].count("\n"), markdown)


def without_declarations(markdown: str) -> str:
    """A guide as its reader sees it."""
    return _DECLARED.sub(r"\g<word>", markdown)


def demand_tested_entry(entry: Entry) -> None:
    """Raises ``UntestedWord`` where the question or the plan of an entry claims."""
    for field, texts in (("question", (entry.question,)), ("plan", entry.plan)):
        for text in texts:
            for _, word in told(as_read(_PLACEHOLDER.sub("x", text))):
                raise UntestedWord(
                    f"docs/series/{entry.id}.yml, {field}: “{word}” in “{text}” claims what nothing tests; say what is"
                    " measured"
                )
