"""A published site is downloaded from its own host, within bounds, and nothing of it is believed."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.canonical_json import canonical_json, sha256
from harness.errors import BinderyError, DataError, Unavailable, UsageError
from hooks.cli import app
from hooks.verify.reader import published_site
from hooks.verify.reader.published_site import download


class Host(SimpleHTTPRequestHandler):
    """Serves a folder; ``/moved/`` leads to the same files, ``/away/`` to another host."""

    def do_GET(self) -> None:
        for prefix, target in (("/moved/", "/"), ("/away/", "http://127.0.0.2:9/")):
            if self.path.startswith(prefix):
                self.send_response(302)
                self.send_header("Location", target + self.path.removeprefix(prefix))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
        super().do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    root = tmp_path / "published"
    root.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(root))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield root, f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def publish(root: Path, files: dict[str, bytes], also: dict[str, str] | None = None) -> None:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    said = {"schema": 2, "files": {**hashes, **(also or {})}, "made_with": {}, "revision": None}
    (root / "files.json").write_bytes(canonical_json({**said, "sha256": sha256(said)}) + b"\n")


FILES = {"index.html": b"<h1>x</h1>", "a b/ü#%41?.css": b"x", "data/runs.parquet": bytes(100_000)}


@pytest.mark.parametrize("path", ["", "index.html", "moved/"])
def test_every_listed_file_arrives(served: tuple[Path, str], path: str, tmp_path: Path) -> None:
    root, address = served
    publish(root, FILES)
    (root / "unlisted.html").write_text("x")
    download(address + path, tmp_path / "site")
    found = {one.relative_to(tmp_path / "site").as_posix(): one for one in (tmp_path / "site").rglob("*")}
    assert {name: found[name].read_bytes() for name in FILES} == FILES
    assert "unlisted.html" not in found


def test_a_changed_and_an_absent_file_are_found_by_their_digests(served: tuple[Path, str]) -> None:
    root, address = served
    publish(root, FILES, {"gone.html": "0" * 64})
    (root / "index.html").write_bytes(b"<h1>y</h1>")
    told = CliRunner().invoke(app("verify"), ["verify", address, "--only", "links", "--json"])
    said = json.loads(told.stdout)
    wrong = {found["place"]: found["check"] for found in said["mismatches"] if found["check"] == "files"}
    assert told.exit_code == 4
    assert wrong == {"index.html": "files", "gone.html": "files"}


def test_another_host_is_not_followed(served: tuple[Path, str], tmp_path: Path) -> None:
    root, address = served
    publish(root, FILES)
    with pytest.raises(DataError, match=r"leads to http://127\.0\.0\.2:9/files\.json, which is another host"):
        download(f"{address}away/", tmp_path / "site")


@pytest.mark.parametrize("name", ["../out", "/etc/x", "a/../../out", "a\\b", "a\nb", ""])
def test_a_file_outside_the_site_is_refused_before_anything_is_kept(
    served: tuple[Path, str], name: str, tmp_path: Path
) -> None:
    root, address = served
    publish(root, FILES, {name: "0" * 64})
    with pytest.raises(DataError, match="no file of a site"):
        download(address, tmp_path / "site")
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["files.json"]


def test_a_host_that_sends_too_much_or_too_long_is_left(
    served: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, address = served
    publish(root, FILES)
    monkeypatch.setattr(published_site, "MOST_BYTES", 50_000)
    with pytest.raises(DataError, match="sends more than"):
        download(address, tmp_path / "much")
    monkeypatch.setattr(published_site, "MOST_SECONDS", -1.0)
    with pytest.raises(DataError, match="sends for more than"):
        download(address, tmp_path / "long")


@pytest.mark.parametrize(("listing", "raised"), [(None, UsageError), ("{", DataError), ('{"files": [1]}', DataError)])
def test_what_is_no_site_says_so(
    served: tuple[Path, str], listing: str | None, raised: type[BinderyError], tmp_path: Path
) -> None:
    root, address = served
    if listing is not None:
        (root / "files.json").write_text(listing)
    with pytest.raises(raised, match="name the address of a site"):
        download(address, tmp_path / "site")


def test_a_host_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:9/ cannot be downloaded: .*try again later"):
        download("http://127.0.0.1:9/", tmp_path / "site")
