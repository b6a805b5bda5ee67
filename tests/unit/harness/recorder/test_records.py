"""Records that this version did not write are refused, never half understood."""

from __future__ import annotations

import pytest

from harness.errors import JournalCorrupt, SchemaUnknown
from harness.events import Run
from harness.outcomes import OK
from harness.recorder.records import decode, encode

RUN = Run("r", "c", 0, 0, 0, OK, 0, 0, {})


@pytest.mark.parametrize(
    "payload", [b"", b"{}", b'{"edition": {}}', b"\xff\xfe", b"run", b'{"run":{}}', b'{"r\xc3\xa9n": {}}']
)
def test_an_unknown_kind_is_refused(payload: bytes) -> None:
    with pytest.raises(SchemaUnknown, match="unknown kind"):
        decode(payload)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"facts"', b'"fact5"'),
        (b'"replicate": 0', b'"replicate": "0"'),
        (b'"replicate": 0', b'"replicate": 0.0'),
        (b'"replicate": 0', b'"replicate": null'),
        (b'"status": "ok"', b'"status": "fine"'),
        (b'"code": null', b'"code": "gap_timeout"'),
        (b'"run_id": "r", ', b""),
        (b'"run_id": "r", ', b'"run_id": "r", "new_field": 1, '),
        (b'"facts": {}', b'"facts": {"x": NaN}'),
        (b"}}", b"}"),
    ],
)
def test_a_record_of_another_shape_is_refused(old: bytes, new: bytes) -> None:
    payload = encode(RUN)
    assert old in payload
    with pytest.raises(JournalCorrupt, match="a run record is not one"):
        decode(payload.replace(old, new, 1))


def test_what_is_no_record_cannot_be_encoded() -> None:
    with pytest.raises(TypeError, match="cannot be recorded"):
        encode(Run("r", "c", 0, 0, 0, OK, 0, 0, {"x": object()}))  # type: ignore[dict-item]
