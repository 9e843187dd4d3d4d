"""One notebook, open in JupyterLab or Notebook 7 in Chromium: run its cells, read their outputs."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from browser.page import WAIT_SECONDS, WatchedPage

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from browser.lab import Lab

# For a cell, which may import umap-learn and compile its functions for the first time.
RUN_SECONDS = 180
# Where each application shows a notebook.
PATHS = {"lab": "lab/tree", "notebook": "notebooks"}
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}

# What JupyterLab itself says on a page where all is well.
NOT_OURS = (
    # A page that is left, or an application that does not need the answer any more.
    r"net::ERR_ABORTED",
    # A kernel that ends while the debugger's panel asks it something.
    r"debugger state: Canceled future for debug_request",
    # Notebook 7 reads the settings of a plugin that it does not have.
    r"reading 'schema'\)\s+at http://127\.0\.0\.1:\d+/static/notebook/notebook_core\.",
    # Notebook 7 takes up what JupyterLab on the same server had open, with a command that it does not have.
    r"Command 'filebrowser:[\w-]+' not registered\.\s+at \S+ \(http://127\.0\.0\.1:\d+/static/notebook/notebook_core\.",
)

# The panel of the notebook, and its kernel, as every script below finds them.
PRELUDE = """
const app = window.jupyterapp, panel = app.shell.currentWidget;
const notebook = panel.content, session = panel.context.sessionContext;
const within = (seconds, what, promise) => Promise.race([promise, new Promise((_, reject) =>
  setTimeout(() => reject(new Error(`${what} took longer than ${seconds} seconds`)), seconds * 1000))]);
const outputs = (i) => notebook.widgets[i].model.sharedModel.getOutputs();
"""
READY = """() => {
  const panel = window.jupyterapp?.shell?.currentWidget;
  const session = panel?.context?.sessionContext;
  return Boolean(panel?.context?.isReady && panel.content?.widgets?.length && session?.isReady
    && session.session?.kernel?.status === "idle" && session.session.kernel.connectionStatus === "connected");
}"""


class CellError(AssertionError):
    """A cell raised; the message is its traceback."""


class Notebook(WatchedPage):
    """A notebook on a page of its own.

    Parameters
    ----------
    lab, browser
        The server, and the browser.
    name
        The notebook's file name in the lab's folder.
    width, height
        Size of the window in CSS pixels.
    theme
        "light" or "dark".
    app
        "lab" for JupyterLab, "notebook" for Notebook 7.
    """

    def __init__(
        self,
        lab: Lab,
        browser: Browser,
        name: str,
        *,
        width: int = 1400,
        height: int = 900,
        theme: str = "light",
        app: str = "lab",
    ) -> None:
        super().__init__(lab.address, browser, width=width, height=height, not_ours=NOT_OURS)
        self.lab = lab
        self.name = name
        self.theme = theme
        self.comm_messages = 0
        self.page.on("websocket", lambda socket: socket.on("framesent", self._on_sent))
        self.path = f"{lab.address}/{PATHS[app]}/{name}"
        # `reset` opens no tabs of an earlier test.
        self.page.goto(f"{self.path}?token={lab.token}&reset")
        self._settle()

    # Running

    def run(self, index: int, *, allow_error: bool = False) -> str:
        """Run a cell, wait until it has ended, and return the text of its output.

        Raises
        ------
        CellError
            The cell raised, and ``allow_error`` is not set.
        """
        script = "notebook.activeCellIndex = i; await app.commands.execute('notebook:run-cell'); return outputs(i);"
        return self._text(self._js(script, index, RUN_SECONDS), allow_error=allow_error)

    def run_all(self) -> list[str]:
        """Run all cells from the top as the menu's Run All does, and return the texts of their outputs."""
        script = (
            "await app.commands.execute('notebook:run-all-cells'); "
            "return notebook.widgets.map((cell, i) => cell.model.type === 'code' ? outputs(i) : []);"
        )
        return [self._text(outputs) for outputs in self._js(script, None, RUN_SECONDS)]

    def start(self, index: int) -> None:
        """Run a cell without waiting for its end: to see what the views do while the kernel is busy."""
        script = "notebook.activeCellIndex = i; window.started = app.commands.execute('notebook:run-cell');"
        self._js(script, index)

    def finish(self, index: int) -> str:
        """Wait for the end of the cell that was started, and return the text of its output, errors and all."""
        return self._text(
            self._js("await window.started; return outputs(i);", index, RUN_SECONDS), allow_error=True
        )

    def idle(self) -> None:
        """Wait until the kernel has nothing to do."""
        self.page.wait_for_function(READY)

    def interrupt(self) -> None:
        """Interrupt the running cell, as the stop button does."""
        self._js("await session.session.kernel.interrupt();")

    def append(self, source: str) -> int:
        """Add a code cell at the end, run it, and return its index."""
        script = (
            "notebook.activeCellIndex = notebook.widgets.length - 1; "
            "await app.commands.execute('notebook:insert-cell-below'); "
            "notebook.activeCell.model.sharedModel.setSource(i); return notebook.activeCellIndex;"
        )
        index: int = self._js(script, source)
        self.run(index)
        return index

    def append_and_run(self, source: str) -> str:
        """Add a code cell at the end, run it, and return the text of its output."""
        return self.text(self.append(source))

    def value(self, expression: str) -> Any:
        """Return the value of a Python expression in the kernel; it must be made of literals.

        The notebook does not change: no cell is added and nothing scrolls, so that a gesture may be half made.
        """
        script = """
            const said = [];
            for (;;) {
              const future = session.session.kernel.requestExecute({code: i, store_history: false, silent: false});
              future.onIOPub = ({header, content}) => {
                if (header.msg_type === 'stream') said.push({output_type: 'stream', ...content});
                if (header.msg_type === 'error') said.push({output_type: 'error', ...content});
              };
              // Right after a cell has raised, the kernel drops what is asked of it.
              if ((await future.done).content.status !== 'aborted') break;
            }
            return said;
        """
        return ast.literal_eval(self._text(self._js(script, f"print(repr({expression}))", RUN_SECONDS)))

    # Seeing

    def text(self, index: int) -> str:
        """Return the text of a cell's output: what was printed, and the plain text of what was shown."""
        return self._text(self._js("return outputs(i);", index))

    def sources(self) -> list[str]:
        """Return the code of all cells."""
        sources: list[str] = self._js(
            "return notebook.widgets.map((cell) => cell.model.sharedModel.getSource());"
        )
        return sources

    def output(self, index: int) -> Locator:
        """Return the place on the page where a cell's output stands, scrolled to."""
        self._js("await notebook.scrollToItem(i, 'start');", index)
        output = self.page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".jp-Cell-outputArea")
        output.scroll_into_view_if_needed()
        return output

    # The notebook's life

    def save(self) -> Path:
        """Save the notebook, and return its path."""
        self._js("await panel.context.save();", None, WAIT_SECONDS)
        return self.lab.folder / self.name

    def reload(self) -> None:
        """Load the page anew, as F5 does; the kernel lives on. What was not saved is lost."""
        self.page.goto("about:blank")  # else the wait below could see the page that goes away
        self.page.goto(self.path)
        self._settle()

    def restart_kernel(self) -> None:
        """Restart the kernel without asking, and wait for it."""
        self._js("await session.session.kernel.restart();", None, WAIT_SECONDS)
        self.idle()

    def kill_kernel(self) -> None:
        """End the kernel, and wait until the page knows that there is none."""
        self._js("await session.shutdown();", None, WAIT_SECONDS)
        gone = "() => !window.jupyterapp.shell.currentWidget.context.sessionContext.session?.kernel"
        self.page.wait_for_function(gone)

    def close(self) -> None:
        """Close the page, and end its kernel."""
        self.context.close()
        self.lab.end_kernels(self.name)

    # Inside

    def _on_sent(self, frame: str | bytes) -> None:
        """Count what views send to the kernel."""
        text = frame if isinstance(frame, str) else frame.decode(errors="replace")
        self.comm_messages += '"comm_msg"' in text

    def _settle(self) -> None:
        """Wait for an open notebook with an idle kernel, in the theme that was asked for."""
        self.page.wait_for_function(READY)
        script = "await app.commands.execute('apputils:change-theme', {theme: i});"
        self._js(script, THEMES[self.theme], WAIT_SECONDS)
        light = "true" if self.theme == "light" else "false"
        self.page.locator(f"body[data-jp-theme-light='{light}']").wait_for(state="attached")
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")
        self.page.locator(".jp-Notebook .jp-Cell .cm-content").first.wait_for()

    def _js(self, body: str, argument: Any = None, seconds: float = WAIT_SECONDS) -> Any:
        """Run JavaScript that sees the names of PRELUDE, and its argument as ``i``."""
        work = f"(async () => {{ {body} }})()"
        return self.page.evaluate(
            f"async (i) => {{ {PRELUDE} return await within({seconds}, 'It', {work}); }}", argument
        )

    @staticmethod
    def _text(outputs: list[dict[str, Any]], *, allow_error: bool = False) -> str:
        lines = []
        for output in outputs:
            match output["output_type"]:
                case "stream":
                    lines.append("".join(output["text"]))
                case "error":
                    traceback = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(output["traceback"]))
                    if not allow_error:
                        raise CellError(traceback)
                    lines.append(traceback)
                case _:
                    lines.append("".join(output["data"].get("text/plain", "")))
        return "\n".join(line.rstrip("\n") for line in lines)
