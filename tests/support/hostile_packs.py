"""Packs that lie: each is made from an honest one, and most carry hashes that fit."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from harness.canonical_json import canonical_json, sha256

Fields = dict[str, Any]
LABEL = "tr108/v1"
HEADER = 512


@dataclass
class Pack:
    """The files of one dataset by name, to be changed and packed again with hashes that fit."""

    files: dict[str, bytes]

    @property
    def manifest(self) -> Fields:
        return dict(json.loads(self.files["manifest.json"]))

    def manifested(self, **changes: Any) -> Pack:
        fields = {name: value for name, value in (self.manifest | changes).items() if value is not ...}
        return Pack(self.files | {"manifest.json": canonical_json(fields) + b"\n"})

    def file(self, name: str, data: bytes, rows: int | None = None) -> Pack:
        """With another file, whose hash and size the manifest states."""
        entries = self.manifest["files"]
        entry = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        entries[name] = entries.get(name, {}) | entry | ({} if rows is None else {"rows": rows})
        return Pack(self.files | {name: data}).manifested(files=entries)

    def table(self, name: str, change: Callable[[pa.Table], pa.Table]) -> Pack:
        """With a table changed."""
        changed = change(pq.read_table(io.BytesIO(self.files[f"{name}.parquet"])))
        out = io.BytesIO()
        pq.write_table(changed, out, compression="zstd")
        return self.file(f"{name}.parquet", out.getvalue(), changed.num_rows)

    def designed(self, change: Callable[[Fields], None]) -> Pack:
        """With another design, whose fingerprint the manifest states."""
        design = self.manifest["design"]
        change(design)
        return self.manifested(design=design, fingerprint=sha256(design))

    def members(self) -> list[bytes]:
        return [member(f"{LABEL}/{name}", data) for name, data in sorted(self.files.items())]

    def tar(self) -> bytes:
        return archive(self.members())


def read_pack(path: Path) -> Pack:
    """The dataset of an honest pack."""
    with tarfile.open(path) as opened:
        found = {one.name: opened.extractfile(one).read() for one in opened}  # type: ignore[union-attr]
    return Pack({name.rpartition("/")[2]: data for name, data in found.items() if name.startswith(LABEL)})


def member(name: str, data: bytes = b"", **fields: Any) -> bytes:
    """A header with its content."""
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for field, value in fields.items():
        setattr(info, field, value)
    return info.tobuf(tarfile.USTAR_FORMAT) + data + b"\0" * (-len(data) % HEADER)


def archive(members: list[bytes]) -> bytes:
    return b"".join(members) + b"\0" * 1024


def set_column(name: str, values: Callable[[pa.ChunkedArray], Any]) -> Callable[[pa.Table], pa.Table]:
    """A change of one column; its type stays."""

    def change(table: pa.Table) -> pa.Table:
        place = table.schema.get_field_index(name)
        field = table.schema.field(name)
        plain = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        made = pa.array(values(table[name]), plain).cast(field.type)
        return table.set_column(place, field, made)

    return change


def first(value: Any) -> Callable[[pa.ChunkedArray], list[Any]]:
    """The same values with another first one."""
    return lambda column: [value, *column.to_pylist()[1:]]


def each(part: list[Any]) -> Callable[[pa.ChunkedArray], list[Any]]:
    """Lists of the same lengths that hold nothing but ``part``."""
    return lambda column: [part * len(one) for one in column.to_pylist()]


def _lazy(table: pa.Table) -> pa.Table:
    return set_column("missing", first("lazy"))(set_column("value", first(None))(table))


def _large(table: pa.Table) -> pa.Table:
    return table.set_column(8, "missing", pc.cast(table["missing"], pa.large_string()))


def names(pack: Pack) -> Iterator[tuple[str, bytes]]:
    """Names that have no place in a pack."""
    data = pack.files["manifest.json"]
    for name in (
        "../escaped/v1/manifest.json",
        "/etc/v1/manifest.json", "tr108/../v1/manifest.json", "tr108/v1/../manifest.json",
        "./tr108/v1/manifest.json", "tr108//v1/manifest.json", "tr108/v1/manifest.json/", "TR108/v1/manifest.json",
        "tr108/V1/manifest.json", "tr108/v1/Manifest.json", "tr108/v01/manifest.json", "tr108/v0/manifest.json",
        "tr108/v1/extra.sh",
        "tr108/v1/deep/manifest.json", "manifest.json", "v1/manifest.json", ".git/v1/manifest.json",
        "tr108/v1/\x1b[2Jmanifest.json", "tr108/v1/manifest.json\n", "C:/v1/manifest.json", "tr108\\v1\\manifest.json",
        "tr108/r0000/manifest.json", "tr108/v1/runs.parquet.sh", "-tr108/v1/manifest.json",
    ):  # fmt: skip
        yield f"the name {name!r}", archive([member(name, data)])


def kinds(pack: Pack) -> Iterator[tuple[str, bytes]]:
    """Members that are no plain files, and headers that would change the next one."""
    name, data = f"{LABEL}/runs.parquet", pack.files["manifest.json"]
    for what, kind in (
        ("a symbolic link", tarfile.SYMTYPE), ("a hard link", tarfile.LNKTYPE), ("a device", tarfile.CHRTYPE),
        ("a block device", tarfile.BLKTYPE), ("a FIFO", tarfile.FIFOTYPE), ("a folder", tarfile.DIRTYPE),
        ("a sparse file", tarfile.GNUTYPE_SPARSE), ("a long name", tarfile.GNUTYPE_LONGNAME),
        ("a PAX header", tarfile.XHDTYPE), ("a global PAX header", tarfile.XGLTYPE), ("an unknown kind", b"Q"),
    ):  # fmt: skip
        yield what, archive([member(name, b"", type=kind, linkname="/etc/passwd"), *pack.members()])
    yield "a PAX size", archive([member("pax", b"20 size=99999999999\n", type=tarfile.XHDTYPE), member(name, data)])


def frames(pack: Pack) -> Iterator[tuple[str, bytes]]:
    """Tar files that are cut, joined or padded."""
    whole = pack.tar()
    yield "cut in a header", whole[: HEADER // 2 + HEADER * (len(whole) // HEADER // 2)]
    yield "cut between members", b"".join(pack.members()[:-1])
    yield "cut in a member", whole[: len(whole) // 3]
    yield "something after the end", whole + b"more" * 300
    yield "another archive after the end", whole + whole
    yield "a broken sum", whole[:148] + b"0000000\0" + whole[156:]
    yield "a size that is not there", whole[:124] + b"77777777777\0" + whole[136:148]
    huge = bytearray(member(f"{LABEL}/runs.parquet", b""))
    huge[124:136] = b"\x80" + struct.pack(">q", 1 << 50).rjust(11, b"\0")
    yield "a size of a petabyte", archive([_summed(huge)])
    below = bytearray(member(f"{LABEL}/runs.parquet", b""))
    below[124:136] = b"\xff" * 4 + struct.pack(">q", -(1 << 40))
    yield "a size below zero", archive([_summed(below), *pack.members()])
    yield "a member that is there twice", archive([*pack.members(), pack.members()[0]])
    yield "a member without content", archive([member(f"{LABEL}/{name}") for name in pack.files])


def _summed(header: bytearray) -> bytes:
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header[:HEADER])
    return bytes(header)


def manifests(pack: Pack) -> Iterator[tuple[str, bytes]]:
    """Manifests that contradict themselves, their rows or their place."""
    said = pack.manifest
    for what, changes in {
        "another version": {"version": 2},
        "another study": {"study": "tr109"},
        "a study that is a path": {"study": "../tr108"},
        "a revision that is a command": {"code": said["code"] | {"revision": "$(touch x)"}},
        "a revision cut short": {"code": said["code"] | {"revision": "0" * 12}},
        "a revision with a line end": {"code": said["code"] | {"revision": "0" * 40 + "\n"}},
        "more runs than recorded": {"outcomes": {"ok": 9}},
        "failed runs as good ones": {"outcomes": {"failed": 8}},
        "an outcome that is none": {"outcomes": {"splendid": 8}},
        "fewer planned runs": {"planned_runs": 1},
        "planned runs beyond the profile": {"planned_runs": 8000},
        "another order": {"order_seed": said["order_seed"] + 1},
        "another fingerprint": {"fingerprint": "0" * 64},
        "another profile": {"profile": "full"},
        "no time": {"created": "yesterday"},
        "a time without a zone": {"created": "2026-01-02T03:04:05"},
        "a journal that is a path": {"journal_id": "../../journal"},
        "a calibration that is a path": {"calibration": "../calibration"},
        "a session of nothing": {"recording": "r0001"},
        "strata that are not there": {
            "strata": [{"number": 2, "reason": "x", "environment": {}, "code": said["code"]}]
        },
        "a schema of tomorrow": {"schema_version": 99},
        "an unknown field": {"run": "sh"},
        "no files": {"files": {}},
        "a file that is a path": {"files": said["files"] | {"../../x": said["files"]["runs.parquet"]}},
        "no design": {"design": {}},
        "a missing field": {"models": ...},
    }.items():
        yield what, pack.manifested(**changes).tar()
    text = pack.files["manifest.json"]
    for what, data in {
        "no JSON": b"\xff\xfe{}", "an empty manifest": b"", "a list": b"[]\n",
        "NaN": text.replace(b'"order_seed":', b'"order_seed":NaN,"x":'),
        "JSON with spaces": text.replace(b":", b": ", 1),
        "two fields of one name": text.replace(b"{", b'{"study":"x",', 1),
        "a deep manifest": b"[" * 200_000, "a number of 100,000 digits": b"1" * 100_000,
    }.items():  # fmt: skip
        yield what, Pack(pack.files | {"manifest.json": data}).tar()
    yield "a design that crosses to 10^12 cells", pack.designed(_huge).tar()
    yield "200,000 levels", pack.designed(_levels).tar()
    yield "100,000 exclusions", pack.designed(_exclusions).tar()
    yield "two equal levels", pack.designed(lambda design: design["factors"][2].update(levels=[1, 1])).tar()


def _huge(design: Fields) -> None:
    for number, factor in enumerate(design["factors"]):
        factor["levels"] = [
            *factor["levels"],
            *(([f"m{k}" for k in range(9998)]) if number == 0 else range(100, 10098)),
        ]


def _exclusions(design: Fields) -> None:
    """With its cells, billions of comparisons."""
    design["factors"][2]["levels"] = [*range(25_000)]
    design["exclusions"] = [{"threads": 10**9 + number} for number in range(100_000)]


def _levels(design: Fields) -> None:
    design["factors"][2]["levels"] = [*range(200_000)]


def rows(pack: Pack) -> Iterator[tuple[str, bytes]]:
    """Tables whose hashes fit and whose rows do not follow from the manifest."""
    changes: dict[str, tuple[str, Callable[[pa.Table], pa.Table]]] = {
        "a run that is not planned": ("runs", set_column("run_id", first("000000000000-000"))),
        "a run without a name": ("runs", set_column("run_id", first(None))),
        "a run of another cell": ("runs", set_column("cell_id", first("000000000000"))),
        "a run at another place": ("runs", set_column("position", first(7))),
        "another level": ("runs", set_column("level.threads", lambda column: [3 - one for one in column.to_pylist()])),
        "a run twice": ("runs", lambda table: pa.concat_tables([table.slice(0, 1), table.slice(0, 7)])),
        "runs in another order": ("runs", lambda table: table.take(pa.array([*range(7, -1, -1)]))),
        "a stratum that is not there": ("runs", set_column("stratum", first(3))),
        "an outcome that is none": ("runs", set_column("outcome", first("splendid"))),
        "a code of a good run": ("runs", set_column("outcome_code", first("no_tokens"))),
        "a good run that failed": ("runs", set_column("outcome", first("failed"))),
        "settings that are no JSON": ("runs", set_column("requested", first("{"))),
        "settings that are a list": ("runs", set_column("effective", first("[]"))),
        "nested facts": ("runs", set_column("facts", first('{"a":{"b":1}}'))),
        "flags that are numbers": ("runs", set_column("flags", first('{"drift":1}'))),
        "NaN in facts": ("runs", set_column("facts", first('{"a":NaN}'))),
        "a time below zero": ("runs", set_column("duration_ns", first(-1))),
        "half an engine": ("runs", set_column("engine", first(None))),
        "a request of no run": ("requests", set_column("run_id", first("nobody"))),
        "a request of another cell": ("requests", set_column("cell_id", first("000000000000"))),
        "a request twice": ("requests", lambda table: pa.concat_tables([table.slice(0, 1), table])),
        "a phase that is none": ("requests", set_column("phase", first("hot"))),
        "tokens without arrivals": ("requests", set_column("tokens", first([1] * 99))),
        "tokens below zero": ("requests", set_column("tokens", each([-1]))),
        "an arrival without a time": ("requests", set_column("arrivals_ns", each([None]))),
        "a request's code that is none": ("requests", set_column("outcome_code", first("x"))),
        "a reading of no run": ("readings", set_column("run_id", first("nobody"))),
        "a reading of another cell": ("readings", set_column("cell_id", first("000000000000"))),
        "a reading without a value": ("readings", set_column("value", first(None))),
        "a reason that is none": ("readings", _lazy),
        "readings in another order": ("readings", set_column("at_ns", first(1 << 60))),
        "another engine": ("engines", set_column("engine_version", first("9.9"))),
        "an engine twice": ("engines", lambda table: pa.concat_tables([table.slice(0, 1), table])),
        "an engine that is not there": ("engines", lambda table: table.slice(1)),
        "a column more": ("runs", lambda table: table.append_column("x", pa.nulls(table.num_rows))),
        "a column of another type": ("readings", _large),
    }  # fmt: skip
    for what, (table, change) in changes.items():
        yield what, pack.table(table, change).tar()


def files(pack: Pack) -> Iterator[tuple[str, bytes]]:
    """Files that are no Parquet, or not what the manifest says of them."""
    name = "requests.parquet"
    data = pack.files[name]
    noise = hashlib.sha256(data).digest() * len(data)
    footer = struct.unpack("<I", data[-8:-4])[0]
    yield "a byte flipped", Pack(pack.files | {name: data[:-1] + bytes([data[-1] ^ 1])}).tar()
    yield "a file that is missing", Pack({one: content for one, content in pack.files.items() if one != name}).tar()
    yield "a file of another table", pack.file(name, pack.files["runs.parquet"]).tar()
    yield "rows that are not there", pack.file(name, data, 10**9).tar()
    for what, content in {
        "an empty file": b"", "no Parquet": b"PAR1" + b"\0" * 200 + b"PAR1", "a script": b"#!/bin/sh\ntouch x\n",
        "a bad footer": data[: -8 - footer] + b"\xff" * footer + data[-8:],
        "a footer of 2 GB": data[:-8] + struct.pack("<I", 2**31 - 1) + data[-4:],
        "a footer of nothing": data[:-8] + struct.pack("<I", 0) + data[-4:],
        "a file cut short": data[: len(data) // 2],
        "zeroed pages": data[:4] + b"\0" * (len(data) - 12 - footer) + data[-8 - footer :],
        "pages of noise": data[:4] + noise[: len(data) - 12 - footer] + data[-8 - footer :],
    }.items():  # fmt: skip
        yield what, pack.file(name, content).tar()


def cheap(pack: Pack) -> dict[str, bytes]:
    """Every pack that is refused before it could cost anything."""
    found: dict[str, bytes] = {}
    for part in (names, kinds, frames, manifests, rows, files):
        for what, data in part(pack):
            found[f"{part.__name__}: {what}"] = data
    return found
