"""The page of all numbers and claims of another page, one row each: on that page they would be half of its bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from jinja2 import Environment

from ..content.blocks import Content
from ..editions.comparison import OtherRecording
from ..rendering.generated_page import page
from ..rendering.page import Page
from ..rendering.provenance import metrics, numbers
from ..rendering.scope import Scope

NAME = "numbers"


def rows_at(path: str) -> str:
    """The address, from the page at ``path``, of the page of its numbers."""
    return f"{PurePosixPath(path).stem}/{NAME}.html"


def render_numbers(
    environment: Environment,
    scope: Scope,
    path: str,
    title: str,
    *,
    content: Content | None = None,
    several: bool = False,
    samples: bool = False,
    recordings: Sequence[OtherRecording] = (),
) -> Page:
    """What stands behind every value and every claim that the page at ``path`` showed, which its ``scope`` knows.

    Both pages are one statement: the values and claims are those of that page's ``values.json``. A page over
    ``several`` datasets has none of its own; ``samples`` tells that it offers the runs behind its values. Each of the
    ``recordings`` is set beside what the page publishes.
    """
    own, place = Scope(content or Content()), PurePosixPath(path).with_suffix("")
    own.claims |= scope.claims
    context: dict[str, Any] = {
        "scope": own,
        "name": place.name,
        "up": "../" * len(place.parts),
        "samples": samples,
        "recordings": recordings,
        "published": recordings[0].published.edition.label if recordings else "",
        "title": title,
        "numbers": lambda: numbers(scope.shown, several=several),
        "metrics": lambda: metrics(scope.shown),
    }
    markdown = environment.get_template("numbers.md.j2").render(context)
    return Page(f"{place}/{NAME}.md", f"Numbers of {title}", markdown, wide=True, searched=False)


def with_numbers(
    environment: Environment,
    scope: Scope,
    path: str,
    title: str,
    context: Mapping[str, Any],
    *,
    template: str = "",
    wide: bool = False,
) -> tuple[Page, Page]:
    """A generated page whose ``scope`` leads to ``rows_at`` its path, and the page of its numbers."""
    made = page(environment, scope, path, title, context, template=template, wide=wide)
    return made, render_numbers(environment, scope, path, title)
