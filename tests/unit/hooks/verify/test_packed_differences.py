"""What differs in a packed file is told as a part, a cell or a member, behind the place of the first byte."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hooks.verify.comparison.folders import compare, differences


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


HEAD, END = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13), chunk(b"IEND", b"")
PNG = HEAD + chunk(b"IDAT", b"pixels") + END
TABLE = pa.table({"ttft_ns": [1, 2], "outcome": ["ok", "ok"]})


def parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


SITEMAP = gzip.compress(b"<loc>a</loc>\n", mtime=0)
CHANGED = {
    "a text in a picture": (
        "card.png", HEAD + chunk(b"tEXt", b"Comment\0Rust wins") + PNG[len(HEAD) :], PNG, "its part tEXt 1: “21 bytes",
    ),
    "other pixels": ("card.png", HEAD + chunk(b"IDAT", b"pixelz") + END, PNG, "its part IDAT 1: “10 bytes"),
    "a tail": ("card.png", PNG + b"PK\5\6", PNG, "its part after the end: “4 bytes"),
    "no end": ("card.png", PNG[: -len(END)], PNG, "its part IEND 1: “4 bytes"),
    "a cell": (
        "runs.parquet", parquet(TABLE.set_column(0, "ttft_ns", pa.array([1, 9]))), parquet(TABLE),
        "its column ttft_ns, row 2: “9” instead of “2”",
    ),
    "a name": (
        "runs.parquet", parquet(TABLE.rename_columns(["tpot_ns", "outcome"])), parquet(TABLE),
        "its columns: “tpot_ns, outcome” instead of “ttft_ns, outcome”",
    ),
    "a row less": ("runs.parquet", parquet(TABLE.slice(1)), parquet(TABLE), "its number of rows: “1” instead of “2”"),
    "another type": (
        "runs.parquet", parquet(TABLE.set_column(0, "ttft_ns", pa.array([1.0, 2.0]))), parquet(TABLE),
        "its column ttft_ns: “double” instead of “int64”",
    ),
    "metadata": (
        "runs.parquet", parquet(TABLE.replace_schema_metadata({b"author": b"Rust wins"})), parquet(TABLE),
        "its metadata author: “Rust wins” is added",
    ),
    "a packed line": (
        "sitemap.xml.gz", gzip.compress(b"<loc>b</loc>\n", mtime=0), SITEMAP,
        "decompressed, line 1: “<loc>b</loc>” instead of “<loc>a</loc>”",
    ),
    "a second member": ("sitemap.xml.gz", SITEMAP + gzip.compress(b"x"), SITEMAP, "after its end: “"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CHANGED)
def test_a_packed_file_tells_its_byte_and_what_stands_there(kind: str) -> None:
    name, found, expected, said = CHANGED[kind]
    first, *_ = differences(name, found, expected)
    assert "byte " in first
    assert said in first


@pytest.mark.parametrize("name", ["card.png", "runs.parquet", "sitemap.xml.gz"])
@pytest.mark.parametrize("content", [b"", b"x", PNG[:30], parquet(TABLE)[:-9], SITEMAP[:12], b"PAR1" * 50])
def test_what_is_not_of_its_kind_tells_its_byte(name: str, content: bytes) -> None:
    expected = {"card.png": PNG, "runs.parquet": parquet(TABLE), "sitemap.xml.gz": SITEMAP}[name]
    assert all("byte " in one or "its part" in one or "line" in one for one in differences(name, content, expected))
    assert differences(name, content, expected)


def test_a_damaged_table_is_told_and_nothing_is_raised() -> None:
    whole = parquet(TABLE)
    for place in range(4, len(whole)):
        damaged = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        assert any(f"byte {place} " in one for one in differences("runs.parquet", damaged, whole))


def told(found: Path, expected: Path) -> list[str]:
    return [f"{one.place}: {one.problem}" for one in compare(found, expected) if one.problem is not None]


def test_modes_and_empty_folders_are_told(tmp_path: Path) -> None:
    site, rebuilt = tmp_path / "site", tmp_path / "rebuilt"
    for folder in (site, rebuilt):
        (folder / "reports").mkdir(parents=True)
        for name in ("index.html", "reports/tr900.html", "feed.xml"):
            (folder / name).write_text("x", encoding="utf-8")
            (folder / name).chmod(0o644)
    assert told(site, rebuilt) == []
    (site / "index.html").chmod(0o755)
    (site / "feed.xml").chmod(0o666)
    (site / "reports" / "tr999" / "more").mkdir(parents=True)
    rule = "a file of a site is read, and neither run nor written by others"
    assert told(site, rebuilt) == [
        f"feed.xml: its mode is 0666; {rule}",
        f"index.html: its mode is 0755; {rule}",
        "reports/tr999/: the rebuild has no such folder",
        "reports/tr999/more/: the rebuild has no such folder",
    ]


def test_what_every_file_of_a_file_system_has_is_not_odd(tmp_path: Path) -> None:
    site, rebuilt = tmp_path / "site", tmp_path / "rebuilt"
    for folder, mode in ((site, 0o777), (rebuilt, 0o644)):
        folder.mkdir()
        for name in ("index.html", "feed.xml"):
            (folder / name).write_text("x", encoding="utf-8")
            (folder / name).chmod(mode)
    assert told(site, rebuilt) == []
