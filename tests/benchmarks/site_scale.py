"""The scale corpus: 16 reports of 200,000 requests, 8 figures and 8 tables each, built and served.

    python -m tests.benchmarks.site_scale [--scale 1.0] [--rounds 2] [--keep FOLDER]

    cold    nothing kept; against mkdocs-macros-plugin with pandas and Altair     goal 1.0 x
    warm    nothing changed; against plain mkdocs-material, same Markdown         goal 1.3 x
    one     one dataset changed; against the same plain build                     goal 1.6 x
    serve   one sentence edited; against the same edit of the plain site          goal 1.5 x

and the peak memory of the largest process (600 MB) and the page weight (350 kB). ``--scale`` is the share of the 16
reports. On a machine with nothing else to do compare wall clock, on a shared one CPU: both are printed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.measured import Took, load, ratio, run, typical
from tests.benchmarks.plain_site import MKDOCS, REPORTS, write_plain
from tests.benchmarks.scale_corpus import REPORTS as ALL
from tests.benchmarks.scale_corpus import ROOT, Corpus, edit_sentence
from tests.benchmarks.scale_study import scale_study
from tests.benchmarks.scale_tables import write_dataset
from tests.benchmarks.serving import edit_under_serve

ROWS = 200_000
SERVE = (sys.executable, "-m", "mkdocs", "serve", "--livereload", "--dev-addr")
COLD, WARM, ONE, EDIT = 1.0, 1.3, 1.6, 1.5
PEAK_MB, PAGE_KB = 600, 350


class Benchmark:
    """One corpus with its three sites: ours, the rival and the plain one."""

    def __init__(self, corpus: Corpus, rounds: int) -> None:
        self.corpus = corpus
        self.rounds = rounds
        self.plain = corpus.root / "plain"
        self.environment = {
            "BINDERY_DATA": str(corpus.data),
            "SCALE_DATA": str(corpus.data),
            "PYTHONPATH": str(corpus.project),
            "NO_MKDOCS_2_WARNING": "1",
        }

    def ours(self) -> Took:
        return run(MKDOCS, self.corpus.project, self.environment)

    def bare(self) -> Took:
        return run(MKDOCS, self.plain, self.environment)

    def cold(self) -> Took:
        took = self.ours()
        print(f"cold   {took}  (goal: {PEAK_MB} MB)")
        if find_spec("mkdocs_macros") is None:
            print("macros skipped: mkdocs-macros-plugin is not installed (extra `bench`)")
        else:
            rival = run(MKDOCS, self.corpus.macros, self.environment)
            print(f"macros {rival}\n       cold over macros: {ratio(took, rival, COLD)}")
        return took

    def warm(self) -> Took:
        """Prints the ratio and returns what the plain build took."""
        run([*REPORTS, "materialise", str(self.plain / "docs")], self.corpus.project, self.environment)
        write_plain(self.corpus.project, self.plain)
        pairs = [(self.bare(), self.ours()) for _ in range(self.rounds)]
        plain, warm = typical(pair[0] for pair in pairs), typical(pair[1] for pair in pairs)
        print(f"plain  {plain}\nwarm   {warm}\n       warm over plain: {ratio(warm, plain, WARM)}")
        return plain

    def one_changed(self, plain: Took) -> None:
        report = self.corpus.reports[-1]
        write_dataset(self.corpus.data, scale_study(report), ROWS, seed=99, version=2)
        took = self.ours()
        print(f"one    {took}\n       one dataset changed over plain: {ratio(took, plain, ONE)}")

    def weight(self) -> None:
        pages = (self.corpus.project / "site" / "reports").glob("*.html")
        sizes = [path.stat().st_size / 1000 for path in pages]
        verdict = "met" if max(sizes) <= PAGE_KB else "MISSED"
        print(f"pages  {min(sizes):.0f} to {max(sizes):.0f} kB of HTML (goal: {PAGE_KB} kB; {verdict})")

    def edited(self) -> None:
        report = self.corpus.reports[0]
        page = f"reports/{report}.html"
        ours = edit_under_serve(SERVE, self.corpus.project, self.environment, page, self._edit_prose)
        plain = edit_under_serve(SERVE, self.plain, self.environment, page, self._edit_markdown)
        print(f"serve  {ours}\n plain {plain}\n       edit over plain: {ratio(ours, plain, EDIT)}")

    def _edit_prose(self) -> str:
        edit_sentence(self.corpus, self.corpus.reports[0], "Served anew.")
        return "Served anew."

    def _edit_markdown(self) -> str:
        path = self.plain / "docs" / "reports" / f"{self.corpus.reports[0]}.md"
        with path.open("a", encoding="utf-8") as page:
            page.write("\n\nServed anew.\n")
        return "Served anew."


def corpus_in(root: Path, reports: int) -> Corpus:
    """Written by another process, so that this one stays small: its memory would count as that of its children."""
    command = [sys.executable, "-m", "tests.benchmarks.scale_corpus", str(root), "--reports", str(reports)]
    subprocess.run([*command, "--rows", str(ROWS)], cwd=ROOT, check=True)
    return Corpus(root, ALL[:reports])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="write the corpus here and leave it")
    options = parser.parse_args()
    os.environ.pop("SOURCE_DATE_EPOCH", None)
    root = options.keep or Path(tempfile.mkdtemp(prefix="site-scale-")) / "corpus"
    reports = max(round(options.scale * len(ALL)), 1)
    try:
        print(f"{reports} reports of {ROWS} requests; {load()}")
        benchmark = Benchmark(corpus_in(root, reports), options.rounds)
        benchmark.cold()
        plain = benchmark.warm()
        benchmark.weight()
        benchmark.one_changed(plain)
        benchmark.edited()
        print(load())
    finally:
        if not options.keep:
            shutil.rmtree(root.parent)


if __name__ == "__main__":
    main()
