"""What an agent makes of the files that it has read: the summary that its prompts contain.

The agent in Rust makes the same bytes, so every figure is the text of a file and never a number printed anew.
A CSV file has one line of names, no quotes, and commas between fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

KINDS = ("csv", "json", "md")
FIRST_NAMES = 3
MOST_COLUMNS = 8

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

File = tuple[str, bytes]


def read_files(folder: Path) -> Iterator[File]:
    """Each CSV, JSON and Markdown file of ``folder`` with its bytes, in the order of names. Raises ``OSError``."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name.encode()):
        if path.suffix[1:] in KINDS:
            yield path.name, path.read_bytes()


def summarise(files: Sequence[File]) -> str:
    """Counts by kind, first names, what the files hold, and the range of each numeric column.

    Raises ``ValueError`` for a file that is not what its name says.
    """
    texts = {kind: [(name, data.decode()) for name, data in files if name.endswith(f".{kind}")] for kind in KINDS}
    columns = _columns([text for _, text in texts["csv"]])
    lines = ["Files: " + ", ".join(f"{len(texts[kind])} {kind}" for kind in KINDS) + "."]
    for kind in KINDS:
        names = [name for name, _ in texts[kind]][:FIRST_NAMES]
        lines.append(f"First {kind} files: {', '.join(names) or 'none'}.")
    rows = sum(len(_rows(text)) - 1 for _, text in texts["csv"])
    fields = sum(len(_object(text)) for _, text in texts["json"])
    headings = sum(line.startswith("#") for _, text in texts["md"] for line in text.split("\n"))
    lines.append(f"They hold {rows} rows, {fields} fields and {headings} headings.")
    for name in sorted(columns, key=str.encode)[:MOST_COLUMNS]:
        low, high = columns[name]
        lines.append(f"Column {name}: {low} to {high}.")
    return "\n".join(lines)


def _rows(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.split("\n") if line]


def _object(text: str) -> dict[str, object]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("a JSON file is no object")  # noqa: TRY004 - the file is wrong, not an argument
    return found


def _columns(texts: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The lowest and the highest value of each column, as they stand, over all files; the first of equals.

    Values that are not numbers are passed over.
    """
    ranges: dict[str, tuple[str, str]] = {}
    for text in texts:
        names, *rows = _rows(text)
        for row in rows:
            for name, value in zip(names, row, strict=True):
                if _NUMBER.fullmatch(value):
                    low, high = ranges.get(name, (value, value))
                    ranges[name] = (min(low, value, key=float), max(high, value, key=float))
    return ranges
