"""Code that changed after it was imported: report modules are taken in, all else stops rendering."""

from __future__ import annotations

import sys

import pytest

from harness.errors import UsageError
from hooks.caching import reload as loaded


def test_report_modules_and_studies_are_imported_anew() -> None:
    from hooks.reports import compute

    before = compute("tr108")
    loaded.reload_changed("hooks.project")
    assert "hooks.reports.tr108" not in sys.modules
    assert "hooks.reports" in sys.modules
    after = compute("tr108")
    assert after is not before
    assert after.__module__ == before.__module__


def test_other_code_that_changed_renders_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    digests = iter(("one", "one", "one", "other"))
    monkeypatch.setattr(loaded, "code", lambda *_: next(digests))
    loaded.reload_changed("hooks.changing")
    with pytest.raises(UsageError, match="start the command again"):
        loaded.reload_changed("hooks.changing")
