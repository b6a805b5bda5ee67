"""One site, one server and one browser for all tests of this folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support.built_site import ADDRESS
from tests.support.served_folder import served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [
    pytest.param({"viewport": size, "color_scheme": scheme}, id=f"{name}-{scheme}")
    for name, size, scheme in (("desk", DESK, "light"), ("phone", PHONE, "dark"))
]
"""Options of a browser context for two ways in which a page is looked at: both sizes, both schemes."""
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
HANG_MS = 120_000
HOST = ADDRESS.removeprefix("http://").removesuffix("/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="chromium is not installed"))


@pytest.fixture(scope="session")
def site(built_site: Path) -> Path:
    return built_site


@pytest.fixture(scope="session")
def port(site: Path) -> Iterator[int]:
    """Where the site is served; the browser finds it there under its own name."""
    with served(site) as found:
        yield found


@pytest.fixture(scope="session")
def address() -> str:
    return ADDRESS


@pytest.fixture(scope="module")
def browser(port: int) -> Iterator[Browser]:
    """Ends with its module: while it lives, its event loop runs in this thread and no test could run another."""
    found = f"--host-resolver-rules=MAP {HOST} 127.0.0.1:{port}"
    expect.set_options(timeout=HANG_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, found])
        yield started
        started.close()


class Watched:
    """A tab that remembers what went wrong in it: errors, warnings, and requests that leave the site."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        context.set_default_timeout(HANG_MS)
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("console", self._console)
        self.page.on("request", lambda request: self._request(request.url, home))

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{message.type}: {message.text}")

    def _request(self, url: str, home: str) -> None:
        if not url.startswith((home, "data:", "blob:", "about:")):
            self.problems.append(f"request: {url}")


@pytest.fixture
def tab(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """A tab on the site; parametrise it indirectly with options of a browser context. It must end without problems."""
    with browser.new_context(base_url=address, **getattr(request, "param", {})) as context:
        watched = Watched(context, address)
        yield watched
        assert watched.problems == []
