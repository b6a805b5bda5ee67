"""Changes one digit or byte of a built site at a time: the verifier must notice every one.

Each damage is tried against the checks that recompute, with the site's list of hashes made anew, as if the
renderer itself had been wrong. The list of hashes, which would catch them all, is tried apart.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harness.canonical_json import canonical_json
from hooks.outputs.file_list import seal_site
from hooks.values.serialize import values_of
from hooks.verify import CHECKS, guarded, verify
from hooks.verify.checks import cited, counts
from hooks.verify.reader.site import Site
from tests.support import mutations as m
from tests.support.built_site import REPORT, only_page
from tests.support.mutations import Mutation, applied

OF_WHOLE_SITES = {"links", "terms", "heads of pages", "feed"}
"""Checks that ask about other pages and files than those of one page."""
PAGE = REPORT.as_posix()
NUMBERS = REPORT.with_suffix("").joinpath("values.json").as_posix()
ROWS = REPORT.with_suffix("").joinpath("numbers.html").as_posix()
SAMPLES = REPORT.with_suffix("").joinpath("samples.csv").as_posix()
DATA = "data/tr108/v1"
LABELS = Path("label-audit.html")

RECOMPUTING = {
    "html": ("numbers shown", "drawings", "claims", "recordings", "charts", "literals"),
    "rows": ("number rows",),
    "recording": ("recordings", "claims in all recordings"),
    "stated": ("pages", "recordings"),
    "chart": ("charts", "drawings", "literals", "better ends"),
    "json": (
        "pages",
        "identities",
        "roundings",
        "numbers shown",
        "estimates",
        "derived values",
        "claims",
        "charts",
        "recordings",
    ),
    "samples": ("samples",),
    "summary": ("summary and feed",),
    "csv": ("downloads",),
    "sealed": ("artifacts", "estimates"),
}
"""The checks that read a kind of file, the quickest first; together they must notice."""


@pytest.fixture(scope="module")
def built(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, for each test damages it and takes that back."""
    return Path(shutil.copytree(built_site, tmp_path_factory.mktemp("built") / "site"))


@pytest.fixture(scope="module")
def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return only_page(built, tmp_path_factory.mktemp("report") / "site")


def meaningful(site: Path) -> Iterator[Mutation]:
    """Damage to what readers see or machines read: every one must be noticed without the list of hashes."""
    rng = random.Random(108)
    for page in (PAGE, ROWS):
        yield from m.digits("html shown number", site, page, m.shown_numbers, 50, rng)
        yield from m.digits("html full precision", site, page, m.full_precision, 25, rng)
        yield from m.digits("html literal", site, page, m.literals, 20, rng)
        yield from m.digits("html coverage", site, page, m.coverage, 10, rng)
    yield from m.digits("html id", site, PAGE, m.value_ids, 20, rng)
    yield from m.digits("rows id", site, ROWS, m.row_ids, 20, rng)
    yield from m.digits("html drawing", site, PAGE, m.svg_text, 50, rng)
    yield from m.digits("html claim", site, PAGE, m.claims, 50, rng)
    for name in m.charts(site):
        yield from m.digits("chart rows", site, name, m.chart_rows, 30, rng)
        yield from m.digits("chart titles", site, name, m.chart_titles, 5, rng)
    yield from m.letters("recording conclusion", site, PAGE, m.conclusions, 60, rng)
    yield from m.letters("recording machine", site, PAGE, m.recorded_on, 10, rng)
    yield from m.letters("recording prose", site, PAGE, m.in_all_recordings, 10, rng)
    yield from m.letters("recording differing", site, PAGE, m.differing, 10, rng)
    yield from m.letters("recording row", site, PAGE, m.recordings, 30, rng)
    yield from m.digits("stated pairs", site, NUMBERS, m.pairs_stated, 40, rng)
    yield from m.letters("summary recordings", site, "summary.json", m.states_of_recordings, 30, rng)
    yield from m.digits("json", site, NUMBERS, m.json_numbers, 150, rng)
    yield from m.digits("summary", site, "summary.json", m.claims_said, 30, rng)
    yield from m.digits("summary feed", site, "feed.xml", m.feed_lines, 30, rng)
    yield from m.digits("samples", site, SAMPLES, m.significant, 40, rng)
    yield from m.digits("csv", site, f"{DATA}/requests.csv", m.whole, 20, rng)
    yield from m.digits("csv", site, f"{DATA}/runs.csv", m.whole, 20, rng)
    for table in ("runs", "requests", "readings"):
        yield from m.bytes_of("sealed parquet", site, f"{DATA}/{table}.parquet", 30, rng)
    yield from m.bytes_of("sealed manifest", site, f"{DATA}/manifest.json", 60, rng)


def anything(site: Path) -> Iterator[Mutation]:
    """Damage to any byte of any file, the list of hashes included."""
    rng = random.Random(109)
    for name in m.listed(site):
        yield from m.bytes_of("file", site, name, 20, rng)
    yield from m.bytes_of("file", site, "files.json", 200, rng)


def unnoticed(site: Path, mutation: Mutation, checks: tuple[str, ...]) -> bool:
    """Whether every one of ``checks`` passes the damaged site, first the one that the kind of damage is named after;
    the first mismatch ends the search."""
    ordered = sorted(checks, key=lambda check: check.removesuffix("s") not in mutation.kind)
    with applied(site, mutation):
        damaged = Site(site)
        return all(found.problem is None for check in ordered for found in guarded(CHECKS[check], damaged))


def test_an_undamaged_site_passes(built: Path, site: Path) -> None:
    report = verify(built)
    assert report.passed, "\n".join(report.lines())
    assert set(report.examined) == set(CHECKS)
    unasked = {name for name, number in report.examined.items() if not number}
    assert unasked <= {"dated inputs", "formulas", "hosts", "notebooks", "primary contrasts", "shades"}, report.examined
    assert verify(site, only=[check for check in CHECKS if check not in OF_WHOLE_SITES]).passed, "pages alone"


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


def test_a_number_that_leads_to_an_equal_one_is_noticed(site: Path) -> None:
    """Neither what it shows nor what stands in the row is wrong."""
    links: dict[tuple[str, str], dict[str, None]] = {}
    pattern = r'<a href="[^"#]*#n-([^"]+)"><data value="([^"]+)">([^<]+)<'
    for key, number, text in re.findall(pattern, (site / PAGE).read_text(encoding="utf-8")):
        links.setdefault((number, text), {})[key] = None
    one, other = next(list(keys)[:2] for keys in links.values() if len(keys) > 1)
    with edited(site, f'#n-{one}"><data value', f'#n-{other}"><data value', Path(PAGE)):
        assert not verify(site, only=["numbers shown"]).passed
    assert verify(site, only=["numbers shown"]).passed


def test_a_changed_state_on_the_page_of_machines_is_noticed(built: Path) -> None:
    tried = list(m.letters("states", built, "hardware.html", m.states_of_all, 15, random.Random(111)))
    assert len(tried) == 15
    assert [str(mutation) for mutation in tried if unnoticed(built, mutation, ("claims in all recordings",))] == []


def test_the_list_of_hashes_notices_every_changed_byte(site: Path) -> None:
    tried = list(anything(site))
    missed = [str(mutation) for mutation in tried if unnoticed(site, mutation, ("files",))]
    assert not missed, "\n".join(missed)
    assert len(tried) >= 250


def test_the_whole_verifier_notices_one_of_each_kind_of_file(built: Path, site: Path) -> None:
    made = list(meaningful(site))
    random.Random(110).shuffle(made)
    chosen = {mutation.kind.partition(" ")[0]: mutation for mutation in made}
    assert set(chosen) == set(RECOMPUTING)
    missed = []
    for mutation in chosen.values():
        with applied(built, mutation):
            missed += [str(mutation)] if verify(built).passed else []
    assert not missed, "\n".join(missed)


@contextmanager
def edited(site: Path, old: str, new: str, *names: Path) -> Iterator[None]:
    """The site with ``old`` as ``new`` once in the first of ``names`` that holds it, which is taken back afterwards."""
    path = next(site / name for name in names if old in (site / name).read_text(encoding="utf-8"))
    kept = path.read_text(encoding="utf-8")
    path.write_text(kept.replace(old, new, 1), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(kept, encoding="utf-8")


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
    report = verify(tmp_path / "forged", only=[check for check in CHECKS if check not in OF_WHOLE_SITES])
    wrong = {found.check for found in report.mismatches}
    assert "estimates" in wrong
    assert wrong.isdisjoint({"files", "artifacts", "pages", "identities", "numbers shown"})


@pytest.fixture(scope="module")
def audited(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the label audit and what its numbers live in."""
    return only_page(built, tmp_path_factory.mktemp("audit") / "site", LABELS)


def test_every_changed_count_of_the_label_audit_is_noticed(audited: Path) -> None:
    rng = random.Random(111)
    numbers = LABELS.with_suffix("").joinpath("values.json").as_posix()
    tried = [
        *m.digits("json", audited, numbers, m.json_numbers, 100, rng),
        *m.digits("html", audited, LABELS.as_posix(), m.shown_numbers, 40, rng),
        *m.digits("html", audited, LABELS.as_posix(), m.literals, 30, rng),
    ]
    checks = (*RECOMPUTING["json"], "labels", "literals")
    missed = [str(mutation) for mutation in tried if unnoticed(audited, mutation, checks)]
    assert not missed, "\n".join(missed)
    assert len(tried) >= 100


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("<td>proven</td>", "<td>contradicted</td>", "is contradicted, its runs say proven"),
        ("<td>0</td>", "<td>00</td>", "is left out"),
        ('labels-proven","number":', 'labels-proven","number":1', "labels are proven"),
    ],
)
def test_a_false_verdict_is_noticed(audited: Path, old: str, new: str, problem: str) -> None:
    with edited(audited, old, new, LABELS, LABELS.with_suffix("") / "values.json"):
        said = [found.problem for found in verify(audited, only=["labels"]).mismatches]
    assert any(problem in line for line in said), said
    assert verify(audited, only=["labels"]).passed


@pytest.fixture(scope="module")
def quoting(built: Path) -> Site:
    """The whole site, its pages read once."""
    site = Site(built)
    assert len(site.pages) > 5
    return site


def test_every_changed_digit_of_a_source_is_noticed(quoting: Site) -> None:
    rng = random.Random(112)
    tried = [
        mutation
        for report in ("tr108", "tr110", "tr117", "tr119", "index")
        for mutation in m.digits("cited", quoting.root, f"data/cited/{report}.yml", m.cited_numbers, 20, rng)
    ]
    missed = []
    for mutation in tried:
        with applied(quoting.root, mutation):
            missed += [] if any(found.problem for found in cited.check(quoting)) else [str(mutation)]
    assert not missed, "\n".join(missed)
    assert len(tried) >= 50


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("statistic: optimum", "statistic: peak"),
        ('in: "tr108: Key findings"', 'in: "tr108: Objective"'),
        ("unit: tokens", "unit: ms"),
        ("figures:", "figures: []\nleft_out:"),
        ("id: tr108.", "id: tr109."),
        ("figures:", "figures: ["),
    ],
)
def test_another_statistic_source_or_unit_is_noticed(quoting: Site, old: str, new: str) -> None:
    with edited(quoting.root, old, new, Path("data/cited/tr108.yml")):
        assert any(found.problem for found in cited.check(quoting))
    assert not any(found.problem for found in cited.check(quoting))


def test_a_cited_number_that_is_false_throughout_the_site_is_noticed(site: Path, tmp_path: Path) -> None:
    shutil.copytree(site, tmp_path / "forged")
    stated = json.loads((tmp_path / "forged" / NUMBERS).read_bytes())
    key, record = next((key, one) for key, one in stated["values"].items() if one["name"] == "tr108.optimal_num_gpu")
    true = values_of({key: record})[key]
    false = replace(true, number=70.0)
    stated["values"][false.id] = {
        **stated["values"].pop(key),
        "number": 70.0,
        "figure": false.figure,
        "text": false.text,
    }
    (tmp_path / "forged" / NUMBERS).write_bytes(canonical_json(stated) + b"\n")
    shown = rf'((?:href="[^"#]*#|<tr id=")n-{true.row}"[^>]*>(?:<td>)?<data [^>]*value=")80\.0">80<'
    for path in (tmp_path / "forged" / PAGE, tmp_path / "forged" / ROWS):
        page, replaced = re.subn(shown, r'\g<1>70.0">70<', path.read_text(encoding="utf-8"))
        assert replaced
        path.write_text(page.replace(key, false.id).replace(true.row, false.row), encoding="utf-8")
    seal_site(tmp_path / "forged")
    report = verify(tmp_path / "forged", only=[check for check in CHECKS if check not in OF_WHOLE_SITES])
    wrong = {found.check for found in report.mismatches}
    assert wrong == {"cited figures", "literals"}, "\n".join(["the id is a declared literal too", *report.lines()])


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        (
            "replication.html",
            "<td>not tested here</td>\n<td>the",
            "<td>replicated</td>\n<td>the",
            "replication.replicated: it says",
        ),
        (
            "replication.html",
            "<td>no claim to test</td>\n<td>it is",
            "<td>not tested here</td>\n<td>it is",
            "coverage.all.claims: it says",
        ),
        ("hardware.html", 'id="host-', 'id="guest-', "hosts: it says"),
        ("contradictions.html", "<span data-against=", "<span data-unlike=", "contradictions.pairs: it says"),
        ("contradictions.html", 'data-side="', 'data-side="another-', "another-figure-"),
        ("contradictions.html", "<span data-slip", "<span data-slope", "contradictions.slips: it says"),
    ],
)
def test_a_count_of_what_another_page_shows_is_noticed(
    quoting: Site, name: str, old: str, new: str, problem: str
) -> None:
    with edited(quoting.root, old, new, Path(name)):
        said = [found.problem or "" for found in counts.check(Site(quoting.root))]
    assert any(line.startswith(problem) for line in said), [line for line in said if line]
    found = list(counts.check(quoting))
    assert len(found) > 100
    assert not any(item.problem for item in found)


def test_a_changed_share_of_the_simulation_is_noticed(built: Path) -> None:
    with edited(built, '"share": 0.9', '"share": 0.8', Path("methodology/coverage.json")):
        assert not verify(built, only=["simulations"]).passed
    assert verify(built, only=["simulations"]).passed
