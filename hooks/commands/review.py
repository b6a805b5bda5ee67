"""`reports review`: a person reads what the claims of a report say now, and that is written down.

What recordings beside the published one say of them is told, and neither written down nor demanded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from harness.errors import UsageError

from ..build.preview import content
from ..caching.store import write
from ..claims.review import changes, read_review, review_of, review_path, review_text
from ..editions.agreement import Agreement, claim_pairs
from ..editions.edition import Edition, edition
from ..editions.history import beside
from ..editions.prose import Prose, read_prose
from ..project import Project
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
    for line in _elsewhere(project, prose, found):
        options.echo(line)
    differing = changes(now, then)
    for change in differing:
        for line in (*change.lines(report), ""):
            options.echo(line)
    if not differing and then is not None and then.digest == found.digest:
        options.echo(f"Claims: {len(claims)}, none differs from its review.")
        return
    if not yes and not typer.confirm(f"Do the {len(claims)} sentences say what you mean of {found.label}?"):
        raise typer.Abort
    write(path, review_text(report, now).encode())
    options.echo(f"Claims: {len(claims)}, written to {path.relative_to(project.root)}; commit it with the prose.")


def _elsewhere(project: Project, prose: Prose, found: Edition) -> Iterator[str]:
    """The claims that another recording decides otherwise, or not at all."""
    for other in beside(project, prose, found):
        try:
            there = content(project, prose.report, other.folder.name)
        except UsageError as error:
            yield f"{other.label}, shown beside, cannot be computed: {error}"
            continue
        pairs = claim_pairs(content(project, prose.report, found.folder.name), there, other.folder.name)
        unlike = [pair for pair in pairs if pair.agreement is not Agreement.SAME]
        yield f"{other.label}, shown beside: {len(unlike)} of {len(pairs)} claims have another state there."
        for pair in unlike:
            yield f"  {pair.name}: {pair.here.state}, there {pair.there.state if pair.there else 'not computed'}"
