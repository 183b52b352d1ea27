"""One Chromium and one live site for each test process; a fresh visitor, with nothing kept, for each test."""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.contexts import ONE_PROCESS, Contexts
from tests.browser.event_loop import playwright_loop
from tests.browser.live_site import LiveSite, running_site
from tests.browser.visiting import AXE, DESKTOP, Device, Visitor
from tools.installing.debian import find_browser
from tools.paths import HERE

ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", ONE_PROCESS),
)
BUILT = HERE.root / "app" / "static" / "build" / "manifest.json"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives Chromium."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Around each test in a browser, with its set-up and teardown. pytest asks this of every test there is."""
    if item.get_closest_marker("browser") is None:
        return (yield)
    with playwright_loop.installed():
        return (yield)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser. Without what a journey needs there is no journey, and under CI that is a failure."""
    path = find_browser()
    wanted = {"Chromium": path, "axe-core": AXE.is_file(), "the front end": BUILT.is_file()}
    missing = [name for name, is_there in wanted.items() if not is_there]
    if missing:
        sentence = f"NO PAGE WAS TESTED IN A BROWSER: `make setup-tests` brings {', '.join(missing)}."
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    assert path is not None
    return path


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """Chromium, started once for this test process."""
    playwright = sync_playwright().start()
    browser = playwright.chromium.launch(executable_path=chromium_path, args=list(ARGUMENTS))
    yield browser
    with playwright_loop.installed():  # the last test of this process may be of another room
        browser.close()
        playwright.stop()


@pytest.fixture(scope="session")
def site(chromium_path: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """The live site of this test process."""
    with running_site(tmp_path_factory.mktemp("site"), migrated=migrated) as site:
        yield site


@pytest.fixture(scope="session")
def contexts(chromium: Browser, site: LiveSite) -> Contexts:
    """The contexts of this test process."""
    return Contexts(chromium, address=site.address)


@pytest.fixture
def visit(contexts: Contexts, site: LiveSite) -> Iterator[Callable[..., Visitor]]:
    """Sit down at a device: ``visit(PHONE)``; with ``username=`` signed in already. Below the pages all is well."""
    visitors: list[Visitor] = []
    with ExitStack() as stack:

        def sit_down(device: Device = DESKTOP, *, username: str | None = None, **options: object) -> Visitor:
            viewport = {"width": device.width, "height": device.height}
            page = stack.enter_context(
                contexts.new_page(viewport=viewport, java_script_enabled=device.has_scripts, locale="en-GB", **options)
            )
            visitor = Visitor(page, address=site.address, device=device)
            visitors.append(visitor)
            if username is not None:
                visitor.enter(username)
            return visitor

        yield sit_down
    assert not [fault for visitor in visitors for fault in visitor.faults]
