"""The MkDocs hooks: a thin caller of the renderer. ``mkdocs.yml`` names this file, and nothing imports it.

    on_config   open the project, watch what it reads       on_page_markdown  hand over what was rendered
    on_files    render, then place pages and files          on_post_page      state the content security policy

MkDocs runs this file by path and keeps it for the life of the process, so all state is made anew in
``on_config``. Nothing is ever written inside ``docs/``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from harness.errors import BinderyError
from hooks.build import Builder
from hooks.policy import with_policy
from hooks.project import Project
from hooks.rendered import Rendered


@dataclass
class _State:
    """What one build knows. ``live`` is true under ``mkdocs serve``, where a broken page shows its error."""

    builder: Builder
    rendered: Rendered | None = None


_live = False
_state: _State | None = None


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:  # noqa: ARG001
    global _live
    _live = command == "serve"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    global _state
    root = Path(config.config_file_path).parent
    options = config.extra.get("bindery", {})
    try:
        project = Project.at(root, Path(options.get("data", "data")))
    except BinderyError as error:
        raise PluginError(str(error)) from error
    _state = _State(Builder(project))
    config.watch.extend(str(path) for path in project.watched() if str(path) not in config.watch)
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = _current()
    rendered = state.rendered = state.builder.render()
    if rendered.broken and not _live:
        lines = "\n".join(str(broken.error) for broken in rendered.broken)
        raise PluginError(lines) from rendered.broken[0].error
    for path, markdown in rendered.documents(live=_live).items():
        found = files.get_file_from_path(path)
        if found is None:
            files.append(File.generated(config, path, content=markdown))
        else:
            found.content_string = markdown
    for path, data in rendered.assets.items():
        files.append(_generated(config, path, data))
    config.nav = _nav(config.nav, rendered)
    return files


def _generated(config: MkDocsConfig, path: str, data: bytes | Path) -> File:
    if isinstance(data, Path):
        return File.generated(config, path, abs_src_path=str(data))
    return File.generated(config, path, content=data)


def _nav(nav: Any, rendered: Rendered) -> Any:
    """The navigation with each folder that an entry names replaced by the rendered pages in it."""
    if not nav:
        return nav
    return [_expand(entry, rendered) for entry in nav]


def _expand(entry: Any, rendered: Rendered) -> Any:
    if not isinstance(entry, dict):
        return entry
    return {title: rendered.folder(target) if isinstance(target, str) else target for title, target in entry.items()}


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG001
    return with_policy(output, live=_live)


def on_post_template(output_content: str, *, template_name: str, config: MkDocsConfig) -> str:  # noqa: ARG001
    return with_policy(output_content, live=_live) if template_name.endswith(".html") else output_content


def _current() -> _State:
    if _state is None:
        raise PluginError("MkDocs ran a hook before on_config; run `mkdocs build` or `mkdocs serve`")
    return _state
