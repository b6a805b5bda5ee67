"""What all tests share: the order that they run in, and what takes long to make and is made once for all workers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from harness.weights.made_once import made_once
from tests.support.built_site import build_site
from tests.support.published_site import build_published

TESTS = Path(__file__).parent
LONG = {"browser", "contract", "e2e", "peers"}
"""Folders of tests that take seconds rather than milliseconds."""

settings.register_profile("any machine", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
"""The same examples in every run, however long a busy machine takes for one."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules with a real engine begin the first half, other long ones the second, and short tests end both.

    Of two workers each begins with one half and takes from the end of the other's when it has done its own. So two
    engines seldom share the processors, and the last tests are short ones.
    """
    with_engine = {item.path for item in items if item.get_closest_marker("engine") or item.get_closest_marker("peers")}
    first = [item for item in items if item.path in with_engine]
    long = [item for item in items if item.path not in with_engine and _folder(item) in LONG]
    short = [item for item in items if item.path not in with_engine and _folder(item) not in LONG]
    between = max(0, len(items) // 2 - len(first))
    items[:] = [*first, *short[:between], *long, *short[between:]]


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(TESTS).parts[0]


@pytest.fixture
def one_processor() -> Iterator[None]:
    """What a test starts runs on one processor, each worker's tests on another.

    The threads of an engine wait for each other many times in each token, and spin meanwhile. Where another program has
    the processor of one, the others wait for as long as it is given. Engines that take all processors take one here.
    """
    allowed = os.sched_getaffinity(0)
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.sched_setaffinity(0, {sorted(allowed)[worker % len(allowed)]})
    yield
    os.sched_setaffinity(0, allowed)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all workers of this session, for what `made_once` makes."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"


@pytest.fixture(scope="session")
def site_store(shared: Path) -> Path:
    """Where small sites keep their pages, so that what two of them have alike is made once. `test_deterministic` and
    the site of `published_site` begin from nothing; `test_verify_command` begins from a copy."""
    return shared / "store"


@pytest.fixture(scope="session")
def built_site(shared: Path, site_store: Path) -> Path:
    """The site that `build_site` builds. Read only: copy it to change it."""
    return made_once(shared / "built", partial(build_site, store=site_store)) / "site"


@pytest.fixture(scope="session")
def published_site(shared: Path) -> Path:
    """The site of this project. Read only."""
    return made_once(shared / "published", build_published) / "site"
