"""The page *Prompt caches*: does an engine skip the prefill of a prompt that it has seen? One section per engine."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment

from ..caching.code_digest import code
from ..caching.job import Job
from ..caching.store import Store, key_of, libraries
from ..content.blocks import Content, content_of
from ..editions.edition import Edition, open_edition, versions
from ..project import Project
from ..rendering.generated_page import page
from ..rendering.page import Page
from ..rendering.scope import Scope

PATH = "prompt-caches.md"
PROBES = ("prompt-cache", "prompt-cache-openai", "prompt-cache-ollama")
COMPUTING = "hooks.reports.prompt_cache"


def newest(project: Project, study: str) -> Edition | None:
    """The newest recording of a probe; ``None`` where there is none."""
    found = versions(project.data, study)
    return open_edition(project, study, found[-1]) if found else None


def _content(found: Edition, store: Store) -> Content:
    key = key_of(found.digest, code(COMPUTING), libraries())
    return content_of(Job("prompt-cache", key, f"{COMPUTING}:compute_prompt_cache", (found.folder,)).data(store))


def render_prompt_caches(found: Sequence[Edition], environment: Environment, store: Store) -> Page:
    """The page, which says plainly which engines were not probed."""
    probed = [(one, _content(one, store)) for one in found]
    missing = [study for study in PROBES if study not in {one.manifest.study for one, _ in probed}]
    return page(environment, Scope(Content()), PATH, "Prompt caches", {"probed": probed, "missing": missing})
