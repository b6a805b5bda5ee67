"""Changes one digit or byte of a built site at a time: the verifier must notice every one.

Each damage is tried against the checks that recompute, with the site's list of hashes made anew, as if the
renderer itself had been wrong. The list of hashes, which would catch them all, is tried apart.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harness.design import canonical_json
from hooks.sealing import seal_site
from hooks.verify import CHECKS, verify
from tests.support import mutations as m
from tests.support.built_site import REPORT, build_site, only_report
from tests.support.mutations import Mutation, applied

PAGE = REPORT.as_posix()
NUMBERS = REPORT.with_suffix("").joinpath("values.json").as_posix()
SAMPLES = REPORT.with_suffix("").joinpath("samples.csv").as_posix()
DATA = "data/tr108/v1"

RECOMPUTING = {
    "html": ("numbers shown", "literals", "claims", "drawings", "charts"),
    "chart": ("charts", "drawings", "literals"),
    "json": ("pages", "roundings", "estimates", "derived values", "identities", "numbers shown", "claims", "charts"),
    "samples": ("samples",),
    "summary": ("summary and feed",),
    "csv": ("downloads",),
    "sealed": ("artifacts", "estimates"),
}
"""The checks that read a kind of file, the likeliest first; together they must notice."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return only_report(built, tmp_path_factory.mktemp("report") / "site")


def meaningful(site: Path) -> Iterator[Mutation]:
    """Damage to what readers see or machines read: every one must be noticed without the list of hashes."""
    rng = random.Random(108)
    yield from m.digits("html shown number", site, PAGE, m.shown_numbers, 150, rng)
    yield from m.digits("html full precision", site, PAGE, m.full_precision, 80, rng)
    yield from m.digits("html id", site, PAGE, m.value_ids, 20, rng)
    yield from m.digits("html literal", site, PAGE, m.literals, 60, rng)
    yield from m.digits("html drawing", site, PAGE, m.svg_text, 80, rng)
    yield from m.digits("html coverage", site, PAGE, m.coverage, 10, rng)
    yield from m.digits("html claim", site, PAGE, m.claims, 50, rng)
    for name in m.charts(site):
        yield from m.digits("chart rows", site, name, m.chart_rows, 45, rng)
        yield from m.digits("chart titles", site, name, m.chart_titles, 5, rng)
    yield from m.digits("json", site, NUMBERS, m.json_numbers, 250, rng)
    yield from m.digits("summary", site, "summary.json", m.claims_said, 30, rng)
    yield from m.digits("summary feed", site, "feed.xml", m.feed_lines, 30, rng)
    yield from m.digits("samples", site, SAMPLES, m.significant, 40, rng)
    yield from m.digits("csv", site, f"{DATA}/requests.csv", m.everywhere, 20, rng)
    yield from m.digits("csv", site, f"{DATA}/runs.csv", m.everywhere, 20, rng)
    for table in ("runs", "requests", "readings"):
        yield from m.bytes_of("sealed parquet", site, f"{DATA}/{table}.parquet", 30, rng)
    yield from m.bytes_of("sealed manifest", site, f"{DATA}/manifest.json", 60, rng)


def anything(site: Path) -> Iterator[Mutation]:
    """Damage to any byte of any file, the list of hashes included."""
    rng = random.Random(109)
    for name in m.listed(site):
        yield from m.bytes_of("file", site, name, 20, rng)
    yield from m.bytes_of("file", site, "files.json", 40, rng)


def unnoticed(site: Path, mutation: Mutation, checks: tuple[str, ...]) -> bool:
    """Whether every one of ``checks`` passes the damaged site; later ones run only where earlier ones pass."""
    with applied(site, mutation):
        return all(verify(site, only=[check]).passed for check in checks)


def test_an_undamaged_site_passes(built: Path, site: Path) -> None:
    report = verify(built)
    assert report.passed, "\n".join(report.lines())
    assert set(report.examined) == set(CHECKS)
    assert all(report.examined.values()), report.examined
    assert verify(site, only=[check for check in CHECKS if check != "links"]).passed


def test_recomputing_notices_every_changed_digit(site: Path) -> None:
    tried = Counter[str]()
    missed = []
    for mutation in meaningful(site):
        tried[mutation.kind] += 1
        if unnoticed(site, mutation, RECOMPUTING[mutation.kind.partition(" ")[0]]):
            missed.append(str(mutation))
    assert not missed, "\n".join(missed)
    assert tried.total() >= 1000, tried
    assert min(tried.values()) >= 5, tried
    assert tried["chart rows"] >= 150, tried


def test_the_list_of_hashes_notices_every_changed_byte(site: Path) -> None:
    tried = list(anything(site))
    missed = [str(mutation) for mutation in tried if unnoticed(site, mutation, ("files",))]
    assert not missed, "\n".join(missed)
    assert len(tried) >= 250


def test_the_whole_verifier_notices_a_sample(built: Path, site: Path) -> None:
    chosen = random.Random(110).sample(list(meaningful(site)), 25)
    missed = []
    for mutation in chosen:
        with applied(built, mutation):
            missed += [str(mutation)] if verify(built).passed else []
    assert not missed, "\n".join(missed)


def forge(site: Path) -> None:
    """One request of the sealed data answers a millisecond later, and every hash of the site is made to fit."""
    sealed = site / DATA
    table = pq.read_table(sealed / "requests.parquet")
    arrivals = table["arrivals_ns"].to_pylist()
    chosen = table["phase"].to_pylist().index("measured")
    arrivals[chosen] = [place + 1_000_000 for place in arrivals[chosen]]
    column = table.schema.get_field_index("arrivals_ns")
    forged = table.set_column(column, table.schema.field(column), pa.array(arrivals, table.schema.field(column).type))
    pq.write_table(forged, sealed / "requests.parquet", compression="zstd")
    data = (sealed / "requests.parquet").read_bytes()
    before = (sealed / "manifest.json").read_bytes()
    manifest = json.loads(before)
    manifest["files"]["requests.parquet"] |= {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    after = canonical_json(manifest) + b"\n"
    (sealed / "manifest.json").write_bytes(after)
    old, new = (hashlib.sha256(text).hexdigest().encode() for text in (before, after))
    for path in (site / PAGE, site / NUMBERS, site / "summary.json"):
        path.write_bytes(path.read_bytes().replace(old, new))
    seal_site(site)


def test_a_forgery_with_fitting_hashes_is_noticed(site: Path, tmp_path: Path) -> None:
    shutil.copytree(site, tmp_path / "forged")
    forge(tmp_path / "forged")
    report = verify(tmp_path / "forged", only=[check for check in CHECKS if check != "links"])
    wrong = {found.check for found in report.mismatches}
    assert "estimates" in wrong
    assert wrong.isdisjoint({"files", "artifacts", "pages", "identities", "numbers shown"})
