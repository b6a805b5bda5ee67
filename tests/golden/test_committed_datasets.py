"""Every dataset that was ever committed opens with today's code, and is still the same dataset."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from harness.datasets.catalog import recordings, studies, versions
from harness.datasets.read import Dataset
from harness.datasets.schema import SCHEMA_VERSION, SCHEMAS

LIST = Path(__file__).parent / "committed_datasets.json"
DATA = Path(__file__).resolve().parents[2] / "data"
COMMITTED = json.loads(LIST.read_text(encoding="utf-8"))
"""By label: the digest, and the rows of each table. ``RENEW_GOLDEN=1`` adds new datasets; no line ever changes."""


def described(dataset: Dataset, read: Mapping[str, pa.Table]) -> dict[str, object]:
    rows = {name: read[name].num_rows for name in ("runs", "requests", "readings")}
    return {
        "digest": dataset.digest,
        **rows,
        "tokens": pc.sum(pc.list_flatten(read["requests"]["tokens"])).as_py(),
        "mean_load_ns": round(pc.mean(read["runs"]["load_ns"]).as_py()),
    }


def tables(dataset: Dataset) -> dict[str, pa.Table]:
    return {name: dataset.table(name) for name in SCHEMAS[SCHEMA_VERSION]}


def test_every_committed_dataset_is_listed() -> None:
    found = {ref.label for study in studies(DATA) for ref in (*versions(DATA, study), *recordings(DATA, study))}
    if "RENEW_GOLDEN" in os.environ:
        opened = {label: Dataset.open(DATA / label) for label in sorted(found - set(COMMITTED))}
        added = {label: described(dataset, tables(dataset)) for label, dataset in opened.items()}
        LIST.write_text(json.dumps({**COMMITTED, **added}, indent=1) + "\n", encoding="utf-8")
        pytest.skip(f"added to the list: {', '.join(added) or 'nothing'}")
    assert found == set(COMMITTED)


@pytest.mark.parametrize("label", sorted(COMMITTED))
def test_a_committed_dataset_is_what_it_was_and_reads_as_todays_schema_does(label: str) -> None:
    dataset = Dataset.open(DATA / label)
    read = tables(dataset)
    assert described(dataset, read) == COMMITTED[label]
    assert dataset.manifest.status == "recorded"
    for name, schema in SCHEMAS[SCHEMA_VERSION].items():
        assert set(schema.names) <= set(read[name].schema.names)
    started = pc.sum(pc.is_valid(read["runs"]["engine"])).as_py()
    assert read["engines"].num_rows >= started
    assert read["runs"]["session"].null_count == 0
