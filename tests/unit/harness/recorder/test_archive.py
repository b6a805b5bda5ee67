"""A pack arrives whole and proven, or not at all."""

from __future__ import annotations

import errno
import io
import shutil
import tarfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.datasets.catalog import catalog, find, recordings
from harness.datasets.read import Dataset
from harness.errors import DataError, DatasetCorrupt, UsageError, VersionExists
from harness.recorder import archive
from harness.recorder.archive import pack
from harness.recorder.unpack import unpack
from harness.recorder.versions import publish_version
from tests.support.calibrations import make_calibration
from tests.support.datasets import make_dataset

pytestmark = pytest.mark.usefixtures("proven_here")

Member = tuple[tarfile.TarInfo, bytes]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack of a dataset of another host and its calibration."""
    folder = tmp_path_factory.mktemp("there")
    calibration = Dataset.open(make_calibration(folder))
    make_dataset(folder, runs=1, requests=1, calibration=calibration.digest, environment={"host_id": "feed"})
    pack(folder, find(folder, "tr108"), folder / "pack.tar")
    return folder / "pack.tar"


def members(packed: Path) -> list[Member]:
    with tarfile.open(packed) as opened:
        return [(member, opened.extractfile(member).read()) for member in opened]  # type: ignore[union-attr]


def written(path: Path, found: list[Member]) -> Path:
    with tarfile.open(path, "w") as opened:
        for member, content in found:
            member.size = len(content) if member.isreg() else 0
            opened.addfile(member, io.BytesIO(content))
    return path


def test_a_dataset_arrives_with_its_calibration_and_its_host(packed: Path, tmp_path: Path) -> None:
    here = tmp_path / "data"
    found = unpack(packed, here)
    assert [(one.label, one.new) for one in found] == [("calibration/v1", True), ("tr108/v1", True)]
    dataset = Dataset.open(find(here, "tr108").path)
    assert dataset.manifest.environment["host_id"] == "feed"
    assert dataset.manifest.calibration == find(here, "calibration").digest
    assert [one.new for one in unpack(packed, here)] == [False, False]


def test_a_version_travels_with_the_recordings_that_it_lists(tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    for seed in (1, 2):
        make_dataset(there, runs=1, requests=1, seed=seed, session={"number": seed})
    publish_version(there, recordings(there, "tr108"))
    pack(there, find(there, "tr108"), tmp_path / "pack.tar")
    found = unpack(tmp_path / "pack.tar", here)
    assert [one.label for one in found] == ["tr108/r0001", "tr108/r0002", "tr108/v1"]
    assert Dataset.open(here / "tr108" / "v1").digest == Dataset.open(there / "tr108" / "v1").digest


def test_a_version_without_one_of_its_recordings_leaves_nothing_behind(tmp_path: Path) -> None:
    there = tmp_path / "there"
    for seed in (1, 2):
        make_dataset(there, runs=1, requests=1, seed=seed, session={"number": seed})
    publish_version(there, recordings(there, "tr108"))
    pack(there, find(there, "tr108"), tmp_path / "pack.tar")
    kept = [pair for pair in members(tmp_path / "pack.tar") if "r0002" not in pair[0].name]
    with pytest.raises(DatasetCorrupt, match="lists the recording r0002, which is not there"):
        unpack(written(tmp_path / "short.tar", kept), tmp_path / "here")
    assert not list((tmp_path / "here").glob("tr108*"))


def sessions_of(root: Path, *seeds: int) -> Path:
    for seed in seeds:
        make_dataset(root, runs=1, requests=1, seed=seed, session={"number": seed})
    return root


def test_a_recording_that_travels_alone_takes_a_free_name(tmp_path: Path) -> None:
    here, there = sessions_of(tmp_path / "here", 1), sessions_of(tmp_path / "there", 2)
    pack(there, find(there, "tr108", "r0001"), tmp_path / "pack.tar")
    for new in (True, False):
        (found,) = unpack(tmp_path / "pack.tar", here)
        assert (found.label, found.new) == ("tr108/r0002", new)
    assert found.digest == find(there, "tr108", "r0001").digest
    version = publish_version(here, recordings(here, "tr108"))
    assert Dataset.open(version.path).runs["session"].to_pylist() == ["r0001"] * 8 + ["r0002"] * 8
    pack(here, find(here, "tr108"), tmp_path / "both.tar")
    assert [one.new for one in unpack(tmp_path / "both.tar", tmp_path / "third")] == [True, True, True]
    assert Dataset.open(tmp_path / "third" / "tr108" / "v1").digest == version.digest


def test_recordings_that_a_version_lists_keep_their_names_or_are_refused(tmp_path: Path) -> None:
    here, there = sessions_of(tmp_path / "here", 1), sessions_of(tmp_path / "there", 2, 3)
    publish_version(there, recordings(there, "tr108"))
    pack(there, find(there, "tr108"), tmp_path / "pack.tar")
    with pytest.raises(VersionExists, match=r"r0001 is another dataset; .* exported one by one"):
        unpack(tmp_path / "pack.tar", here)
    assert [path.name for path in (here / "tr108").iterdir()] == ["r0001"]


def test_a_file_that_no_manifest_names_is_refused(tmp_path: Path) -> None:
    there = sessions_of(tmp_path / "there", 1)
    publish_version(there, recordings(there, "tr108"))
    pack(there, find(there, "tr108"), tmp_path / "pack.tar")
    more = [*members(tmp_path / "pack.tar"), (tarfile.TarInfo("tr108/v1/runs.parquet"), b"runs")]
    with pytest.raises(DatasetCorrupt, match=r"packed as tr108/v1 has runs\.parquet, which its manifest lacks"):
        unpack(written(tmp_path / "more.tar", more), tmp_path / "here")
    assert not list((tmp_path / "here").glob("tr108*"))


def test_every_session_takes_its_calibration_along(tmp_path: Path) -> None:
    there = tmp_path / "there"
    named = [Dataset.open(make_calibration(there, seed=seed)).digest for seed in (1, 2)]
    for seed, digest in enumerate((*named, "0" * 64)):
        make_dataset(there, runs=1, requests=1, seed=seed, session={}, calibration=digest)
    publish_version(there, recordings(there, "tr108"))
    found = pack(there, find(there, "tr108"), tmp_path / "pack.tar")
    assert found.labels[:2] == ("calibration/v1", "calibration/v2")
    assert found.absent == ("0" * 64,)


def test_the_same_datasets_give_the_same_bytes(packed: Path, tmp_path: Path) -> None:
    here = tmp_path / "data"
    unpack(packed, here)
    pack(here, find(here, "tr108"), tmp_path / "again.tar")
    assert (tmp_path / "again.tar").read_bytes() == packed.read_bytes()


def test_another_dataset_of_the_same_name_is_never_replaced(packed: Path, tmp_path: Path) -> None:
    there = make_dataset(tmp_path, runs=1, requests=1, seed=9)
    before = Dataset.open(there).digest
    with pytest.raises(
        VersionExists, match=r"another dataset; .* sealed where it was recorded under a number that is free here"
    ):
        unpack(packed, tmp_path)
    assert Dataset.open(there).digest == before
    assert [ref.label for ref in catalog(tmp_path)] == ["tr108/v1"]


def test_a_torn_pack_is_refused(packed: Path, tmp_path: Path) -> None:
    torn, data = tmp_path / "torn.tar", packed.read_bytes()
    with tarfile.open(packed) as opened:
        between = [member.offset for member in opened][1:]
    for size in (len(data) // 2, *between):
        torn.write_bytes(data[:size])
        with pytest.raises(DatasetCorrupt):
            unpack(torn, tmp_path / "data")
        assert catalog(tmp_path / "data") == ()


@pytest.mark.parametrize("content", [None, b"", b"no tar at all" * 99])
def test_what_is_no_pack_says_what_to_name(tmp_path: Path, content: bytes | None) -> None:
    source = tmp_path / "file"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(UsageError, match="harness export"):
        unpack(source, tmp_path / "data")


def test_nothing_is_written_over(packed: Path, tmp_path: Path) -> None:
    unpack(packed, tmp_path / "data")
    (tmp_path / "there.tar").write_text("mine")
    with pytest.raises(UsageError, match="exists already"):
        pack(tmp_path / "data", find(tmp_path / "data", "tr108"), tmp_path / "there.tar")
    assert (tmp_path / "there.tar").read_text() == "mine"


def test_an_occupied_place_stops_the_whole_pack(packed: Path, tmp_path: Path) -> None:
    place = tmp_path / "data" / "tr108" / "v1"
    place.mkdir(parents=True)
    (place / "mine").write_text("x")
    with pytest.raises(VersionExists, match="no dataset; move it"):
        unpack(packed, tmp_path / "data")
    assert [path.name for path in (tmp_path / "data").rglob("*") if path.is_file()] == ["mine"]


def test_a_failed_export_leaves_nothing(packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpack(packed, tmp_path / "data")
    real = archive._add

    def full(opened: tarfile.TarFile, path: Path, name: str) -> None:
        if name.endswith("v1/requests.parquet"):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(opened, path, name)

    monkeypatch.setattr(archive, "_add", full)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(DataError, match="free some space"):
        pack(tmp_path / "data", find(tmp_path / "data", "tr108"), out / "pack.tar")
    assert list(out.iterdir()) == []


def test_an_export_into_no_folder_says_so(packed: Path, tmp_path: Path) -> None:
    unpack(packed, tmp_path / "data")
    with pytest.raises(UsageError, match="there is no folder"):
        pack(tmp_path / "data", find(tmp_path / "data", "tr108"), tmp_path / "none" / "pack.tar")


def test_a_calibration_that_is_not_here_is_told(packed: Path, tmp_path: Path) -> None:
    unpack(packed, tmp_path / "data")
    ref = find(tmp_path / "data", "tr108")
    assert pack(tmp_path / "data", ref, tmp_path / "whole.tar").absent == ()
    shutil.rmtree(tmp_path / "data" / "calibration")
    found = pack(tmp_path / "data", ref, tmp_path / "part.tar")
    assert found.labels == ("tr108/v1",)
    assert found.absent == (Dataset.open(ref.path).manifest.calibration,)
    done = CliRunner().invoke(
        app("export"), ["export", "tr108", "v1", str(tmp_path / "said.tar"), "--data", str(tmp_path / "data")]
    )
    assert (done.exit_code, f"Left out: the calibration {found.absent[0][:12]}" in done.stderr) == (0, True)


def test_two_machines_take_numbers_that_the_other_leaves_free(tmp_path: Path) -> None:
    here = make_dataset(tmp_path / "here", runs=1, requests=1)
    there = make_dataset(tmp_path / "there", runs=1, requests=1, seed=1, environment={"host_id": "feed"}, version=2)
    pack(tmp_path / "there", find(tmp_path / "there", "tr108"), tmp_path / "pack.tar")
    unpack(tmp_path / "pack.tar", tmp_path / "here")
    assert [ref.label for ref in catalog(tmp_path / "here")] == ["tr108/v1", "tr108/v2"]
    assert (here.name, there.name) == ("v1", "v2")
