"""What is written is an RO-Crate of its profile: the validator of the specification accepts it, without a network."""

from __future__ import annotations

import importlib.util
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.exports import ro_crate
from harness.exports.sealed_dataset import SealedDataset

pytestmark = pytest.mark.filterwarnings("ignore")
PROFILE = "process-run-crate-0.5"
"""Its checks are those of RO-Crate 1.1 and its own."""
Validate = Callable[[Path], list[str]]


@pytest.fixture(scope="module")
def validate(tmp_path_factory: pytest.TempPathFactory) -> Validate:
    """What the profile demands and a crate lacks. The context of RO-Crate 1.1 is in the validator's cache."""
    import requests
    import requests_cache
    from rocrate_validator import services
    from rocrate_validator.models import Severity
    from urllib3 import HTTPResponse

    spec = importlib.util.find_spec("rocrate")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    context = (Path(spec.submodule_search_locations[0]) / "data" / "ro-crate.jsonld").read_bytes()
    assert json.loads(context)["@id"] == ro_crate.CONTEXT
    cache = tmp_path_factory.mktemp("cache") / "http"

    class Context(requests.adapters.BaseAdapter):
        def send(self, request: Any, *_: Any, **__: Any) -> Any:
            headers = {"Content-Type": "application/ld+json"}
            raw = HTTPResponse(io.BytesIO(context), headers, status=200, preload_content=False)
            return requests.adapters.HTTPAdapter().build_response(request, raw)

        def close(self) -> None:
            pass

    with requests_cache.CachedSession(cache, backend="sqlite") as session:
        session.mount("https://w3id.org", Context())
        session.get(ro_crate.CONTEXT)

    def problems(crate: Path) -> list[str]:
        settings = services.ValidationSettings(
            rocrate_uri=str(crate),
            profile_identifier=PROFILE,
            requirement_severity=Severity.REQUIRED,
            offline=True,
            cache_path=cache,
        )
        return [f"{one.check.identifier}: {one.message}" for one in services.validate(settings).get_issues()]

    return problems


def entities(crate: Path, kind: str) -> list[dict[str, Any]]:
    graph = json.loads((crate / ro_crate.FILE).read_bytes())["@graph"]
    return [one for one in graph if one["@type"] == kind]


@pytest.mark.parametrize("name", ["hostile", "published", "foreign"])
def test_a_dataset_is_a_crate_of_its_profile(
    validate: Validate, name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    sealed: SealedDataset = request.getfixturevalue(name)
    crate = tmp_path / "crate"
    ro_crate.write(sealed, crate)
    assert validate(crate) == []


def test_a_missing_file_and_an_action_without_its_tool_are_found(
    validate: Validate, published: SealedDataset, tmp_path: Path
) -> None:
    crate = tmp_path / "crate"
    ro_crate.write(published, crate)
    text = (crate / ro_crate.FILE).read_text()
    (crate / ro_crate.FILE).write_text(re.sub(r'"instrument": \{[^}]*\},', "", text))
    next(crate.rglob("runs.parquet")).unlink()
    found = validate(crate)
    assert any("MUST have an instrument" in one for one in found)
    assert any("runs.parquet" in one for one in found)


def test_each_recording_is_an_action_of_this_software_on_its_host(hostile: SealedDataset, tmp_path: Path) -> None:
    crate = tmp_path / "crate"
    ro_crate.write(hostile, crate)
    facts = {one["@id"]: one for one in entities(crate, "PropertyValue")}
    software = {one["@id"]: one for one in entities(crate, "SoftwareApplication")}
    actions = entities(crate, "CreateAction")
    assert len(actions) == 2
    for action, recording in zip(actions, hostile.dataset.recordings, strict=True):
        said = {facts[one["@id"]]["name"]: facts[one["@id"]]["value"] for one in action["environment"]}
        assert said == {name: value for name, value in recording.manifest.environment.items() if value is not None and
                        not name.endswith(".missing")}  # fmt: skip
        revision = recording.manifest.code.revision
        assert software[action["instrument"]["@id"]]["softwareVersion"] == f"0.0.0+{revision}"
        assert [one["@id"] for one in action["result"]] == [file.name for file in hostile.files_of(recording)]
        assert action["startTime"] < action["endTime"]


def test_of_an_imported_dataset_no_time_is_said_that_its_file_does_not_say(
    foreign: SealedDataset, tmp_path: Path
) -> None:
    crate = tmp_path / "crate"
    ro_crate.write(foreign, crate)
    (action,) = entities(crate, "CreateAction")
    assert not {"startTime", "endTime"} & action.keys()
    assert "imported from vllm bench serve" in action["description"]
    (root,) = entities(crate, "Dataset")
    assert root["license"] == ro_crate.UNDECLARED
