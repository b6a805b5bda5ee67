"""`reports review`: a person reads what the claims of a report say now, and that is written down."""

from __future__ import annotations

from typing import Annotated

import typer

from harness.errors import UsageError

from ..cache import write
from ..editions import edition
from ..preview import content
from ..prose import read_prose
from ..review import changes, read_review, review_of, review_path, review_text
from . import options

Yes = Annotated[bool, typer.Option("--yes", help="Write without asking; for one who has read the sentences.")]


def review(report: options.Report, yes: Yes = False) -> None:
    """Show how each claim differs from its last review, and record what was read in docs/reports/REPORT.claims.yml.

    Example: reports review tr108
    """
    project = options.project(options.DATA)
    written = project.docs / "reports" / f"{report}.md"
    if not written.is_file():
        raise UsageError(f"there is no report {report!r}; write docs/reports/{report}.md first")
    prose = read_prose(written)
    found = edition(project, report, prose.front.dataset)
    if found is None:
        raise UsageError(f"{report} publishes no dataset yet; pin one in its front matter, such as: dataset: v1")
    claims = content(project, report, found.folder.name).claims
    path = review_path(project.docs, report)
    then, now = read_review(path), review_of(claims.values(), found.label, found.digest)
    differing = changes(now, then)
    for change in differing:
        typer.echo("\n".join(change.lines(report)) + "\n")
    if not differing and then is not None and then.digest == found.digest:
        typer.echo(f"Claims: {len(claims)}, none differs from its review.")
        return
    if not yes and not typer.confirm(f"Do the {len(claims)} sentences say what you mean of {found.label}?"):
        raise typer.Abort
    write(path, review_text(report, now).encode())
    typer.echo(f"Claims: {len(claims)}, written to {path.relative_to(project.root)}; commit it with the prose.")
