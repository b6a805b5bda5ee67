"""Rendering with all errors reported together; shared by the commands that need pages."""

from __future__ import annotations

from harness.errors import UnknownName, UsageError

from ..build.builder import Builder
from ..project import Project
from ..rendering.page import Rendered


def render(project: Project) -> Rendered:
    """Every generated page; ``finish`` it. Raises the first page's error, with the lines of all of them."""
    rendered = Builder(project).render()
    if rendered.broken:
        rendered.finish()
        first = rendered.broken[0].error
        kind = UsageError if isinstance(first, UnknownName) else type(first)
        raise kind("\n".join(str(broken.error) for broken in rendered.broken)) from first
    return rendered
