"""`harness datasets`: what is sealed."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from ..datasets.catalog import catalog
from ..datasets.read import Dataset
from . import options


def datasets(as_json: options.Json = False, data: options.Data = options.DATA) -> None:
    """List the sealed datasets.

    Example: harness datasets --data data
    """
    rows = [(ref, Dataset.open(ref.path, verify=False).manifest) for ref in catalog(data)]
    if as_json:
        options.print_json(
            [
                {
                    "dataset": ref.label,
                    "digest": ref.digest,
                    "profile": m.profile,
                    "created": m.created,
                    "outcomes": m.outcomes,
                }
                for ref, m in rows
            ]
        )
        return
    if not rows:
        options.say(f"No sealed dataset under {data}. Begin with: harness run tr108 --profile smoke --seal")
        return
    table = Table("Dataset", "Profile", "Recorded", "Outcomes", "Hardware", "sha256")
    for ref, m in rows:
        outcomes = ", ".join(f"{n} {k}" for k, n in m.outcomes.items())
        table.add_row(
            ref.label, m.profile, m.created, outcomes, escape(str(m.environment.get("cpu_model"))), ref.digest[:12]
        )
    options.console().print(table)
