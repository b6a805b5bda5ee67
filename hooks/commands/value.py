"""`reports value`: one published number, computed again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from harness.errors import DataError, UnknownName

from ..rendering.page import Page
from ..values.questions import Input, OfDataset
from ..values.serialize import value_record, values_of
from ..values.value import Value, is_prediction
from . import options
from .render import render


def value(
    value_id: Annotated[str, typer.Argument(metavar="ID", help="A value's id, or the end of it that its page shows.")],
    as_json: options.Json = False,
    data: options.Data = options.DATA,
) -> None:
    """Compute a published value again from the sealed files, and say whether it agrees.

    Example: reports value 5b3e8366
    """
    from ..analysis.recompute import Recomputed, recompute

    project = options.project(data)
    rendered = render(project)
    rendered.finish()
    page, published = find(rendered.pages.values(), value_id)
    found = Recomputed(page, published, recompute(published, project.data, project.declared_inputs))
    if as_json:
        records = {"published": value_record(published), "now": value_record(found.now)}
        options.print_json({"id": value_id, "page": page, "agrees": found.agrees, **records})
    else:
        _say(found.page, found.now)
    if not found.agrees:
        raise DataError(f"{value_id}: the page says {published.text}, the sealed files give {found.now.text}")


def _say(page: str, found: Value) -> None:
    bounds = f" ({found.low}–{found.high}, {found.interval.method})" if found.interval else ""
    lines = [found.text + bounds, found.definition, f"published on {page}"]
    if isinstance(found.question, OfDataset):
        kept = ", ".join(f"{name} {' or '.join(map(str, levels))}" for name, levels in found.question.where)
        n = "" if found.n is None else f", n = {found.n}"
        lines.append(f"{found.question.dataset}, {kept or 'all runs'}{n}")
    if isinstance(found.question, Input):
        lines.append(f"{found.question.region}, {found.question.date}: {found.question.source}")
    if found.source:
        lines.append(f"stated by {found.source}")
    if found.parents:
        joint = ", " if is_prediction(found) else f" {found.operation} "
        lines.append(
            f"computed {'from' if is_prediction(found) else 'as'} {joint.join(one.text for one in found.parents)}"
        )
    lines.append(f"full precision: {found.number!r}" if found.number is not None else f"missing: {found.missing}")
    for line in filter(None, lines):
        options.console().print(line)


def find(pages: Iterable[Page], value_id: str) -> tuple[str, Value]:
    """The page that publishes a value, and the value, by its id or the end of it that no other has.

    Raises ``UnknownName`` with the ids that come close.
    """
    known: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for page in pages:
        for path, data in page.assets.items():
            if path.endswith("/values.json"):
                records = json.loads(data)["values"]
                known.update(dict.fromkeys(records, (page.path, records)))
    ending = [key for key in known if key.endswith(f"-{value_id}")]
    if value_id not in known and len(ending) == 1:
        value_id = ending[0]
    if value_id not in known:
        close = ending or [key for key in known if value_id.split("-")[0] in key] or list(known)
        raise UnknownName("value", value_id, close[:12] or ["(no page publishes a value)"])
    path, records = known[value_id]
    return path, values_of(records)[value_id]
