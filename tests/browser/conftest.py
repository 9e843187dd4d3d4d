"""A JupyterLab and a Chromium for the whole run, and a notebook on a page of its own for each test."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser import chromium
from browser.lab import Lab
from browser.marimo_app import Marimo, MarimoPage
from browser.notebook import Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RESULTS = Path(__file__).resolve().parents[2] / "test-results"
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put browser tests last, since what is cheap fails first; where tests run side by side, keep them together.

    They share a JupyterLab, and two of them at once would be twice as slow.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    for item in items:
        if item.get_closest_marker("browser") and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A private JupyterLab server."""
    if importlib.util.find_spec("jupyterlab") is None:
        pytest.skip("needs JupyterLab: pip install -e '.[test]'")
    with Lab(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, headless, without network.

    One for each module, since Playwright's event loop is in the way of tests that have one of their own.
    """
    executable = chromium.find()
    if executable is None:
        pytest.skip(
            "needs Chromium: install it (on Debian: apt-get install chromium), or set CHROMIUM to its path"
        )
    api = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install -e '.[test]'")
    with api.sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=executable, args=list(chromium.ARGUMENTS))
        yield program
        program.close()


@pytest.fixture
def notebook(request: pytest.FixtureRequest, lab: Lab, browser: Browser) -> Iterator[Callable[..., Notebook]]:
    """Open ``notebook(cells, width=1400, height=900, theme="light", app="lab")``: ready to run.

    Where the test fails, pictures of its notebooks are left in test-results/.
    """
    stem = re.sub(r"[^A-Za-z0-9]+", "-", request.node.name).strip("-")
    opened: list[Notebook] = []

    def open_notebook(
        cells: list[str], *, width: int = 1400, height: int = 900, theme: str = "light", app: str = "lab"
    ) -> Notebook:
        name = lab.write(f"{stem}-{len(opened)}.ipynb", cells).name
        opened.append(Notebook(lab, browser, name, width=width, height=height, theme=theme, app=app))
        return opened[-1]

    yield open_notebook
    for book in opened:
        if request.node.stash.get(FAILED, False):
            book.screenshot(RESULTS / f"{Path(book.name).stem}.png")
        book.close()


@pytest.fixture
def marimo(
    request: pytest.FixtureRequest, browser: Browser, tmp_path: Path
) -> Iterator[Callable[..., MarimoPage]]:
    """Open ``marimo({name: code}, mode="edit", theme="light", width=1400)``: a page with the notebook's outputs.

    Where the test fails, a picture is left in test-results/.
    """
    if importlib.util.find_spec("marimo") is None:
        pytest.skip("needs marimo: pip install -e '.[test]'")
    with ExitStack() as stack:
        pages: list[MarimoPage] = []

        def open_page(
            cells: dict[str, str], *, mode: str = "edit", theme: str = "light", width: int = 1400
        ) -> MarimoPage:
            server = stack.enter_context(Marimo(tmp_path / str(len(pages)), cells, mode=mode, theme=theme))
            pages.append(MarimoPage(server, browser, width=width))
            return pages[-1]

        yield open_page
        for page in pages:
            if request.node.stash.get(FAILED, False):
                stem = re.sub(r"[^A-Za-z0-9]+", "-", request.node.name).strip("-")
                page.screenshot(RESULTS / f"{stem}.png")
            page.close()
