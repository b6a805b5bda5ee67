"""`reports new`: the generated page of a dataset becomes one with an author's words."""

from __future__ import annotations

from typing import Annotated

import typer

from harness.errors import UnknownName, UsageError

from ..build.unreported import without_report
from ..caching.store import write
from . import options

_PROSE = """---
title: What this server does under load
description: The load on one server, with its data.
---
{{% extends "server.md.j2" %}}

{{% block summary %}}
{{# What a reader should know first. Numbers are cited by name and never typed: show("rates") puts a table here and
chart("ttft") a chart. A sentence that compares needs a claim; hooks/reports/{module}.py makes it in compute(draft). #}}
{{% endblock %}}

{{% block limitations %}}
- One server, one client and one session.
{{% endblock %}}
"""


def new(
    study: Annotated[str, typer.Argument(help="A dataset without a report, such as bench-my-server.")],
    data: options.Data = options.DATA,
) -> None:
    """Write docs/servers/STUDY.md, with which the page of a dataset gets prose; the numbers stay generated.

    Example: reports new bench-my-server --data bench
    """
    project = options.project(data)
    if study not in without_report(project):
        raise UnknownName("dataset without a report", study, without_report(project))
    path = project.docs / "servers" / f"{study}.md"
    if path.exists():
        raise UsageError(f"{path.relative_to(project.root)} is there already; edit it, or move it away first")
    path.parent.mkdir(exist_ok=True)
    write(path, _PROSE.format(module=study.replace("-", "_")).encode())
    options.echo(f"Write in {path.relative_to(project.root)}, then: reports build --data {data}")
