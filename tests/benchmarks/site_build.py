"""What publishing costs: the site with one report against a plain mkdocs-material build of the same Markdown.

    python -m tests.benchmarks.site_build [--rounds 3]

Goal: at most 2 x, warm. Uses the dataset recorded on this machine where there is one, else a synthetic one. Cold
(nothing kept from earlier builds) is shown beside it.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from tests.benchmarks.measured import Took, load, ratio, run, typical
from tests.benchmarks.plain_site import MKDOCS, REPORTS, write_plain
from tests.support.projects import ROOT, copy_project, record

GOAL = 2.0


def measure(root: Path, rounds: int) -> tuple[Took, Took, Took]:
    """Cold, warm and plain."""
    project, plain = copy_project(root / "project"), root / "plain"
    data = ROOT / ".bindery" / "data"
    if not (data / "tr108" / "v1").is_dir():
        data = root / "data"
        record(data)
    print(f"dataset: {'recorded on this machine' if data.is_relative_to(ROOT) else 'synthetic'}")
    environment = {"BINDERY_DATA": str(data), "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    cold = run(MKDOCS, project, environment)
    run([*REPORTS, "materialise", str(plain / "docs")], project, environment)
    write_plain(project, plain)
    warm, bare = [], []
    for _ in range(rounds):
        bare.append(run(MKDOCS, plain, environment))
        warm.append(run(MKDOCS, project, environment))
    return cold, typical(warm), typical(bare)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="site-build-"))
    try:
        print(load())
        cold, warm, plain = measure(root, options.rounds)
    finally:
        shutil.rmtree(root)
    print(f"plain  {plain}\nwarm   {warm}  {ratio(warm, plain, GOAL)}\ncold   {cold}  {ratio(cold, plain, GOAL)}")
    print(load())


if __name__ == "__main__":
    main()
