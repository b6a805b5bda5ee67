"""Renders everything that is generated, as a plain library: no MkDocs is needed to run or to read it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment

from harness.errors import BinderyError
from harness.studies import STUDIES

from .cache import Store, digest_files, key_of, libraries
from .content import Content, content_of
from .dependencies import sources
from .downloads import downloads
from .editions import Edition, edition
from .markup import escape_markdown
from .pages import Page, Report, render_report
from .project import Project
from .prose import Prose, read_prose
from .reports import module_name
from .review import judge
from .scope import Scope
from .templating import environment
from .vega import bundle

_COMPUTING = "hooks.computing"


@dataclass(frozen=True, slots=True)
class Broken:
    """A page that could not be rendered, and the one line that says why."""

    path: str
    title: str
    message: str
    error: BinderyError

    @property
    def markdown(self) -> str:
        """A page that shows the error in place of the broken one."""
        lines = "\n".join(f"    {escape_markdown(line)}" for line in self.message.splitlines())
        return f'# {escape_markdown(self.title)}\n\n!!! failure "This page has an error"\n\n{lines}\n'


@dataclass(frozen=True, slots=True)
class Rendered:
    """All pages and files of a site, by their paths among the documents."""

    pages: Mapping[str, Page]
    assets: Mapping[str, bytes | Path]
    broken: tuple[Broken, ...] = ()
    editions: Mapping[str, Edition] = field(default_factory=dict)
    planned: Mapping[str, Page] = field(default_factory=dict)

    def documents(self, *, live: bool = False) -> dict[str, str]:
        """The Markdown of every page by path; ``live`` adds the broken ones, with their errors in place."""
        shown = {path: page.markdown for path, page in {**self.planned, **self.pages}.items()}
        return {**shown, **{broken.path: broken.markdown for broken in self.broken}} if live else shown

    def folder(self, target: str) -> str | list[str]:
        """The pages under a folder, sorted; ``target`` itself where it is no folder of rendered pages."""
        paths = {*self.pages, *self.planned, *(broken.path for broken in self.broken)}
        return sorted(path for path in paths if path.startswith(f"{target}/")) or target


class Builder:
    """Renders one project; what is expensive is kept in its store and survives it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.store = Store(project.cache)
        self.templates: Environment = environment(project.templates)
        script, data = bundle(self.store)
        self._vega = {f"assets/{script}": data}

    def render(self) -> Rendered:
        """Every generated page. A page that fails is in ``broken``; the others are not affected."""
        pages: dict[str, Page] = {}
        broken: list[Broken] = []
        editions: dict[str, Edition] = {}
        planned: dict[str, Page] = {}
        assets: dict[str, bytes | Path] = {}
        for path in self.prose_files():
            name = f"reports/{path.name}"
            try:
                prose = read_prose(path)
                found = edition(self.project, prose.report, prose.front.dataset)
                if found is None:
                    planned[name] = self._planned(name, prose)
                    continue
                editions[prose.report] = found
                page = self._report(prose, found)
                pages[page.path] = page
                assets |= page.assets
            except BinderyError as error:
                broken.append(Broken(name, path.stem.upper(), str(error), error))
        if pages:
            assets |= self._vega
        return Rendered(pages, assets, tuple(broken), editions, planned)

    def prose_files(self) -> Iterator[Path]:
        yield from sorted((self.project.docs / "reports").glob("*.md"))

    def _report(self, prose: Prose, found: Edition) -> Page:
        study = STUDIES.load(prose.report)
        record = self.store.json(
            "content", self._content_key(prose.report, found), lambda: _compute(prose.report, found)
        )
        content = content_of(record)
        offered = downloads(self.store, found)
        (vega,) = self._vega
        extra = {
            "vega": vega.removeprefix("assets/"),
            "downloads": list(offered),
            "hardware": hardware(found),
            "bibtex": bibtex(prose, found),
            "command": command(found),
            "notes": judge(
                prose.report,
                content.claims.values(),
                self.project.docs,
                dataset=found.label,
                digest=found.digest,
                local=found.local,
            ),
        }
        report = Report(study, prose, found, content, extra)
        page = render_report(self.templates, report)
        files = {f"data/{found.label}/{name}": data for name, data in offered.items()}
        return Page(page.path, page.title, page.markdown, page.values, {**page.assets, **files})

    def _planned(self, path: str, prose: Prose) -> Page:
        """The page of a report whose dataset is not in this data root."""
        template = self.templates.get_template("planned.md.j2")
        study = STUDIES.load(prose.report)
        context = {"scope": Scope(Content()), "study": study, "front": prose.front, "committed": self.project.committed}
        return Page(path, prose.front.title, template.render(context))

    def _content_key(self, report: str, found: Edition) -> str:
        study = STUDIES.target(report).partition(":")[0]
        code = {path for name in (module_name(report), study, _COMPUTING) for path in sources(name)}
        return key_of(found.digest, digest_files(code), libraries())


def _compute(report: str, found: Edition) -> dict[str, Any]:
    from .computing import compute_content

    return compute_content(report, found.folder)


def hardware(found: Edition) -> str:
    """The machine in a few words."""
    facts = found.manifest.environment
    memory = facts.get("memory_bytes")
    parts = [str(facts.get("cpu_model") or "unknown processor"), f"{facts.get('cores_logical') or '?'} logical cores"]
    parts += [f"{memory / 2**30:.0f}\u00a0GiB"] if isinstance(memory, int) else []
    parts += [str(facts["gpu_name"])] if facts.get("gpu_name") else ["no GPU"]
    return ", ".join(parts)


def bibtex(prose: Prose, found: Edition) -> list[str]:
    """The citation of an edition, line by line."""
    return [
        f"@techreport{{bindery-{prose.report}-{found.manifest.label.partition('/')[2]},",
        f"  title       = {{{prose.report.upper()}: {prose.front.title}}},",
        f"  author      = {{{' and '.join(prose.front.authors)}}},",
        f"  year        = {{{found.date[:4]}}},",
        f"  type        = {{Technical Report, {prose.front.edition} edition}},",
        f"  note        = {{Dataset {found.label}, SHA-256 {found.digest}}},",
        "}",
    ]


def command(found: Edition) -> str:
    """The command that makes this recording again."""
    manifest = found.manifest
    words = ["harness", "run", manifest.study, "--profile", manifest.profile]
    for name, levels in manifest.only.items():
        words += ["--only", f"{name}={','.join(map(str, levels))}"]
    return shlex.join([*words, "--seal"])
