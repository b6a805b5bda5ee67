"""No credential of this process is in what a worker says, wherever the server repeats it."""

from __future__ import annotations

import json

import pytest

from harness.execution.redaction import redacted, secrets

ENVIRONMENT = {
    "BINDERY_OPENAI_KEY": 'sk-"quoted"\\key',
    "BINDERY_OPENAI_HEADERS": json.dumps({"Authorization": "Basic dXNlcjpwdw==", "X-Team": "topsecret"}),
    "BINDERY_OPENAI_URL": "http://user:p%40ssword@host/v1",
    "OLLAMA_HOST": "me:ollamapw@host:11434",
}


@pytest.mark.parametrize(
    "secret",
    ['sk-"quoted"\\key', "dXNlcjpwdw==", "Basic dXNlcjpwdw==", "topsecret", "p@ssword", "p%40ssword", "ollamapw"],
)
def test_each_is_taken_out_wherever_it_stands(secret: str) -> None:
    known = secrets(ENVIRONMENT)
    said = {"outcome": f"401: wrong key {secret}!", "nested": [{"text": secret}], "é": f"é{secret}"}
    for ascii_only in (True, False):
        line = redacted(json.dumps(said, ensure_ascii=ascii_only).encode(), known)
        assert secret not in json.dumps(json.loads(line), ensure_ascii=False)
        assert json.loads(line)["nested"] == [{"text": "[removed]"}]


def test_without_credentials_nothing_changes() -> None:
    assert secrets({}) == ()
    assert redacted(b'{"a": 1}', ()) == b'{"a": 1}'


def test_what_cannot_be_read_hides_nothing_and_raises_nothing() -> None:
    assert secrets({"BINDERY_OPENAI_HEADERS": "{", "BINDERY_OPENAI_URL": "http://[::1/v1", "OLLAMA_HOST": "host"}) == ()


def test_a_text_too_short_to_be_a_secret_is_kept() -> None:
    assert secrets({"BINDERY_OPENAI_KEY": "abc"}) == ()
