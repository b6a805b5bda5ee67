"""`harness datasets`: what is sealed."""

from __future__ import annotations

from rich.table import Table

from ..datasets.catalog import sealed, studies
from ..datasets.recordings import read_folder
from ..terminal import Terminal
from . import options


def datasets(as_json: options.Json = False, data: options.Data = options.DATA) -> None:
    """List the sealed datasets: versions, and recordings of single sessions.

    Example: harness datasets --data data
    """
    refs = [ref for study in studies(data) for ref in sealed(data, study)]
    rows = [(ref, *read_folder(ref.path)) for ref in refs]
    if as_json:
        options.print_json(
            [
                {
                    "dataset": ref.label,
                    "digest": ref.digest,
                    "profile": m.profile,
                    "status": m.status,
                    "created": m.created,
                    "sessions": list(ref.sessions),
                    "outcomes": m.outcomes,
                }
                for ref, m, _ in rows
            ]
        )
        return
    if not rows:
        options.say(f"No sealed dataset under {data}. Begin with: harness run tr108 --profile smoke --seal")
        return
    table = Table("Dataset", "Profile", "Recorded", "Sessions", "Outcomes", "Hardware", "sha256")
    for ref, m, sessions in rows:
        outcomes = ", ".join(f"{n} {k}" for k, n in m.outcomes.items())
        table.add_row(
            ref.label,
            m.status if m.imported else m.profile,
            m.created,
            str(len(ref.sessions)),
            outcomes,
            ", ".join(dict.fromkeys(str(one.manifest.environment.get("cpu_model") or "unknown") for one in sessions)),
            ref.digest[:12],
        )
    Terminal().print(table)
