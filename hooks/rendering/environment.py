"""The Jinja environment: undefined names fail, values are accounted for, everything else is escaped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, TemplateSyntaxError, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from markupsafe import Markup

from ..content.blocks import Form, Lit
from ..text.escaping import escape_code, escape_json, escape_url
from ..text.naming import engine_text, models_text
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


class _Compiled(BytecodeCache):
    """What templates compile to, while this process lives: every build has an environment of its own, and to compile
    the same templates again takes a sixth of a small one."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[str, CodeType]] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        bucket = Bucket(environment, name, self.get_source_checksum(source))
        checksum, code = self._newest.get(name, ("", None))
        if code is not None and checksum == bucket.checksum:
            bucket.code = _in_file(code, filename or "<template>")
        return bucket

    def set_bucket(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._newest[bucket.key] = bucket.checksum, bucket.code


def _in_file(code: CodeType, filename: str) -> CodeType:
    """The same code, so that a traceback names ``filename``."""
    inner = tuple(_in_file(one, filename) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_filename=filename, co_consts=inner)


_COMPILED = _Compiled()


def environment(templates: Path) -> Environment:
    """The environment of all pages. A context needs ``scope``."""
    made = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_COMPILED,
        extensions=["jinja2.ext.do"],
    )
    made.filters |= {
        "interval": _interval,
        "figure_only": _figure,
        "runs": _n,
        "engine": engine_text,
        "models": models_text,
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
