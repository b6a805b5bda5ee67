"""Traces that are damaged or of another kind: one line with file and line, and no request lost or made up."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.workload.trace import read_trace

AZURE = (
    "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,374,44\n2023-11-16 18:17:04.0319600,396,109\n"
)
BURST = (
    "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
    "5,ChatGPT,472,18,490,Conversation log\n"
    "45,ChatGPT,1087,230,1317,Conversation log\n"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BURST + '50,ChatGPT,1,2,3,"Conversation log\n60,ChatGPT,1,2,3,API log\n', "line 4: it is no CSV"),
        (BURST + '50,Chat,1,2,3,"a\n60,Chat,1,2,3,b"\n', "line 4: a field goes over several lines"),
        (BURST + '50,"Chat"GPT,1,2,3,a\n', "line 4: it is no CSV"),
        (
            BURST + "50,ChatGPT,472,1",
            "line 4: no timestamp, request tokens, response tokens of a trace of burstgpt: it has 4",
        ),
        (BURST + "1,5,ChatGPT,472,18,490,x\n", "line 4: no timestamp"),
        (AZURE + "2023-11-16 18:17:09,1,374,44\n", "line 4: no timestamp"),
        (AZURE + "2023-11-16 18:17:09,3_74,44\n", "line 4: no timestamp"),
        (AZURE + "2023-11-16 18:17:09,\u0663,44\n", "line 4: no timestamp"),
        (AZURE + "9999-11-16 18:17:09,374,44\n", "line 4: no timestamp"),
        (AZURE + "0001-11-16 18:17:09,374,44\n", "line 4: no timestamp"),
        (AZURE + "2099-11-16 18:17:09,374,44\n", "line 4: it is more than ten years after the first"),
        (AZURE + "2023-02-30 18:17:09,374,44\n", "line 4: no timestamp"),
        (AZURE + "2023-11-16 25:17:09,374,44\n", "line 4: no timestamp"),
        (AZURE + "2023-11-16 18:17:09+02:00,374,44\n", "line 4: no timestamp"),
        (AZURE + "2023-11-16 18:17:03,374,44\n", "line 4: the trace goes back in time; sort it by time"),
        (BURST + "1e300,m,1,1,2,x\n", "line 4: it is more than ten years after the first"),
        (BURST + "60,m,-1,1,2,x\n", "line 4: no timestamp"),
        (BURST + "60,m,1,1e9,2,x\n", "line 4: no timestamp"),
        (BURST + f"60,{'m' * 200_000},1,1,2,x\n", "line 4: it is no CSV"),
        (
            AZURE.replace("ContextTokens", "GeneratedTokens,ContextTokens", 1),
            "line 1: the column generatedtokens stands",
        ),
        (
            BURST.replace("Request tokens", "RequestTokens"),
            "line 1: it names a timestamp and tokens, but not timestamp, con",
        ),
        ('{"at_s": true}\n', "line 1: no arrival time"),
        ('{"at_s": 1, "at_s": 2}\n', "line 1: no arrival time"),
        ('{"at_s": NaN}\n', "line 1: an arrival lies"),
        ("0\n1_0\n", "line 2: no arrival time"),
        ("1.5s\n2.5\n", "line 1: no arrival time"),
        ("2023-11-16 18:17:09\n0\n", "line 1: no arrival time"),
        ("0\n1e400\n", "line 2: an arrival lies"),
        ("0\n1e12\n", "line 2: it is more than ten years after the first; give times in seconds"),
        ("0\n\n3\n2\n", "line 4: the trace goes back in time"),
        ("[" * 100_000 + "\n1\n" + '{"at_s":' * 100_000, "line 3: no arrival time"),
    ],
)
def test_a_damaged_trace_names_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "trace.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_trace(path)
    assert str(caught.value).startswith(f"{path}, {said}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n\n"])
def test_ends_of_lines_change_nothing(tmp_path: Path, end: str) -> None:
    for text in (AZURE, BURST, "at_s\n0\n1.5\n"):
        plain, other = tmp_path / "plain", tmp_path / "other"
        plain.write_bytes(text.encode())
        other.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", end).encode())
        assert read_trace(other).offsets_ns == read_trace(plain).offsets_ns
        assert read_trace(other).lengths == read_trace(plain).lengths


def test_a_separator_that_is_no_end_of_a_line_does_not_count_as_one(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    path.write_text(
        BURST.replace("Conversation log", "Conversation\u2028log\x0b") + "soon,m,1,1,2,x\n", encoding="utf-8"
    )
    with pytest.raises(UsageError, match="line 4: no timestamp"):
        read_trace(path)


def test_what_is_no_plain_file_is_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, said in ((tmp_path / "pipe", "it is a pipe or a socket"), (tmp_path, "Is a directory")):
        with pytest.raises(UsageError, match=f"cannot be read: {said}"):
            read_trace(path)
