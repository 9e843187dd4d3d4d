"""A notebook in marimo, in its editor (`edit`) or as an app (`run`), in Chromium."""

from __future__ import annotations

import sys
import textwrap
import urllib.request
from typing import TYPE_CHECKING

from browser.page import WatchedPage
from browser.server import Server

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

HEAD = "import marimo\n\napp = marimo.App()\n"
# What marimo itself says on a page where all is well.
NOT_OURS = (
    # A page that is left.
    r"net::ERR_ABORTED",
    # What its server does not have, asked for all the same: language servers, completion.
    r"http://127\.0\.0\.1:\d+/(lsp|api)/",
)


class Marimo(Server):
    """marimo on one notebook.

    Parameters
    ----------
    folder
        Where the notebook, the log and private settings go.
    cells
        Code of the cells, by their names.
    mode
        "edit" or "run".
    theme
        "light" or "dark".
    """

    def __init__(self, folder: Path, cells: dict[str, str], *, mode: str, theme: str) -> None:
        super().__init__(folder, "marimo")
        self.mode = mode
        self.folder.mkdir(parents=True)
        parts = [
            f"@app.cell\ndef {name}():\n{textwrap.indent(code, '    ')}\n" for name, code in cells.items()
        ]
        self.path = self.folder / "notebook.py"
        self.path.write_text("\n\n".join([HEAD, *parts]))
        settings = self.private / "marimo" / "marimo.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text(f'[runtime]\nauto_instantiate = true\n[display]\ntheme = "{theme}"\n')

    def command(self) -> list[str]:
        skip = ["--skip-update-check"] if self.mode == "edit" else []
        return [
            *(sys.executable, "-m", "marimo", "--yes", self.mode, str(self.path), "--headless", "--no-token"),
            *("--host", "127.0.0.1", "--port", str(self.port), *skip),
        ]

    def environment(self) -> dict[str, str]:
        """Nothing of the user's, and no questions to other hosts."""
        folders = {
            name: str(self.private)
            for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
        }
        return {**folders, "MARIMO_SKIP_UPDATE_CHECK": "1"}

    def ask(self) -> object:
        with urllib.request.urlopen(f"{self.address}/health", timeout=30) as reply:  # noqa: S310 - our own http://
            return reply.read()


class MarimoPage(WatchedPage):
    """The page of that notebook, run from the top."""

    def __init__(self, server: Marimo, browser: Browser, *, width: int = 1400, height: int = 1000) -> None:
        super().__init__(server.address, browser, width=width, height=height, not_ours=NOT_OURS)
        self.page.goto(server.address)

    def output(self, name: str) -> Locator:
        """Return the place on the page where the output of a cell stands."""
        return self.page.locator(f"[data-cell-name='{name}']")

    def run(self, name: str) -> None:
        """Run a cell again, and with it those that hang on it, as a person does in the editor."""
        self.output(name).locator(".cm-content").first.click()
        self.page.keyboard.press("Control+Enter")

    def close(self) -> None:
        """Close the page."""
        self.context.close()
