"""JSON that is the same for the same data, and that nothing can break out of."""

from __future__ import annotations

import json


def json_text(data: object) -> bytes:
    """ASCII JSON, indented, in the order of ``data``.

    Control characters, marks that turn the direction of text and ``<`` are escapes: the text may stand in HTML.
    """
    return json.dumps(data, indent=2, allow_nan=False).replace("<", "\\u003c").encode() + b"\n"
