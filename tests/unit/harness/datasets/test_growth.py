"""Datasets may grow: a field, a column, a table and a file are added, and everything sealed before still opens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pydantic import Field

from harness.datasets import manifest, migrate, read, recordings, schema
from harness.datasets.manifest import Manifest
from harness.datasets.read import Dataset
from harness.errors import SchemaUnknown
from harness.recorder import seal, tables
from tests.support.datasets import make_dataset

COMMITTED = Path(__file__).resolve().parents[4] / "data"
NEXT = schema.SCHEMA_VERSION + 1


class Grown(Manifest):
    """Tomorrow's manifest: one more optional field."""

    weather: str | None = Field(default=None)


def _with_weather(fields: dict[str, object]) -> dict[str, object]:
    """The manifest of a version that lists recordings has no such field."""
    return fields if "recordings" in fields else {**fields, "weather": None}


@pytest.fixture(autouse=True)
def _code_of_one_day() -> Iterator[None]:
    """No manifest that the code of another day has read is at hand."""
    recordings._stated.cache_clear()
    yield
    recordings._stated.cache_clear()


@pytest.fixture
def tomorrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code of the next version of the schema: another field, another column, another table in a file of its own."""
    today = schema.SCHEMAS[schema.SCHEMA_VERSION]
    grown = {
        **today,
        "requests": today["requests"].append(pa.field("retries", pa.int32())),
        "weather": pa.schema([("run_id", pa.string()), ("degrees", pa.float64())]),
    }
    monkeypatch.setitem(schema.SCHEMAS, NEXT, grown)
    for module in (schema, migrate, tables, seal):
        monkeypatch.setattr(module, "SCHEMA_VERSION", NEXT)
    monkeypatch.setattr(migrate, "MIGRATIONS", {**migrate.MIGRATIONS, NEXT - 1: _with_weather})
    for module in (manifest, recordings, seal):
        monkeypatch.setattr(module, "Manifest", Grown)
    monkeypatch.setattr(read, "tables", lambda version=NEXT: tuple(schema.SCHEMAS[version]))
    build = tables.Tables.build

    def grown_build(self: tables.Tables, *arguments: object) -> dict[str, pa.Table]:
        made = build(self, *arguments)  # type: ignore[arg-type]
        return {**made, "weather": pa.table({"run_id": ["a"], "degrees": [21.5]})}

    monkeypatch.setattr(tables.Tables, "build", grown_build)
    monkeypatch.setattr(read, "_derived", lambda _, name: grown[name].empty_table())


@pytest.mark.usefixtures("tomorrow")
@pytest.mark.parametrize("path", sorted(COMMITTED.glob("*/[rv]*/manifest.json")), ids=lambda p: p.parent.name)
def test_everything_committed_opens_with_tomorrows_code(path: Path) -> None:
    dataset = Dataset.open(path.parent)
    assert isinstance(dataset.manifest, Grown)
    assert dataset.manifest.weather is None
    assert dataset.requests["retries"].null_count == dataset.requests.num_rows
    assert dataset.table("weather").num_rows == 0


@pytest.mark.usefixtures("tomorrow")
def test_what_tomorrows_code_seals_opens_with_it(tmp_path: Path) -> None:
    folder = make_dataset(tmp_path, runs=1, requests=1, tokens=2)
    dataset = Dataset.open(folder)
    assert (folder / "weather.parquet").is_file()
    assert dataset.table("weather")["degrees"].to_pylist() == [21.5]
    assert dataset.manifest.schema_version == NEXT


def test_todays_code_refuses_what_tomorrows_sealed(tmp_path: Path) -> None:
    folder = make_dataset(tmp_path, runs=1, requests=1, tokens=2)
    fields = json.loads((folder / "manifest.json").read_bytes()) | {"schema_version": NEXT, "weather": "fair"}
    (folder / "manifest.json").write_bytes(manifest.canonical_json(fields) + b"\n")
    with pytest.raises(SchemaUnknown, match=f"schema version {NEXT}, this version reads up to {NEXT - 1}; update"):
        Dataset.open(folder)


def test_a_migration_that_is_interrupted_leaves_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = COMMITTED / "tr108" / "v1"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def interrupted(_: object) -> dict[str, object]:
        raise KeyboardInterrupt

    monkeypatch.setattr(migrate, "MIGRATIONS", {1: interrupted})
    with pytest.raises(KeyboardInterrupt):
        Dataset.open(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
