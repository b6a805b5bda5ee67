"""A hostile string is shown on a terminal as what it is."""

from __future__ import annotations

import io

import pytest
from rich.table import Table

from harness.terminal import Terminal, plain
from tests.support.hostile_strings import HOSTILE

TITLE = "\x1b]0;owned\x07\x1b[2Jgone\r\u202etxt\x9b31m[bold red]x[/] :bomb: \u2028a\nb"


@pytest.mark.parametrize("text", [TITLE, "".join(map(chr, (*range(32), *range(127, 160)))), *HOSTILE[::7]])
def test_a_terminal_obeys_no_text(text: str) -> None:
    assert plain(text).isprintable()
    written = io.StringIO()
    terminal = Terminal(file=written, force_terminal=True, color_system=None)
    table = Table(text, title=text)
    table.add_row(text)
    terminal.print(table)
    terminal.print(text, soft_wrap=True)
    lines = written.getvalue().split("\n")
    assert all(line.isprintable() for line in lines)
    assert plain(text) in lines[-2]


def test_what_can_be_read_stays_as_it_is() -> None:
    assert plain("30.6 ms, größer – 95 % [bold]") == "30.6 ms, größer – 95 % [bold]"
    assert plain("a\x1b[31m\u202e\n") == "a\\x1b[31m\\u202e\\n"
