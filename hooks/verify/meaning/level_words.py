"""What the study of a dataset calls its factors and levels."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from harness.design import Factor
from harness.models import MODELS
from harness.studies import STUDIES

from ..reader.questions_json import Level
from ..reader.site import Site

_LAYERS = re.compile(r"\d+ layers for a GPU(?:, | and )")


def heading(site: Site, digest: str, name: str) -> str:
    """A factor in words."""
    factor = _factors(site, digest).get(name)
    return factor.heading if factor else name.replace("_", " ")


def meaning(site: Site, digest: str, name: str) -> str:
    """What a factor is, in the words of its study; empty where no study declares it."""
    factor = _factors(site, digest).get(name)
    return factor.meaning if factor else ""


def called(site: Site, digest: str, name: str, level: Level) -> str:
    """A level in words; its own text, where it has no others."""
    text = own_text(level)
    factor = _factors(site, digest).get(name)
    words = factor.words if factor else ()
    return next((said for known, said in words if own_text(known) == text), text)


def without_layers(site: Site, digest: str, name: str, level: Level) -> str:
    """A level in words without the layers for a GPU that it asks for, where every run says that none was put on one."""
    said = called(site, digest, name, level)
    return _LAYERS.sub("", said) if _LAYERS.search(said) and _no_layers(site, digest) else said


def known_by(model: Mapping[str, Any], loaded: Iterable[Mapping[str, Any]]) -> str:
    """A model by the title that readers know, where it is these weights, or where its own digest is not known and all
    others of its name that were ``loaded`` are these weights."""
    digests = {one["sha256"] for one in loaded if one["name"] == model["name"] and one["sha256"] is not None}
    known = MODELS.get(model["name"])
    digest = model["sha256"] or (digests.pop() if len(digests) == 1 else None)
    alike = known is not None and digest is not None and known.sha256 == digest
    title = known.title if known is not None and alike and known.title else str(model["name"])
    return f"{title} (untrained)" if "untrained" in (model["family"] or "") else title


def _no_layers(site: Site, digest: str) -> bool:
    samples = site.samples(digest)
    return samples is not None and samples.once("no layers", lambda: _offloaded(samples.runs) == {0})


def _offloaded(runs: Iterable[Mapping[str, Any]]) -> set[object]:
    """How many layers runs put on a GPU, by their engines."""
    reported = {str(run["effective"]) for run in runs if run["effective"]}
    return {found["layers_offloaded"] for found in map(json.loads, reported) if "layers_offloaded" in found}


def own_text(level: Level) -> str:
    """A level as its study writes it."""
    return level if isinstance(level, str) else json.dumps(level)


def _factors(site: Site, digest: str) -> Mapping[str, Factor]:
    dataset = site.datasets.get(digest)
    return _declared(str(dataset.manifest["study"])) if dataset else {}


@lru_cache
def _declared(study: str) -> Mapping[str, Factor]:
    return {factor.name: factor for factor in STUDIES.load(study).factors} if study in STUDIES else {}
