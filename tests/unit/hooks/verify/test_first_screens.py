"""The machines of a report over many datasets are compared one by one: a comma in a name ends none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from hooks.verify.meaning.first_screen import FEW, _facts

CPUS = ("CPU, fast", "CPU", "CPU, fast", "CPU")
MACHINES = ("CPU, fast, 2 logical cores, no GPU", "CPU, 2 logical cores, no GPU")


def dataset(place: int, cpu: str) -> Any:
    facts = {"cpu_model": cpu, "cores_logical": 2, "gpu_name": None, "gpu_name.missing": "no_sensor"}
    manifest = {"created": f"2026-11-2{place}T00:00:00+00:00", "environment": facts, "models": []}
    return SimpleNamespace(manifest=manifest, label=f"tr900/v{place}", recordings=())


DATASETS = [dataset(place, cpu) for place, cpu in enumerate(CPUS)]


def problems(*machines: str) -> list[str]:
    rows = [("Hardware", one) for one in machines]
    rows += [
        ("Model", ""),
        ("Runs", "of each dataset, in 1 to 1 sessions"),
        ("Dataset", ", ".join(one.label for one in DATASETS)),
        ("Recorded", "2026-11-20 to 2026-11-23; edition: first, published"),
    ]
    strip = "".join(f"<div><dt>{name}</dt><dd>{said}</dd></div>" for name, said in rows)
    page: Any = SimpleNamespace(body=html.fromstring(f'<article><dl class="b-facts">{strip}</dl></article>'))
    assert len(DATASETS) > FEW
    return [one for one in _facts(page, DATASETS) if one is not None]


def test_each_machine_once_in_its_order_is_right() -> None:
    assert problems(*MACHINES) == []


@pytest.mark.parametrize(
    "machines",
    [
        MACHINES[::-1],
        MACHINES[:1],
        (*MACHINES, MACHINES[0]),
        (", ".join(MACHINES),),
        ("CPU", "fast, 2 logical cores, no GPU", MACHINES[1]),
        ("CPU, fast, 2 logical cores", "no GPU, CPU, 2 logical cores, no GPU"),
        ("CPU, fast, 4 logical cores, no GPU", MACHINES[1]),
    ],
    ids=["other order", "left out", "twice", "joined", "cut at a comma", "moved comma", "other fact"],
)
def test_other_machines_are_found(machines: tuple[str, ...]) -> None:
    (said,) = problems(*machines)
    assert said.startswith("its hardware is [")
    assert all(one in said for one in MACHINES)
