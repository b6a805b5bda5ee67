"""Two pages do not name one picture as their card."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.verify import verify

PAGE = (
    '<!doctype html><html><head><meta property="og:image" content="{}"></head><body><article></article></body></html>'
)


@pytest.mark.parametrize(("other", "said"), [("b.png", []), ("a.png", ["its card is that of one.html"])])
def test_a_card_is_of_one_page(tmp_path: Path, other: str, said: list[str]) -> None:
    for name, picture in (("one", "a.png"), ("two", other)):
        (tmp_path / f"{name}.html").write_text(PAGE.format(picture), encoding="utf-8")
    report = verify(tmp_path, only=["cards"])
    assert [one.problem for one in report.mismatches] == said
    assert report.examined["cards"] == 2
