"""A page in Chromium that remembers what went wrong on it, and what it asked of other hosts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Page

# For the page and for a kernel: long, since CI may be slow; a test that passes never waits it out.
WAIT_SECONDS = 60


class WatchedPage:
    """What a test holds: ``page`` is Playwright's page, for whatever is not here.

    Parameters
    ----------
    address
        The server whose pages are looked at: ``http://127.0.0.1:port``. All else is another host.
    browser
        The browser.
    width, height
        Size of the window in CSS pixels.
    not_ours
        Regular expressions of what the application itself says on a page where all is well.
    """

    def __init__(
        self, address: str, browser: Browser, *, width: int, height: int, not_ours: tuple[str, ...]
    ) -> None:
        self.address = address
        self.not_ours = not_ours
        self.console: list[str] = []
        self.page_errors: list[str] = []
        self.failed: list[str] = []
        self.outside: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": height})
        self.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(WAIT_SECONDS * 1000)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.page_errors.append(error.stack or str(error)))
        self.page.on("requestfailed", lambda request: self.failed.append(f"{request.url} {request.failure}"))
        self.page.on("request", lambda request: self._note_outside(request.url))
        self.page.on("websocket", lambda socket: self._note_outside(socket.url))

    def screenshot(self, path: Path) -> bytes:
        """Return a picture of the window (PNG), written to ``path`` too."""
        path.parent.mkdir(parents=True, exist_ok=True)
        return self.page.screenshot(path=path)

    def assert_clean(self, *expected: str) -> None:
        """Assert that nothing went wrong on the page so far, and that nothing was asked of another host.

        ``expected`` are regular expressions of messages that belong to the test.
        """
        known = re.compile("|".join([*self.not_ours, *expected]))
        found = {
            "console": [line for line in self.console if not known.search(line)],
            "page errors": [line for line in self.page_errors if not known.search(line)],
            "failed requests": [line for line in self.failed if not known.search(line)],
            "requests to other hosts": self.outside,
        }
        wrong = [f"{what}: {line}" for what, lines in found.items() for line in lines]
        if wrong:
            raise AssertionError("\n".join(["The page is not clean.", *wrong]))

    def _on_console(self, message: ConsoleMessage) -> None:
        # Chromium only warns when it takes a graphics context away from somebody.
        if message.type == "error" or "Too many active WebGL contexts" in message.text:
            self.console.append(f"{message.text} ({message.location.get('url', '')})")

    def _note_outside(self, url: str) -> None:
        own = self.address.partition("://")[2]
        if url.partition(":")[0] in {"http", "https", "ws", "wss"} and not url.partition("://")[2].startswith(
            f"{own}/"
        ):
            self.outside.append(url)
