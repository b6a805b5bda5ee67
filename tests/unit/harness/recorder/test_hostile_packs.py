"""Packs that lie are refused with one line that names the user's file, cheaply, and leave nothing behind."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harness.datasets.catalog import find
from harness.recorder import pack_members
from harness.recorder.archive import pack
from harness.recorder.prover import Order, proof
from tests.support.datasets import make_dataset
from tests.support.hostile_packs import HEADER, LABEL, Pack, archive, cheap, member, read_pack

MOST_MB = 500
MOST_S = 10


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("there")
    make_dataset(folder, runs=1, requests=1)
    pack(folder, find(folder, "tr108"), folder / "pack.tar")
    return read_pack(folder / "pack.tar")


def test_every_dishonest_pack_is_refused_with_one_line(honest: Pack, tmp_path: Path) -> None:
    packs = cheap(honest)
    assert len(packs) >= 100
    wrong = []
    for number, (what, data) in enumerate({"honest": honest.tar(), **packs}.items()):
        source, stage = tmp_path / "sent.tar", tmp_path / f"stage{number}"
        source.write_bytes(data)
        stage.mkdir()
        found = proof(Order(str(source), str(stage), "sent.tar"))
        one_line = found.refused.isprintable() and str(stage) not in found.refused
        if (what == "honest") != (found.kind == "") or (found.kind and not (one_line and "sent.tar" in found.refused)):
            wrong.append((what, found.kind, found.refused))
    assert wrong == []
    assert {path.name.rstrip("0123456789") for path in tmp_path.iterdir()} == {"sent.tar", "stage"}


def sparse_manifest(honest: Pack, path: Path) -> None:
    """A manifest of 1.9 GB, which is a hole on the disk."""
    size = 1_900_000_000
    with path.open("wb") as file:
        file.write(member(f"{LABEL}/manifest.json", b"")[:124])
        header = bytearray(member(f"{LABEL}/manifest.json", b""))
        header[124:136] = b"%011o\0" % size
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header[:HEADER])
        file.seek(0)
        file.write(bytes(header))
        file.truncate(HEADER + size + 2048 - size % HEADER)


def decodes_to_gigabytes(honest: Pack, path: Path) -> None:
    """Readings of one value, millions of times: kilobytes on the disk."""
    rows = 100_000_000
    schema = pq.read_schema(io.BytesIO(honest.files["readings.parquet"]))
    row = pq.read_table(io.BytesIO(honest.files["readings.parquet"])).slice(0, 1)
    block = row.take(pa.array([0] * 1_000_000)).cast(schema)
    out = io.BytesIO()
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for _ in range(6):
            writer.write_table(block)
    path.write_bytes(honest.file("readings.parquet", out.getvalue(), 6_000_000).tar())
    assert path.stat().st_size < rows


def long_lists(honest: Pack, path: Path) -> None:
    """One request with 60 million arrivals."""
    table = pq.read_table(io.BytesIO(honest.files["requests.parquet"]))
    count = 60_000_000
    zeros = pa.Array.from_buffers(pa.int64(), count, [None, pa.py_buffer(bytes(8 * count))])
    rest = table["arrivals_ns"].combine_chunks()
    offsets = pa.array([0, *[count] * len(rest)], pa.int32())
    made = pa.ListArray.from_arrays(offsets, zeros)
    place = table.schema.get_field_index("arrivals_ns")
    out = io.BytesIO()
    pq.write_table(table.set_column(place, table.schema.field(place), made), out, compression="zstd")
    path.write_bytes(honest.file("requests.parquet", out.getvalue(), table.num_rows).tar())


def empty_members(honest: Pack, path: Path) -> None:
    """Thousands of empty members with names of their own; they are counted before the first is written."""
    path.write_bytes(archive([member(f"tr{n}/v1/manifest.json") for n in range(3000)]))


def pax_bomb(honest: Pack, path: Path) -> None:
    """A PAX header of 600 MB, which a reader of PAX would hold in memory."""
    size = 600_000_000
    header = member("pax", b"", type=tarfile.XHDTYPE)
    patched = bytearray(header)
    patched[124:136] = b"%011o\0" % size
    patched[148:156] = b" " * 8
    patched[148:156] = b"%06o\0 " % sum(patched[:HEADER])
    with path.open("wb") as file:
        file.write(bytes(patched))
        file.truncate(HEADER + size + 2048)


def never_ends(honest: Pack, path: Path) -> None:
    os.mkfifo(path)


BOMBS: tuple[Callable[[Pack, Path], None], ...] = (
    sparse_manifest, decodes_to_gigabytes, long_lists, empty_members, pax_bomb, never_ends,
)  # fmt: skip


@pytest.mark.parametrize("make", BOMBS, ids=lambda make: make.__name__)
def test_a_bomb_costs_little(honest: Pack, tmp_path: Path, make: Callable[[Pack, Path], None]) -> None:
    make(honest, tmp_path / "bomb.tar")
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.measured_child", "import", "bomb.tar", "--data", "data"],
        cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    *_, peak_mb = done.stdout.split()
    assert done.returncode in {2, 4}, done.stderr
    assert done.stderr.count("\n") == 1
    assert "bomb.tar" in done.stderr
    assert any(word in done.stderr for word in ("memory", "members", "MiB", "rows", "no place", "no plain file"))
    assert float(peak_mb) <= MOST_MB
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime <= MOST_S, time.monotonic() - began
    assert [path for path in (tmp_path / "data").rglob("*") if path.is_file()] == []


def test_the_size_of_a_pack_is_limited(honest: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack_members, "MOST_BYTES", 1000)
    (tmp_path / "pack.tar").write_bytes(honest.tar())
    found = proof(Order(str(tmp_path / "pack.tar"), str(tmp_path / "stage"), "pack.tar"))
    assert "unpacks to more than" in found.refused
