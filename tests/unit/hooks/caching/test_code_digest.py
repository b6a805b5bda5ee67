"""What a cache key depends on is found by reading import statements, and a module that is not there is refused."""

import ast
import os
from pathlib import Path

import pytest

from harness.errors import UsageError
from hooks.caching import code_digest as dependencies
from hooks.caching.code_digest import code, existing, recall, remember, sources
from hooks.caching.store import Store


def test_a_module_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match=r"hooks\.no_such_module, which is not there"):
        code("hooks.no_such_module")


def test_a_deleted_module_is_noticed_by_the_next_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hooks").mkdir()
    module = tmp_path / "hooks" / "one.py"
    module.write_text("x = 1\n")
    monkeypatch.setattr(dependencies, "ROOT", tmp_path)
    dependencies.forget()
    before = code("hooks.one")
    module.unlink()
    dependencies.forget()
    with pytest.raises(UsageError):
        code("hooks.one")
    assert before
    monkeypatch.undo()
    dependencies.forget()


def test_every_form_of_import_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "hooks"
    (package / "room").mkdir(parents=True)
    for name in ("__init__", "a", "b", "c", "d", "e", "room/__init__", "room/f"):
        (package / f"{name}.py").write_text("")
    (package / "a.py").write_text(
        "from . import b\nfrom .room import (\n    f,\n)\nimport hooks.c\n\n\n"
        "def later():\n    if True:\n        from hooks.d import x\n\n\ntext = 'from .e import x'\n"
    )
    monkeypatch.setattr(dependencies, "ROOT", tmp_path)
    dependencies.forget()
    found = {path.relative_to(package).as_posix() for path in sources("hooks.a")}
    assert found == {"__init__.py", "a.py", "b.py", "c.py", "d.py", "room/__init__.py", "room/f.py"}
    monkeypatch.undo()
    dependencies.forget()


def test_only_modules_that_are_there_exist() -> None:
    assert existing(("hooks.reports.tr108", "hooks.reports.tr999")) == ("hooks.reports.tr108",)


@pytest.mark.parametrize("written", ["x = (\n", "x = '\0'\n", "\xff"])
def test_a_file_that_is_no_python_counts_and_imports_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    (tmp_path / "hooks").mkdir()
    module = tmp_path / "hooks" / "one.py"
    module.write_bytes(written.encode("latin-1"))
    monkeypatch.setattr(dependencies, "ROOT", tmp_path)
    dependencies.forget()
    assert sources("hooks.one") == (module,)
    monkeypatch.undo()
    dependencies.forget()


def test_a_file_whose_imports_are_kept_is_parsed_only_where_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hooks").mkdir()
    one, two = (tmp_path / "hooks" / name for name in ("one.py", "two.py"))
    one.write_text("import hooks.two\n")
    two.write_text("")
    monkeypatch.setattr(dependencies, "ROOT", tmp_path)
    store = Store(tmp_path / "store")
    for first in (True, False):
        monkeypatch.setattr(dependencies, "_read", {})
        monkeypatch.setattr(dependencies, "_kept", set())
        dependencies.forget()
        recall(store)
        if not first:
            monkeypatch.setattr(ast, "parse", None)
            os.utime(one, ns=(1, 1))
        assert sources("hooks.one") == (one, two)
        remember(store)
    one.write_text("import hooks.two, hooks.three\n")
    with pytest.raises(TypeError):
        sources("hooks.one")
    monkeypatch.undo()
    dependencies.forget()
