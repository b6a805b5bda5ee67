"""What nobody may type is one line on stderr that names the help to read, for both commands."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from harness.cli import app as harness
from harness.command_line import run
from hooks.cli import app as reports

APPS = {"harness": harness, "reports": reports}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("harness bnech", "no such command 'bnech'; did you mean 'bench'? see 'harness --help'"),
        (
            "harness bench --concurency 1",
            "no such option: --concurency (Possible options: --concurrency); see 'harness bench --help'",
        ),
        ("harness bench --runs x", "invalid value for '--runs': Input should be a valid integer; see 'harness bench"),
        ("harness bench --runs 0", "invalid value for '--runs': Input should be greater than or equal to 1; see"),
        ("harness bench --name", "option '--name' requires an argument; see 'harness bench --help'"),
        ("harness bench one two", "got unexpected extra argument(s) (two); see 'harness bench --help'"),
        ("harness seal", "missing argument 'study'; see 'harness seal --help'"),
        ("harness export a v1 b --as zip", "invalid value for '--as': 'zip' is not one of 'archive',"),
        ("harness --hepl", "no such option: --hepl (Possible options: --help); see 'harness --help'"),
        ("harness bench --\x1b[31m", "see 'harness bench --help'"),
        ("reports biuld", "no such command 'biuld'; did you mean 'build', 'bind'? see 'reports --help'"),
        ("reports build --dat x", "no such option: --dat (Possible options: --data, --out); see 'reports build"),
        ("reports value", "missing argument 'ID'; see 'reports value --help'"),
    ],
)
def test_a_mistyped_command_is_one_line(
    typed: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name, *arguments = typed.split(" ")
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    with pytest.raises(SystemExit) as ended:
        run(name, APPS[name])
    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"{name}: ")
    assert said in err
    assert err.rstrip("\n").isprintable()


def test_a_line_break_that_was_typed_breaks_no_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["harness", "import", "no\nsuch file"])
    with pytest.raises(SystemExit):
        run("harness", APPS["harness"])
    assert capsys.readouterr().err.startswith("harness: there is no no\\nsuch file; ")


def test_what_the_terminal_cannot_show_is_its_escape() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    code = "from harness.command_line import run; run('x', lambda _: say)"
    code = f"import sys; say = lambda *_, **__: print('1.0\u00d7'); {code}"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "1.0\\xd7\n", done.stderr


@pytest.mark.parametrize("name", sorted(APPS))
def test_without_a_command_the_help_is_shown(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [name])
    with pytest.raises(SystemExit) as ended:
        run(name, APPS[name])
    out, err = capsys.readouterr()
    assert (ended.value.code or 0, err) == (0, "")
    assert f"Usage: {name} " in out
