"""BibTeX: every character that LaTeX takes for a command is written out."""

from __future__ import annotations

from collections.abc import Mapping

_LATEX = {character: f"\\{character}" for character in "&%$#_{}"} | {
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "\n": " ",
}


def entry(kind: str, key: str, fields: Mapping[str, str]) -> list[str]:
    """An entry, line by line, of fields whose texts have no control characters."""
    lines = [f"  {name:<11} = {{{latex(text)}}}," for name, text in fields.items()]
    return [f"@{kind}{{{key},", *lines, "}"]


def latex(text: str) -> str:
    """``text`` as LaTeX prints it."""
    return "".join(_LATEX.get(character, character) for character in text)
