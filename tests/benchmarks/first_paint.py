"""How soon a reader sees something: each report against the same page built by mkdocs-material alone, in Chromium.

    python -m tests.benchmarks.first_paint [--site FOLDER] [--rounds 15]

Both sites are served from this machine, and every visit is one of a new reader, who has nothing of the site yet. The
two pages of a report are opened by turns; its figure is the median of the ratios of two visits one after the other,
with an interval: single visits differ by a factor of two. Goal: the first contentful paint of every report comes at
most 1.2 times as late as that of the plain page; where the interval lies on both sides of 1.2, more rounds have to
settle it. ``--site`` is a built site of this state of the project; without it one is built.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from statistics import geometric_mean, median

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from harness.stats.intervals.interval import Estimate, estimate
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


def shown(ratio: Estimate) -> str:
    """The ratio with its interval of 95 %; few rounds have none."""
    within = ratio.interval
    return f"{ratio.value:.2f} x ({f'{within.low:.2f} to {within.high:.2f}' if within else 'no interval'})"


def verdict(ratio: Estimate) -> str:
    """Whether the goal is met, by the whole interval."""
    within = ratio.interval
    if within is None or within.low <= GOAL < within.high:
        return "not settled"
    return "met" if within.high <= GOAL else "MISSED"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", type=Path)
    parser.add_argument("--rounds", type=int, default=15)
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
                ratios[name] = ratio = estimate(np.array([own / bare for own, bare in found]))
                own, bare = (median(side) for side in zip(*found, strict=True))
                times = f"{own:.0f} ms, plain {bare:.0f} ms"
                print(f"{name}: {times}: {shown(ratio)}, {verdict(ratio)}", flush=True)
        browser.close()
    print(f"all: {geometric_mean(ratio.value for ratio in ratios.values()):.2f} x; goal {GOAL} x of each:")
    for said in ("met", "MISSED", "not settled"):
        print(f"  {said}: {', '.join(name for name, ratio in ratios.items() if verdict(ratio) == said) or 'none'}")
    print(load())


if __name__ == "__main__":
    main()
