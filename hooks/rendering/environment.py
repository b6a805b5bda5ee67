"""The Jinja environment: undefined names fail, values are accounted for, everything else is escaped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateSyntaxError, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from ..content.blocks import Form, Lit
from ..text.escaping import escape_code, escape_json, escape_url
from ..text.naming import engine_text
from ..values.value import Value
from .scope import Scope


@pass_context
def _finalize(context: Context, item: object) -> Markup:
    if isinstance(item, StrictUndefined):
        str(item)
    return _scope(context).output(item)


def _scope(context: Context) -> Scope:
    scope: Scope = context["scope"]
    return scope


@pass_context
def _interval(context: Context, value: Value) -> Markup:
    return _scope(context).interval(value)


@pass_context
def _figure(context: Context, value: Value) -> Markup:
    return _scope(context).show(value, "figure")


@pass_context
def _n(context: Context, value: Value) -> Markup:
    return _scope(context).n(value)


@pass_context
def _lit(context: Context, text: object, kind: str) -> Markup:
    return _scope(context).lit(text, kind)


@pass_context
def _word(context: Context, text: str, reason: str) -> Markup:
    return _scope(context).word(text, reason)


@pass_context
def _cell(context: Context, cell: Any, form: Form) -> Markup:
    return _scope(context).cell(cell, form)


def environment(templates: Path, *, bytecode: Any = None) -> Environment:
    """The environment of all pages. A context needs ``scope``."""
    made = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=bytecode,
        extensions=["jinja2.ext.do"],
    )
    made.filters |= {
        "interval": _interval,
        "figure_only": _figure,
        "runs": _n,
        "engine": engine_text,
        "url": _trusted(escape_url),
        "embed": _trusted(escape_json),
    }
    made.filters["code"] = _trusted(escape_code)
    made.tests["number_cell"] = lambda item: isinstance(item, Value)
    made.tests["literal_cell"] = lambda item: isinstance(item, Lit)
    made.globals |= {"lit": _lit, "word": _word, "cell": _cell}
    return made


def _trusted(escape: Callable[[Any], str]) -> Callable[[Any], Markup]:
    return lambda item: Markup(escape(item))  # noqa: S704


def explain(error: Exception, file: Path, source: str) -> str:
    """One line that names the file and, where it is known, the line of an error inside a template."""
    line = error.lineno if isinstance(error, TemplateSyntaxError) else _line(error, source)
    where = f"{file.name}:{line}" if line else file.name
    return f"{where}: {' '.join(str(error).split())}"


def _line(error: BaseException, source: str) -> int | None:
    """The last line of ``source`` that the traceback went through."""
    found, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == source:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found
