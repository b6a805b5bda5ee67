"""The page of what a study file may hold, generated from the models that read one."""

from __future__ import annotations

from jinja2 import Environment

from harness.design.toml_reference import SETTINGS, TABLES, sections

from ..content.blocks import Content
from ..rendering.generated_page import page
from ..rendering.page import Page
from ..rendering.scope import Scope

PATH = "guides/study-file.md"
TITLE = "Study files"


def render_study_file(environment: Environment) -> Page:
    """Tables of the file, then groups of settings."""
    context = {"tables": sections(TABLES), "settings": sections(SETTINGS)}
    return page(environment, Scope(Content()), PATH, TITLE, context)
