"""How soon a reader sees something: each report against the same page built by mkdocs-material alone, in Chromium.

    python -m tests.benchmarks.first_paint [--site FOLDER] [--rounds 9]

Both sites are served from this machine, and every visit is one of a new reader, who has nothing of the site yet. The
two pages of a report are opened by turns; its figure is the median of the ratios of two visits one after the other.
Goal: the first contentful paint of every report comes at most 1.2 times as late as that of the plain page. ``--site``
is a built site of this state of the project; without it one is built.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from statistics import geometric_mean, median

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.measured import load, run
from tests.benchmarks.plain_site import MKDOCS, REPORTS, write_plain
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.support.projects import ROOT
from tests.support.served_folder import served

GOAL = 1.2
FIRST_PAINT = """() => new Promise((done) => new PerformanceObserver((list) => {
  const found = list.getEntriesByName("first-contentful-paint")[0];
  if (found) done(found.startTime);
}).observe({ type: "paint", buffered: true }))"""


def first_paint_ms(browser: Browser, address: str) -> float:
    """Milliseconds from the start of a new reader's visit to the first contentful paint."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(address)
        return float(page.evaluate(FIRST_PAINT))


def build_both(folder: Path, site: Path | None) -> tuple[Path, Path]:
    """The site and the plain one."""
    environment = {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    plain = folder / "plain"
    plain.mkdir()
    if site is None:
        site = folder / "site"
        print("building the site", flush=True)
        run([*REPORTS, "build", "--out", str(site)], ROOT, environment)
    print("building the plain site", flush=True)
    run([*REPORTS, "materialise", str(plain / "docs")], ROOT, environment)
    write_plain(ROOT, plain)
    run(MKDOCS, plain, environment)
    return site, plain / "site"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    print(load())
    with tempfile.TemporaryDirectory(prefix="first-paint-") as temporary, sync_playwright() as playwright:
        ours, plain = build_both(Path(temporary), options.site)
        names = [page.relative_to(ours).as_posix() for page in sorted((ours / "reports").glob("tr*.html"))]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS])
        ratios = {}
        with served(ours) as here, served(plain) as there:
            for name in names:
                found = []
                for turn in range(options.rounds):
                    pair = [f"http://127.0.0.1:{port}/{name}" for port in (here, there)]
                    took = {at: first_paint_ms(browser, at) for at in (pair if turn % 2 else pair[::-1])}
                    found.append((took[pair[0]], took[pair[1]]))
                ratios[name] = median(own / bare for own, bare in found)
                own, bare = (median(side) for side in zip(*found, strict=True))
                print(f"{name}: {own:.0f} ms, plain {bare:.0f} ms: {ratios[name]:.2f} x", flush=True)
        browser.close()
    late = [name for name, ratio in ratios.items() if ratio > GOAL]
    print(f"all: {geometric_mean(ratios.values()):.2f} x; goal {GOAL} x: {'met' if not late else f'MISSED by {late}'}")
    print(load())


if __name__ == "__main__":
    main()
