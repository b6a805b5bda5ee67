"""Every dataset that was ever committed opens with today's code, and is still the same dataset."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow.compute as pc
import pytest

from harness.datasets.catalog import recordings, studies, versions
from harness.datasets.read import Dataset
from harness.datasets.schema import SCHEMA_VERSION, SCHEMAS

LIST = Path(__file__).parent / "committed_datasets.json"
DATA = Path(__file__).resolve().parents[2] / "data"
COMMITTED = json.loads(LIST.read_text(encoding="utf-8"))
"""By label: the digest, and the rows of each table. ``RENEW_GOLDEN=1`` adds new datasets; no line ever changes."""


def described(dataset: Dataset) -> dict[str, object]:
    rows = {name: dataset.table(name).num_rows for name in ("runs", "requests", "readings")}
    return {
        "digest": dataset.digest,
        **rows,
        "tokens": pc.sum(pc.list_flatten(dataset.requests["tokens"])).as_py(),
        "mean_load_ns": round(pc.mean(dataset.runs["load_ns"]).as_py()),
    }


def test_every_committed_dataset_is_listed() -> None:
    found = {ref.label for study in studies(DATA) for ref in (*versions(DATA, study), *recordings(DATA, study))}
    if "RENEW_GOLDEN" in os.environ:
        added = {label: described(Dataset.open(DATA / label)) for label in sorted(found - set(COMMITTED))}
        LIST.write_text(json.dumps({**COMMITTED, **added}, indent=1) + "\n", encoding="utf-8")
        pytest.skip(f"added to the list: {', '.join(added) or 'nothing'}")
    assert found == set(COMMITTED)


@pytest.mark.parametrize("label", sorted(COMMITTED))
def test_a_committed_dataset_is_what_it_was(label: str) -> None:
    dataset = Dataset.open(DATA / label)
    assert described(dataset) == COMMITTED[label]
    assert dataset.manifest.status == "recorded"


@pytest.mark.parametrize("label", sorted(COMMITTED))
def test_it_reads_as_todays_schema_does(label: str) -> None:
    dataset = Dataset.open(DATA / label, verify=False)
    for name, schema in SCHEMAS[SCHEMA_VERSION].items():
        assert set(schema.names) <= set(dataset.table(name).schema.names)
    started = pc.sum(pc.is_valid(dataset.runs["engine"])).as_py()
    assert dataset.engines.num_rows >= started
    assert dataset.runs["session"].null_count == 0
