"""Files of other tools, imported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.datasets.read import Dataset
from harness.datasets.recordings import Recording
from harness.imports.importing import import_file
from harness.metrics.runs import RunValues, per_run
from harness.recorder.proof import prove

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures/imports"
EXPECTED: dict[str, Any] = json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))


def imported(path: Path, root: Path) -> Dataset:
    """The dataset that a file becomes, proven as a pack of it would be elsewhere."""
    dataset = Dataset.open(root / import_file(path, root).label)
    prove(Recording(dataset.path, dataset.manifest))
    return dataset


def imported_json(content: object, root: Path, name: str = "results.json") -> Dataset:
    """The same of a document, or of a text."""
    path = root.parent / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return imported(path, root)


def values(dataset: Dataset, metric: str, within: str = "mean") -> RunValues:
    """A metric of each run."""
    return per_run(dataset.runs, dataset.requests, metric, within=within, tables=dataset)


def value(dataset: Dataset, metric: str, within: str = "mean") -> float | None:
    """A metric of the only run; null where it has none."""
    found = values(dataset, metric, within)
    assert len(found) == 1
    return float(found.present[0]) if len(found.present) else None


def load(name: str) -> Any:
    """A fixture of JSON."""
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))
