"""A template of the theme is compiled once for a store, and anew when its text changes."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from hooks.caching.store import Store
from hooks.caching.theme_templates import compiled


class Counting(Environment):
    """Counts what it compiles."""

    parsed = 0

    def _parse(self, *arguments: object) -> object:  # type: ignore[override]
        self.parsed += 1
        return super()._parse(*arguments)  # type: ignore[arg-type]


def built(theme: Path, store: Path) -> tuple[str, int]:
    """What a new environment makes of the page, and how many templates it compiled."""
    environment = Counting(loader=FileSystemLoader(theme), bytecode_cache=compiled(Store(store)))
    return environment.get_template("page.html").render(), environment.parsed


def test_a_template_is_compiled_once_for_its_text(tmp_path: Path) -> None:
    page, store = tmp_path / "page.html", tmp_path / "store"
    page.write_text("{{ 1 + 1 }}")
    assert built(tmp_path, store) == ("2", 1)
    assert built(tmp_path, store) == ("2", 0)
    page.write_text("{{ 1 + 2 }}")
    assert built(tmp_path, store) == ("3", 1)
    for kept in store.rglob("*.cache"):
        kept.write_bytes(b"damaged")
    assert built(tmp_path, store) == ("3", 1)
