"""`reports verify`: does a built site say what its data say?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ..verify import CHECKS, verify
from . import options

WRONG = 4
Site = Annotated[Path, typer.Argument(help="Folder of a built or downloaded site.")]
Data = Annotated[Path | None, typer.Option("--data", help="One more folder of sealed datasets to look in.")]
Only = Annotated[list[str] | None, typer.Option("--only", help=f"Run one check: {', '.join(CHECKS)}. May be repeated.")]


def verify_site(site: Site = Path("site"), data: Data = None, only: Only = None, as_json: options.Json = False) -> None:
    """Re-hash every file, recompute every number, ask every claim again. Exits with 4 where anything is wrong.

    The site's own downloads are enough; --data looks for sealed datasets in one more folder.

    Example: reports verify site
    """
    report = verify(site, data, only)
    if as_json:
        options.print_json(
            {
                "passed": report.passed,
                "examined": report.examined,
                "mismatches": [asdict(found) for found in report.mismatches],
            }
        )
    else:
        for line in report.lines():
            options.echo(line)
    if not report.passed:
        raise typer.Exit(WRONG)
