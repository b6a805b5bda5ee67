"""`reports verify`: is a built site the one that this project builds, and does it say what its data say?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from harness.errors import UsageError

from ..build.rebuild import Rebuild, rebuilding
from ..verify import CHECKS, FILES, REBUILD, verify
from ..verify.comparison.folders import compare
from ..verify.reader.files_json import listed
from ..verify.reader.mismatches import Examined, Report
from ..verify.reader.published_site import download, is_address
from . import options

WRONG = 4
Site = Annotated[str, typer.Argument(help="Folder of a built or downloaded site, or the address of a published one.")]
Data = Annotated[
    Path | None,
    typer.Option("--data", envvar=options.DATA_VARIABLE, help="The data folder that the site was built from."),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", help=f"Run one check: {', '.join((REBUILD, *CHECKS))}. May be repeated."),
]
Expect = Annotated[
    Path | None,
    typer.Option("--expect", help="A data/SEALED kept elsewhere, which the site has to agree with."),
]
Trust = Annotated[
    bool, typer.Option("--trust-cache", help="Rebuild with this project's cache: faster, and as good as the cache is.")
]
ALONE = (
    "Not compared with a rebuild, for there is no project here: run it in a clone of the project. Numbers, claims, "
    "charts and downloads are recomputed from the site's own sealed files; other words, styles, scripts and pictures "
    "are not checked."
)


def verify_site(
    site: Site = "site",
    data: Data = None,
    only: Only = None,
    expect: Expect = None,
    trust_cache: Trust = False,
    as_json: options.Json = False,
) -> None:
    """Build the site again and compare every byte; recompute every number. Exits with 4 where anything is wrong.

    The rebuild is of the revision that the site names. Outside the project a site is recomputed from its own downloads.
    A published site is downloaded first: the files that it lists, each of which is checked by its digest.

    Example: reports verify site
    """
    referee = None if only is None else [name for name in only if name != REBUILD]
    if referee is not None and is_address(site):
        referee = [FILES, *referee]
    wanted = only is None or REBUILD in only
    with _kept(site) as folder, _rebuild(folder, data, wanted=wanted, trusted=trust_cache) as rebuild:
        report = verify(folder, data, referee, expect)
        if isinstance(rebuild, Rebuild):
            report.notes.append(rebuild.note)
            report.add(REBUILD, _compared(folder, rebuild))
            _tools(folder, report)
        elif rebuild is not None:
            report.notes.append(rebuild)
    if as_json:
        options.print_json(
            {
                "passed": report.passed,
                "notes": report.notes,
                "examined": report.examined,
                "mismatches": [asdict(found) for found in report.mismatches],
            }
        )
    else:
        for line in report.lines():
            options.echo(line)
    if not report.passed:
        raise typer.Exit(WRONG)


@contextmanager
def _kept(site: str) -> Iterator[Path]:
    """The folder of a site: its own, or one for as long as a published site is examined."""
    if not is_address(site):
        yield Path(site)
        return
    with tempfile.TemporaryDirectory(prefix="bindery-site-") as folder:
        download(site, Path(folder) / "site")
        yield Path(folder) / "site"


@contextmanager
def _rebuild(site: Path, data: Path | None, *, wanted: bool, trusted: bool) -> Iterator[Rebuild | str | None]:
    """The rebuild under way; why there is none; or null where none is wanted."""
    if not wanted or not site.is_dir():
        yield None
    elif options.root() is None:
        yield ALONE
    else:
        stated = listed(site)
        with rebuilding(
            options.project(data or options.DATA), stated.revision if stated else None, trusted=trusted
        ) as rebuild:
            yield rebuild


def _compared(site: Path, rebuild: Rebuild) -> Iterator[Examined]:
    try:
        built = rebuild.finished()
    except UsageError as error:
        yield Examined(str(site), str(error))
    else:
        yield from compare(site, built)


def _tools(site: Path, report: Report) -> None:
    """Other tools give other bytes: said where bytes differ."""
    stated = listed(site)
    others = stated.other_tools() if stated else []
    if others and any(found.check == REBUILD for found in report.mismatches):
        report.notes.append(f"The site was made with other tools: {', '.join(others)}; install those of its revision.")
