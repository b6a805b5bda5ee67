"""`reports review`: a person reads what the claims of a report say now, and that is written down.

What other recordings say of them is shown, and neither written down nor demanded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from harness.errors import UsageError

from ..build.preview import content, datasets_of
from ..caching.store import write
from ..claims.review import changes, read_review, review_of, review_path, review_text
from ..editions.agreement import Agreement, claim_pairs
from ..editions.history import other_recordings
from ..editions.prose import Prose, read_prose
from ..editions.report import dataset_digest, dataset_label
from ..editions.shown_dataset import ShownDataset
from ..project import Project
from . import options

Yes = Annotated[bool, typer.Option("--yes", help="Write without asking; for one who has read the sentences.")]


def review(report: options.Report, yes: Yes = False) -> None:
    """Show how each claim differs from its last review, and record what was read in docs/reports/REPORT.claims.yml.

    Example: reports review tr108
    """
    project = options.project(options.DATA)
    prose = read_prose(project.docs / "reports" / f"{report}.md")
    datasets = datasets_of(project, prose)
    label, digest = dataset_label(datasets), dataset_digest(datasets)
    claims = content(project, report, datasets).claims
    path = review_path(project.docs, report)
    then, now = read_review(path), review_of(claims.values(), label, digest)
    for line in _other_recordings(project, prose, datasets):
        options.echo(line)
    differing = changes(now, then)
    for change in differing:
        for line in (*change.lines(report), ""):
            options.echo(line)
    if not differing and then is not None and then.digest == digest:
        options.echo(f"Claims: {len(claims)}, none differs from its review.")
        return
    if not yes and not typer.confirm(f"Do the {len(claims)} sentences say what you mean of {label}?"):
        raise typer.Abort
    write(path, review_text(report, now).encode())
    options.echo(f"Claims: {len(claims)}, written to {path.relative_to(project.root)}; commit it with the prose.")


def _other_recordings(project: Project, prose: Prose, datasets: tuple[ShownDataset, ...]) -> Iterator[str]:
    """The claims that another recording decides otherwise, or not at all."""
    if not prose.front.recordings:
        return
    published = content(project, prose.report, datasets)
    for edition in other_recordings(project, prose, datasets[0].edition):
        try:
            other = content(project, prose.report, (ShownDataset(edition, other_recording=True),))
        except UsageError as error:
            yield f"{edition.label}, another recording, cannot be computed: {error}"
            continue
        pairs = claim_pairs(published, other, edition.folder.name)
        unlike = [pair for pair in pairs if pair.agreement is not Agreement.SAME]
        yield f"{edition.label}, another recording: {len(unlike)} of {len(pairs)} claims have another state in it."
        for pair in unlike:
            state = pair.other.state if pair.other else "not computed"
            yield f"  {pair.name}: {pair.published.state}, in {edition.label} {state}"
