"""An error of a report module is one line that begins with its file and line."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from harness.errors import BinderyError, DatasetCorrupt, UsageError
from hooks.content.blocks import Content
from hooks.recipes.module_errors import located
from hooks.recipes.report_builder import Draft
from tests.support.projects import ROOT

SOURCE = '''"""A report with one mistake."""

from hooks.recipes.columns import metric
from hooks.recipes.contrasts import every_setting, ratio
from hooks.recipes.report_builder import Draft
from hooks.recipes.rows import rows
from hooks.recipes.tables import table


def compute(draft: Draft) -> None:
    models = rows(draft, "model")
    _part(draft, models)


def _part(draft, models):
    {mistake}
'''
LINE = SOURCE[: SOURCE.index("{mistake}")].count("\n") + 1


def module(folder: Path, mistake: str) -> ModuleType:
    path = folder / "tr900.py"
    path.write_text(SOURCE.format(mistake=mistake))
    spec = spec_from_file_location("tr900", path)
    assert spec is not None
    assert spec.loader is not None
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def _content(made: ModuleType, draft: Draft) -> Content:
    made.compute(draft)
    return draft.content()


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        ('table(models, "t", "T", metric("tfft", "first token"))', "unknown metric 'tfft'; choose one of: "),
        ('rows(draft, "arm")', "unknown factor 'arm'"),
        ('models.per("threads", [8])', "unknown level of 'threads': '8'"),
        ('draft.ask("ttft", {"model": "m"})', "unknown level of 'model'"),
        ('draft.headline("no-such-claim")', "the headline is a claim that is not made: 'no-such-claim'"),
        ('table(every_setting(draft, ["ttft"], "model"), "t", "T", ratio("x", "itl"))', "unknown metric of these rows"),
        ('draft.claim("c", "{t} and {u}", {"t": draft.ask("ttft")}, "t.low > 0 ms")', "claim 'c' mentions u"),
    ],
)
def test_the_line_of_the_mistake_is_named(tmp_path: Path, draft: Draft, mistake: str, message: str) -> None:
    made = module(tmp_path, mistake)
    with pytest.raises(UsageError) as raised, located(tmp_path / "tr900.py"):
        _content(made, draft)
    assert str(raised.value).startswith(f"tr900.py:{LINE}: {message}")
    assert "\n" not in str(raised.value)


def test_a_file_of_this_project_is_named_from_its_root() -> None:
    file = ROOT / "hooks" / "reports" / "tr108.py"
    with pytest.raises(UsageError, match=r"^hooks/reports/tr108\.py: it is wrong$"), located(file):
        raise UsageError("it is\nwrong")


def test_the_kind_of_an_error_stays(tmp_path: Path) -> None:
    with pytest.raises(DatasetCorrupt, match=r"^tr900\.py: a file is gone$") as raised, located(tmp_path / "tr900.py"):
        raise DatasetCorrupt("a file is gone")
    assert isinstance(raised.value.__cause__, BinderyError)
