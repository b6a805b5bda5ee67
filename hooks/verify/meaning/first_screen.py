"""The first screen of a report says of its datasets what their manifests say: the machine, how many sessions and how
sure they make, the models, the profile and the day."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..reader.dataset import Sealed
from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.sessions import DIFFER
from ..reader.site import Site
from ..reader.visible_text import plain
from .level_words import known_by
from .required_rows import pages_of_datasets
from .tables import text_of

FEW = 3
"""Each of so many datasets has facts of its own."""
PILOT = " A pilot: fewer sessions than the study asks for, so that it holds for those alone."
ANOTHER = re.compile(r" Another recording says the same of \d+ of \d+ claims\.")
SOME = "Some datasets have several sessions, each counted once, the others one"
NOT_REPLICATED = " Not replicated yet."
END = " A sentence is supported, contradicted or not settled by the data;"


def check(site: Site) -> Iterator[Examined]:
    """Looks at every page of datasets that has a first screen."""
    for page, datasets in datasets_of_pages(site):
        yield from (Examined(page.name, problem) for problem in _facts(page, datasets))
        yield Examined(page.name, _sure(page, datasets))


def datasets_of_pages(site: Site) -> Iterator[tuple[Page, list[Sealed]]]:
    """Every page of datasets, with all of them."""
    own = {page.name: [sealed] for page, sealed in pages_of_datasets(site)}
    for page in site.pages:
        several = [site.datasets[one.digest] for one in page.stated.datasets if one.digest in site.datasets]
        datasets = own.get(page.name) or (several if len(several) == len(page.stated.datasets) else [])
        if datasets:
            yield page, datasets


def _facts(page: Page, datasets: Sequence[Sealed]) -> Iterator[str | None]:
    strips = [_strip(one) for one in page.body.xpath(".//dl[contains(@class, 'b-facts')]")]
    many = len(datasets) > FEW
    if len(strips) != (1 if many else len(datasets)):
        yield "it does not show the facts of its datasets"
        return
    if many:
        machines = list(dict.fromkeys(map(hardware, datasets)))
        named = strips[0].get("Hardware")
        yield None if named == machines else f"its hardware is {named}, the manifests say {machines}"
        days = [one.manifest["created"][:10] for one in datasets]
        yield _begins(strips[0], "Recorded", f"{min(days)} to {max(days)}; edition: ")
        yield _begins(strips[0], "Model", _models(datasets), whole=True)
        yield _begins(strips[0], "Dataset", ", ".join(one.label for one in datasets), whole=True)
        counts = [max(1, len(one.recordings)) for one in datasets]
        yield _begins(strips[0], "Runs", f"of each dataset, in {min(counts)} to {max(counts)} sessions", whole=True)
        return
    for facts, sealed in zip(strips, datasets, strict=True):
        manifest = sealed.manifest
        machine = hardware(sealed)
        yield None if facts.get("Hardware") == [machine] else f"its hardware is {facts.get('Hardware')}, not {machine}"
        yield _begins(facts, "Dataset", f"{sealed.label}, {manifest['profile']} profile", whole=True)
        yield _begins(facts, "Recorded", f"{manifest['created'][:10]}; edition: ")
        yield _begins(facts, "Model", _models([sealed]), whole=True)
        runs = sealed.runs
        planned = sum(one.manifest["planned_runs"] for one in sealed.recordings or (sealed,))
        each = math.ceil(planned / max(1, len(runs["cell_id"].unique())))
        count = len(sealed.recordings)
        said = f"{runs.num_rows:,} recorded, {each} per cell, {f'{count} sessions' if count > 1 else 'one session'}"
        yield _begins(facts, "Runs", said, whole=True)


def _strip(element: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in element.iterchildren("div"):
        cells = [plain(text_of(cell)) for cell in row]
        if len(cells) > 1:
            found.setdefault(cells[0], []).append(cells[1])
    return found


def _begins(facts: Mapping[str, Sequence[str]], name: str, expected: str, *, whole: bool = False) -> str | None:
    said = " ".join(facts.get(name, ()))
    right = said == expected if whole else said.startswith(expected)
    return None if right else f"{name} is said to be “{said}”, the data say “{expected}”"


def _models(datasets: Sequence[Sealed]) -> str:
    """The models that were loaded, each once."""
    loaded = [
        model for sealed in datasets for one in sealed.recordings or (sealed,) for model in one.manifest["models"]
    ]
    return plain(", ".join(dict.fromkeys(known_by(model, loaded) for model in loaded)))


def hardware(sealed: Sealed) -> str:
    """The machine of a dataset in words."""
    facts = sealed.manifest["environment"]
    processor, gpu = (_device(facts, name, kind) for name, kind in (("cpu_model", "processors"), ("gpu_name", "GPUs")))
    if not facts.keys() & {"cpu_model", "gpu_name"}:
        return "unknown machine"
    cores, memory = facts.get("cores_logical"), facts.get("memory_bytes")
    parts = [processor or "unknown processor"]
    parts += [f"{cores} logical cores"] if cores else []
    parts += [f"{memory / 2**30:.0f} GiB"] if isinstance(memory, int) else []
    none = "GPU not recorded" if facts.get("gpu_name.missing") == "not_reported" else "no GPU"
    return plain(", ".join([*parts, gpu or none]))


def _device(facts: Mapping[str, Any], name: str, kind: str) -> str:
    if facts.get(f"{name}.missing") == DIFFER:
        return f"{kind} that differ from session to session"
    return str(facts.get(name) or "")


def _sure(page: Page, datasets: Sequence[Sealed]) -> str | None:
    """Compares the line on how sure it is, but for the numbers of another recording, which are checked there."""
    said = [plain(text_of(one)) for one in page.body.xpath(".//p[@class='b-sure']")]
    if len(said) != 1 or END not in said[0]:
        return "it does not say how sure it is"
    beginning = said[0].partition(END)[0]
    replicated = ANOTHER.search(beginning) is not None
    words = ANOTHER.sub("", beginning).replace(PILOT, "")
    pilot = any(len(one.recordings) < one.manifest["design"].get("sessions", 0) for one in datasets)
    expected = f"How sure. {_sessions(datasets)}{_machines(datasets)}."
    if not replicated and len(datasets) <= FEW:
        expected += NOT_REPLICATED
    if words != expected or replicated is not bool(page.stated.recordings):
        return f"it says “{beginning}”, its data say “{expected}”"
    return None if pilot is (PILOT in beginning) else f"it {'is a' if pilot else 'is no'} pilot and says otherwise"


def _sessions(datasets: Sequence[Sealed]) -> str:
    counts = [max(1, len(one.recordings)) for one in datasets]
    if min(counts) > 1:
        return f"{f'{counts[0]} sessions' if len(datasets) == 1 else 'Several sessions'}, each counted once"
    return SOME if max(counts) > 1 else "One session"


def _machines(datasets: Sequence[Sealed]) -> str:
    if any(one.manifest["environment"].get("host_id.missing") == DIFFER for one in datasets):
        return ", on machines that differ; the primary contrasts are shown for each"
    return ", on one machine" if len(datasets) == 1 else ""
