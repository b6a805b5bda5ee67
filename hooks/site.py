"""The MkDocs hooks: a thin caller of the renderer. ``mkdocs.yml`` names this file, and nothing imports it.

    on_config      open the project, watch what it reads
    on_files       render, then place pages and files
    on_env         keep what the templates of the theme compile to
    on_page_...    keep finished tables and drawings from the Markdown parser and the search index
    on_post_page   put them back, hold the page to its numbers, state its security policy
    on_build_error no process that still makes files is left
    on_post_build  files that were still being made, totals, refusal of loose numbers, list of files

MkDocs runs this file by path and keeps it for the life of the process, so all state is made anew in
``on_config``. Nothing is ever written inside ``docs/``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from harness.errors import BinderyError
from hooks.build.builder import Builder
from hooks.build.defining_words import demand_defining_page
from hooks.build.guide_words import demand_tested_guide, without_declarations
from hooks.build.prose_markup import demand_markdown
from hooks.build.revision import revision
from hooks.caching.code_digest import code, existing, sources
from hooks.caching.store import key_of
from hooks.caching.theme_templates import compiled
from hooks.editions.citation import SITE
from hooks.outputs.file_list import seal_site
from hooks.postprocess.accessibility import accessible
from hooks.postprocess.article_check import demand_article
from hooks.postprocess.content_security import with_policy
from hooks.postprocess.finished_pages import FinishedPages
from hooks.postprocess.folds import folded
from hooks.postprocess.glossary_links import with_terms
from hooks.postprocess.head_links import shared, titled
from hooks.postprocess.indentation import without_hidden_contents, without_indentation
from hooks.postprocess.literal_tags import declare
from hooks.postprocess.number_check import Binder, fill_totals, specs_on
from hooks.postprocess.paper_address import with_code
from hooks.postprocess.raw_blocks import RawBlocks
from hooks.postprocess.unbound_numbers import GENERATED, HANDWRITTEN, Source
from hooks.project import CACHE, Project
from hooks.rendering.page import Rendered
from hooks.text.escaping import escape_html
from hooks.text.terms import PAGE as GLOSSARY
from hooks.text.terms import Terms

EPOCH = "SOURCE_DATE_EPOCH"
BOOSTS = {"reports": 8, "editions": 0.25, "charts": 0.5, "compare": 0.5, "history": 0.5, "methodology": 0.001}
"""How much more a search prefers the pages of a folder: the report of a finding comes before what quotes it, and before
what defines its words, which stand there in headings."""
GUIDES, GUIDE_WORDS = "guides/", "hooks.build.guide_words"
"""Their folder, and the module that judges their words."""
METHODOLOGY = "methodology/"
REPORT_LIST = "reports/index.md"
"""It names what each report is about, and is none."""
DEFINING = (f"{GLOSSARY}.md", "methodology/metrics.md", "methodology/other-tools.md", "guides/study-file.md")
"""Pages that say themselves what their terms mean."""
LAST = -200
"""After every plugin: the list of files names what they wrote, too."""


@dataclass
class _State:
    """What one build knows."""

    builder: Builder
    rendered: Rendered = field(default_factory=lambda: Rendered({}, {}))
    binder: Binder = field(default_factory=lambda: Binder(()))
    finished: FinishedPages | None = None
    built: list[str] = field(default_factory=list)
    raw: dict[str, RawBlocks] = field(default_factory=dict)
    late: dict[str, Path] = field(default_factory=dict)
    terms: Terms = field(default_factory=lambda: Terms(terms=()))


_live = False
_given_epoch = os.environ.get(EPOCH)
_state: _State | None = None


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:  # noqa: ARG001
    """Under ``mkdocs serve`` a broken page shows its error in place and the others keep working."""
    global _live
    _live = command == "serve"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Opens the project. Pages are files (``tr108.html``), as the offline plugin has it, whatever ``mkdocs.yml`` says:
    so they name each other, feeds and summaries name them, and the referee finds them."""
    global _state
    root = Path(config.config_file_path).parent
    config.use_directory_urls = False
    options = config.extra.get("bindery", {})
    try:
        project = Project.at(root, Path(options.get("data", "data")), root / options.get("cache", CACHE))
    except BinderyError as error:
        raise PluginError(str(error)) from error
    _state = _State(Builder(project))
    config.watch.extend(str(path) for path in project.watched() if str(path) not in config.watch)
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = _current()
    try:
        rendered = state.rendered = state.builder.render()
        state.terms = Terms.read(state.builder.project.docs)
    except BinderyError as error:
        raise PluginError(str(error)) from error
    state.binder = Binder(rendered.identifiers)
    about = (sorted(rendered.identifiers), config.site_url, config.site_name, state.terms.model_dump(mode="json"))
    state.finished = FinishedPages(state.builder.store, *about)
    if rendered.broken and not _live:
        raise PluginError("\n".join(str(broken.error) for broken in rendered.broken)) from rendered.broken[0].error
    _date(rendered)
    _place(files, rendered, config)
    config.nav = _nav(config.nav, files)
    return files


def _date(rendered: Rendered) -> None:
    """Everything that carries a date carries the newest dataset's, unless the caller chose another."""
    if _given_epoch is None and rendered.epoch is not None:
        os.environ[EPOCH] = str(rendered.epoch)


def _place(files: Files, rendered: Rendered, config: MkDocsConfig) -> None:
    for path, markdown in rendered.documents(live=_live).items():
        found = files.get_file_from_path(path)
        if found is None:
            files.append(File.generated(config, path, content=markdown))
        else:
            _rewrite(found, markdown)
    late = _current().late
    for path, data in rendered.assets.items():
        if isinstance(data, Path) and not data.exists():
            late[path] = data
        files.append(_generated(config, path, b"" if path in late else data))


def _rewrite(found: File, markdown: str) -> None:
    """A page of which somebody writes the prose: its source is still that file, and plugins ask git about it."""
    source = found.abs_src_path
    found.content_string = markdown
    found.abs_src_path = source


def _generated(config: MkDocsConfig, path: str, data: bytes | Path) -> File:
    included = InclusionLevel.INCLUDED
    if isinstance(data, Path):
        return File.generated(config, path, abs_src_path=str(data), inclusion=included)
    return File.generated(config, path, content=data, inclusion=included)


def _nav(nav: Any, files: Files) -> Any:
    """The navigation with each folder that an entry names replaced by the pages in it; an empty folder is left out.

    The pages of numbers lie one folder deeper than their reports.
    """
    pages = sorted(file.src_uri for file in files.documentation_pages())
    return [entry for item in nav if (entry := _expand(item, pages))] if nav else nav


def _expand(entry: Any, pages: list[str]) -> Any:
    if not isinstance(entry, dict):
        return entry
    found = {title: _targets(target, pages) for title, target in entry.items()}
    return {title: target for title, target in found.items() if target}


def _targets(target: Any, pages: list[str]) -> Any:
    """A page, or a list of what the entries of a section lead to."""
    if isinstance(target, str):
        return target if target.endswith(".md") else [page for page in pages if page.rpartition("/")[0] == target]
    found: list[Any] = []
    for item in target:
        expanded = _expand(item, pages) if isinstance(item, dict) else _targets(item, pages)
        found += expanded if isinstance(expanded, list) else [expanded] if expanded else []
    return found


def on_env(env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:  # noqa: ARG001
    env.bytecode_cache = compiled(_current().builder.store)
    return env


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    state, path = _current(), page.file.src_uri
    found = state.rendered.pages.get(path)
    planned = found is not None and not found.wide and path.startswith("reports/")
    boost = 1 if planned or path == REPORT_LIST else BOOSTS.get(path.partition("/")[0], 1)
    page.meta["search"] = {"boost": boost, "exclude": found is not None and not found.searched}
    if found is not None and found.sought:
        page.meta["tags"] = list(found.sought)
    if path not in state.rendered.pages:
        return markdown if _is_broken(page) else _plain(markdown, page, config)
    rendered = state.rendered.pages[path]
    page.meta["title"] = str(escape_html(rendered.title))
    if rendered.wide:
        page.meta["hide"] = ["navigation", "toc"]
    state.raw[path] = RawBlocks()
    return state.raw[path].take(markdown)


def _plain(markdown: str, page: Page, config: MkDocsConfig) -> str:
    """A handwritten page, which is Markdown and nothing else; under ``serve`` what is wrong with it, in its place."""
    try:
        source = _sources(page, config)[0]
        if page.file.src_uri.startswith(GUIDES):
            _demand_guide(source)
            markdown = without_declarations(markdown)
        if page.file.src_uri.startswith(METHODOLOGY):
            demand_defining_page(source)
        demand_markdown(markdown, source.name)
    except BinderyError as error:
        if not _live:
            raise PluginError(str(error)) from error
        return _in_place(error)
    return markdown


def _demand_guide(guide: Source) -> None:
    """``demand_tested_guide``, once for the same guide. Raises ``UntestedWord``, each time."""

    def tested() -> bool:
        demand_tested_guide(guide)
        return True

    _current().builder.store.json("guide", key_of(guide.name, guide.lines, code(GUIDE_WORDS)), tested)


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    blocks = _current().raw.get(page.file.src_uri)
    if blocks is None:
        return html if _is_broken(page) else _declared(html, page, config)
    page.present_anchor_ids = (page.present_anchor_ids or set()) | blocks.anchors
    return folded(html.replace(SITE, config.site_url or ""))


def _declared(html: str, page: Page, config: MkDocsConfig) -> str:
    """A handwritten page with its literals; under ``serve`` with what is wrong with them in its place."""
    try:
        return declare(html, _sources(page, config)[0])
    except BinderyError as error:
        if not _live:
            raise PluginError(str(error)) from error
        return _in_place(error)


def _in_place(error: BinderyError) -> str:
    """What is wrong with a page, as the page."""
    return Markup('<div class="admonition failure">{}</div>').format(
        Markup().join(Markup("<p>{}</p>").format(line) for line in str(error).splitlines())
    )


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    state, name = _current(), page.file.dest_uri
    blocks = state.raw.pop(page.file.src_uri, None)
    try:
        whole = blocks.put_back(output) if blocks else output
    except BinderyError as error:
        raise PluginError(f"{page.file.src_uri}: {error}") from error
    if _is_broken(page):
        return _with_policy(_checked(whole, page, config), page.file.src_uri)
    state.built.append(name)
    if _live or state.finished is None:
        return _finished(whole, page, config)
    specs = [hashlib.sha256(spec).hexdigest() for spec in specs_on(name, whole, state.rendered.assets)]
    about = (whole, specs, page.title, _card(page))
    return state.finished.page(state.binder, name, about, lambda: _finished(whole, page, config))


def _checked(whole: str, page: Page, config: MkDocsConfig) -> str:
    """A page checked for elements and attributes that no page of ours has, with the links of its head."""
    try:
        whole = with_code(whole.replace(SITE, config.site_url or ""))
        if _has_terms(page):
            whole = with_terms(whole, _current().terms, page.file.dest_uri)
        if not _live:
            demand_article(whole, "the page")
    except BinderyError as error:
        raise PluginError(f"{page.file.src_uri}: {error}") from error
    return _shared(accessible(without_hidden_contents(without_indentation(whole))), page, config)


def _finished(whole: str, page: Page, config: MkDocsConfig) -> str:
    """The same, held to its numbers."""
    state, path = _current(), page.file.src_uri
    shown = _checked(whole, page, config)
    remedy = GENERATED if path in state.rendered.pages else HANDWRITTEN
    assets, name = state.rendered.assets, page.file.dest_uri
    held = state.binder.page(name, shown, lambda: _sources(page, config), assets, live=_live, remedy=remedy)
    return _with_policy(held, path)


def _has_terms(page: Page) -> bool:
    """Whether terms lead to the glossary: on generated pages that are read, but for those that define them."""
    rendered = _current().rendered.pages.get(page.file.src_uri)
    return rendered is not None and rendered.searched and rendered.path not in DEFINING


def _with_policy(page: str, name: str) -> str:
    try:
        return with_policy(page, live=_live)
    except BinderyError as error:
        raise PluginError(f"{name}: {error}") from error


def _is_broken(page: Page) -> bool:
    return page.file.src_uri in {broken.path for broken in _current().rendered.broken}


def _shared(output: str, page: Page, config: MkDocsConfig) -> str:
    address, title = page.file.dest_uri, Markup(page.title or "").striptags()  # noqa: S704 as the theme does
    return shared(
        titled(output, title, config.site_name),
        site=config.site_url or "",
        up="../" * address.count("/"),
        title=title,
        address=address,
        card=_card(page),
    )


def _card(page: Page) -> str:
    rendered = _current().rendered.pages.get(page.file.src_uri)
    return rendered.card if rendered else ""


def _sources(page: Page, config: MkDocsConfig) -> list[Source]:
    """Where a loose number on a page may have been typed, the likeliest file first."""
    path = Path(config.config_file_path)
    root, found = path.parent, _current().rendered.pages.get(page.file.src_uri)
    if found is None:
        return [Source.read(Path(str(page.file.abs_src_path)), root), Source.read(path, root)]
    names = (file.stem.replace("-", "_") for file in found.sources)
    modules = (f"{package}.{name}" for name in names for package in ("hooks.reports", "harness.studies"))
    code = sources(*existing(modules))
    rest = sources("hooks.build.assembly", "hooks.build.compute")
    written = (*sorted((root / "templates").rglob("*.j2")), *sorted((root / "docs" / "series").glob("*.yml")))
    paths = (*found.sources, *code, *written, *rest, path)
    return [Source.read(path, root) for path in dict.fromkeys(paths)]


def on_post_template(output_content: str, *, template_name: str, config: MkDocsConfig) -> str:  # noqa: ARG001
    return (
        _with_policy(accessible(output_content), template_name) if template_name.endswith(".html") else output_content
    )


def on_build_error(error: Exception) -> None:  # noqa: ARG001
    if _state is not None:
        with suppress(OSError):  # the error of the build is the one to tell
            _state.rendered.finish()


@event_priority(LAST)
def on_post_build(*, config: MkDocsConfig) -> None:
    state, site = _current(), Path(config.site_dir)
    try:
        state.rendered.finish()
        for path, data in state.late.items():
            shutil.copyfile(data, site / path)
    except OSError as error:
        what = "a file that a page leads to cannot be made"
        raise PluginError(f"{what}: {error}; make room for it there, then build again") from error
    fill_totals(site, state.built, state.binder.totals())
    try:
        state.binder.demand()
    except BinderyError as error:
        raise PluginError(str(error)) from error
    if not _live:
        stated = config.extra.get("bindery", {}).get("revision")
        seal_site(site, stated or revision(state.builder.project.root))


def _current() -> _State:
    if _state is None:
        raise PluginError("MkDocs ran a hook before on_config; run `mkdocs build` or `mkdocs serve`")
    return _state
