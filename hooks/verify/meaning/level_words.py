"""What the study of a dataset calls its factors and levels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from harness.design import Factor
from harness.studies import STUDIES

from ..reader.questions_json import Level
from ..reader.site import Site


def heading(site: Site, digest: str, name: str) -> str:
    """A factor in words."""
    factor = _factors(site, digest).get(name)
    return factor.heading if factor else name.replace("_", " ")


def called(site: Site, digest: str, name: str, level: Level) -> str:
    """A level in words; its own text, where it has no others."""
    text = own_text(level)
    factor = _factors(site, digest).get(name)
    words = factor.words if factor else ()
    return next((said for known, said in words if own_text(known) == text), text)


def own_text(level: Level) -> str:
    """A level as its study writes it."""
    return level if isinstance(level, str) else json.dumps(level)


def _factors(site: Site, digest: str) -> Mapping[str, Factor]:
    dataset = site.datasets.get(digest)
    return _declared(str(dataset.manifest["study"])) if dataset else {}


@lru_cache
def _declared(study: str) -> Mapping[str, Factor]:
    return {factor.name: factor for factor in STUDIES.load(study).factors} if study in STUDIES else {}
