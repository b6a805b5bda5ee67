"""Pages beside the reports: each shows the newest recording of its studies, one section for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
from ..text.naming import slug


@dataclass(frozen=True, slots=True)
class ProbePage:
    """A page, its ``studies``, and what asks a recording of one: ``MODULE:FUNCTION``. Some show the newest recording
    of a machine with a GPU (``with_gpu``)."""

    path: str
    title: str
    studies: tuple[str, ...]
    computing: str
    with_gpu: bool = False


PAGES = (
    ProbePage(
        "prompt-caches.md",
        "Prompt caches",
        ("prompt-cache", "prompt-cache-openai", "prompt-cache-ollama"),
        "hooks.reports.prompt_cache:compute_prompt_cache",
    ),
    ProbePage(
        "quality-score.md",
        "Quality score",
        ("quality-score",),
        "hooks.reports.quality_score:compute_quality_score",
    ),
    ProbePage("gpu.md", "With a GPU", ("tr117",), "hooks.reports.gpu:compute_gpu", with_gpu=True),
)
PROBES = tuple(study for one in PAGES if not one.with_gpu for study in one.studies)
"""The studies that such a page is all about; what a GPU recorded has a report or a page of its own as well."""


def newest(project: Project, study: str, *, with_gpu: bool = False) -> Edition | None:
    """The newest version of a study, or that of a machine with a GPU; ``None`` where there is none."""
    found = (open_edition(project, study, name) for name in reversed(versions(project.data, study)))
    return next((one for one in found if not with_gpu or one.manifest.environment.get("gpu_name")), None)


def _content(about: ProbePage, found: Edition, store: Store) -> Content:
    key = key_of(found.digest, code(about.computing.partition(":")[0]), libraries())
    return content_of(Job(slug(about.title), key, about.computing, (found.folder,)).data(store))


def render_probes(about: ProbePage, found: Sequence[Edition], environment: Environment, store: Store) -> Page:
    """The page, which says plainly which studies were not recorded."""
    probed = [(one, _content(about, one, store)) for one in found]
    missing = [study for study in about.studies if study not in {one.manifest.study for one, _ in probed}]
    return page(environment, Scope(Content()), about.path, about.title, {"probed": probed, "missing": missing})
