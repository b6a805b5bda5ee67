"""A site made to break the referee: it ends with lines that say what is wrong, and opens nothing outside."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harness.canonical_json import canonical_json
from hooks.outputs.file_list import seal_site
from hooks.verify import CHECKS, verify
from hooks.verify.reader.mismatches import Report
from tests.support.datasets import make_dataset

DEEP = b"[" * 100_000 + b"]" * 100_000
FEED = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY b "%s">]>' % (b"z" * 100)
ENTRY = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><summary>&x;&b;</summary></entry></feed>'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A page without numbers, and a sealed dataset."""
    site = tmp_path / "site"
    make_dataset(site / "data", runs=1, requests=1, tokens=2)
    (site / "index.html").write_text("<html><body><article><p>Nothing.</p></article></body></html>", encoding="utf-8")
    seal_site(site)
    return site


def lines(report: Report) -> list[str]:
    assert not report.passed
    assert set(report.examined) == set(CHECKS)
    return list(report.lines())


def test_the_site_is_right_before_anything_is_done_to_it(site: Path) -> None:
    assert verify(site).passed


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("index.html", b"", "index.html: it is no HTML"),
        ("index.html", b"\xff\xfe\x00", "index.html: its SHA-256"),
        ("index.html", b"<?xml version='1.0' encoding='utf-16'?><p>", "index.html: it is no HTML"),
        ("index.html", b"<!-- only this -->", "index.html: it is no HTML"),
        ("index.html", b"<div>" * 10_000 + b"<data value='1'>1</data>", "index.html: it shows values but has no"),
        ("index/values.json", DEEP, "index/values.json: it cannot be read"),
        ("nowhere/values.json", DEEP, "nowhere/values.json: it belongs to no page"),
        ("values.json", DEEP, "values.json: it cannot be read"),
        ("values.json", b'{"schema":1,"page":"index.html","values":{"a":NaN}}', "values.json: it cannot be read"),
        ("values.json", b'{"schema":1,"page":"index.html","values":%s}' % (b"9" * 9000), "values.json: it cannot"),
        ("files.json", DEEP, "files.json: it is absent or cannot be read"),
        ("files.json", b'{"files":[1]}', "files.json: it is absent or cannot be read"),
        ("summary.json", DEEP, "summary.json: it cannot be read"),
        ("summary.json", b'{"reports":[{"page":"index.html","claims":3}]}', "summary.json: "),
        ("feed.xml", FEED + ENTRY, "feed.xml: "),
        ("feed.xml", b"<a>", "feed.xml: it cannot be read"),
        ("methodology/coverage.json", b"{}", "methodology/coverage.json: it holds no simulations"),
        ("data/SEALED", b"\x00\n", "data/SEALED: "),
        ("data/tr108/v1/manifest.json", DEEP, "data/tr108/v1/manifest.json: it is no manifest"),
        ("data/tr108/v1/manifest.json", b'{"files":{"/etc/passwd":{"sha256":"0"}},"recording":"r0001","study":"a"}',
         "it is no manifest"),
        ("data/x/v1/manifest.json", b'{"files":{"../../index.html":{}},"schema_version":9,"study":"x","version":1}\n',
         "it names a file outside of its folder"),
        ("data/x/v1/manifest.json", b'{"files":{},"schema_version":9,"study":"\\ud800","version":1}\n',
         "it is no manifest"),
        ("data/x/v1/manifest.json",
         b'{"recordings":[{"digest":"0","name":"r0001"}],"schema_version":2,"study":"x","version":1}\n',
         "it lists the recording r0001, which is not there"),
        ("data/x/v1/manifest.json",
         b'{"recordings":[{"digest":"0","name":"../../../etc"}],"schema_version":2,"study":"x","version":1}\n',
         "it names a file outside of its folder"),
    ],
)  # fmt: skip
def test_a_malformed_file_is_told_in_one_line(site: Path, name: str, content: bytes, said: str) -> None:
    (site / name).parent.mkdir(parents=True, exist_ok=True)
    (site / name).write_bytes(content)
    found = lines(verify(site))
    assert any(said in line for line in found), "\n".join(found)
    assert all(line.isprintable() and len(line) < 500 and "root:" not in line for line in found)


def zeroed(data: bytes) -> bytes:
    return data[:4] + bytes(len(data) - 12) + data[-8:]


def bomb(_: bytes) -> bytes:
    """A table of a few kilobytes that unpacks to more than a gigabyte."""
    sink = io.BytesIO()
    column = pa.array([0], pa.int64()).take(pa.array([0] * 10_000_000, pa.int32()))
    with pq.ParquetWriter(sink, pa.schema([("a", pa.int64())]), compression="zstd", use_dictionary=False) as writer:
        for _ in range(15):
            writer.write_table(pa.table({"a": column}))
    return sink.getvalue()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (zeroed, "is no Parquet file"),
        (lambda _: b"PAR1", "is no Parquet file"),
        (bomb, "unpacks to more than 1024 MiB"),
    ],
    ids=["zeroed", "short", "bomb"],
)
def test_a_damaged_table_with_a_fitting_hash_is_told(site: Path, damage: Callable[[bytes], bytes], said: str) -> None:
    folder = site / "data" / "tr108" / "v1"
    data = damage((folder / "runs.parquet").read_bytes())
    (folder / "runs.parquet").write_bytes(data)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"]["runs.parquet"] |= {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    (folder / "manifest.json").write_bytes(canonical_json(manifest) + b"\n")
    seal_site(site)
    found = lines(verify(site))
    assert any(f"runs.parquet {said}" in line for line in found), "\n".join(found)


def test_links_and_pipes_are_told_and_never_opened(site: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("<p>17 secrets</p>", encoding="utf-8")
    (site / "linked.html").symlink_to(tmp_path / "secret.html")
    (site / "folder").symlink_to(tmp_path)
    for name in ("pipe.html", "values.json", "feed.xml", "summary.json"):
        os.mkfifo(site / name)
    (site / "files.json").unlink()
    os.mkfifo(site / "files.json")
    found = lines(verify(site))
    assert "  files.json: it is absent or cannot be read" in found
    assert "secret" not in "".join(found)
    (site / "files.json").unlink()
    seal_site_of(site)
    found = lines(verify(site))
    for name in ("linked.html", "folder", "pipe.html"):
        assert f"  {name}: it is no plain file: a site holds no links and no devices" in found


def seal_site_of(site: Path) -> None:
    """A list of the plain files alone, as if the renderer had made it."""
    copy = site.parent / "copy"
    shutil.copytree(site / "data", copy / "data")
    shutil.copy(site / "index.html", copy)
    shutil.copy(seal_site(copy), site / "files.json")


def test_two_datasets_of_one_label_are_told(site: Path, tmp_path: Path) -> None:
    make_dataset(tmp_path / "other", runs=1, requests=1, tokens=2, seed=1)
    shutil.copytree(tmp_path / "other" / "tr108" / "v1", site / "data" / "tr109" / "v1")
    seal_site(site)
    found = lines(verify(site))
    assert "  tr108/v1: it stands in data/tr109/v1" in found
    found = lines(verify(tmp_path / "site", data=tmp_path / "other"))
    assert any("a second dataset has this label" in line for line in found)
