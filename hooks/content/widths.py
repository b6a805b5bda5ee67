"""The two widths that a chart is drawn for, and how its words fit into them.

A wide drawing has its labels at the left of the plot. A narrow one has each above its row, so that the plot keeps the
whole width of a phone. Words that are too long go on in another line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

LINE, BELOW = 14, 10
"""Height of a line of a label, and the distance of marks from the next label, in pixels."""
EMPTY = "\u00a0"


@dataclass(frozen=True, slots=True)
class Layout:
    """``plot`` is the width of the plot in pixels, ``characters`` the length of a line of a label, ``title`` that of a
    line below the plot. Labels stand ``above`` their rows or left of the plot."""

    plot: int
    characters: int
    title: int
    above: bool = False

    def words(self, text: str) -> str | list[str]:
        """A title in as many lines as it needs."""
        found = wrap(text, self.title, break_long_words=False, break_on_hyphens=False)
        return found if len(found) > 1 else text

    def lines(self, label: str) -> list[str]:
        """A label in as many lines as it needs; in one where a word of it is too long for a line."""
        if any(len(word) > self.characters for word in label.split()):
            return [label]
        return wrap(label, self.characters, break_long_words=False, break_on_hyphens=False) or [label]

    def broken(self, labels: Sequence[str], *, filled: bool = False) -> dict[str, Any]:
        """What an axis or a legend says to break those of its ``labels`` that need several lines; ``filled`` up with
        empty ones, all have as many and end at one height."""
        most = self.most_lines(labels) if filled else 1
        found = {label: self.lines(label) for label in labels}
        found = {label: [*[EMPTY] * (most - len(lines)), *lines] for label, lines in found.items()}
        several = {label: lines for label, lines in found.items() if len(lines) > 1}
        return {"labelExpr": f"({json.dumps(several)})[datum.label] || datum.label"} if several else {}

    def most_lines(self, labels: Iterable[str]) -> int:
        """How many lines the longest of the labels has."""
        return max((len(self.lines(label)) for label in labels), default=1)

    def rows(self, labels: Iterable[str], marks: int) -> tuple[int, float]:
        """The height of a row and the share of it between the marks of two rows, whose height is ``marks``, where
        labels stand above."""
        between = LINE * self.most_lines(labels) + BELOW
        return marks + between, between / (marks + between)

    def axis(self, labels: Sequence[str], marks: int) -> dict[str, Any]:
        """The axis of the labels, where they stand above, and on top of lines that cross them."""
        return {
            "title": None,
            "labelAlign": "left",
            "labelBaseline": "top",
            "labelPadding": 0,
            "labelOffset": -(marks / 2 + LINE * self.most_lines(labels)),
            **self.broken(labels, filled=True),
            "ticks": False,
            "domain": False,
            "zindex": 1,
        }


NARROW = Layout(plot=262, characters=38, title=40, above=True)


def wide(plot: int) -> Layout:
    """The layout of a drawing with its labels at the left of a plot of that width."""
    return Layout(plot, characters=34, title=plot // 7)
