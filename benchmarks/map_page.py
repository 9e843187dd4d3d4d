"""A page with one map and nothing else, in headless Chromium: DataLens, or one of its peers."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import json
import shutil
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, CDPSession, Page

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "benchmarks" / "peers" / "map"
ESBUILD = ROOT / "js" / "node_modules" / ".bin" / "esbuild"
OURS = "ours"
SOURCES = {
    OURS: ROOT / "js" / "test" / "map" / "page" / "bench.ts",
    "bare": PEERS / "bare.js",
    "regl-scatterplot": PEERS / "regl.js",
    "plotly": PEERS / "plotly.js",
    "deck.gl": PEERS / "deck.js",
}
PACKAGES = {"regl-scatterplot": "regl-scatterplot", "deck.gl": "@deck.gl/layers"}
WIDTH, HEIGHT = 800, 600


def missing(peer: str) -> str | None:
    """Return why a peer can't be measured here, or None."""
    package = PACKAGES.get(peer)
    if package and not (PEERS / "node_modules" / package).is_dir():
        return f"{package} is not installed: npm --prefix benchmarks/peers/map ci"
    if peer == "plotly" and importlib.util.find_spec("plotly") is None:
        return "the Python package plotly is not installed"
    return None


def version(peer: str) -> str | None:
    """Return the version of a peer's package."""
    if peer == "plotly":
        return importlib.metadata.version("plotly")
    package = PACKAGES.get(peer)
    if package is None:
        return None
    described = json.loads((PEERS / "node_modules" / package / "package.json").read_text(encoding="utf-8"))
    return str(described["version"])


def build(folder: Path, peers: list[str]) -> None:
    """Bundle the pages of these peers."""
    (folder / "data").mkdir(parents=True)
    for peer in peers:
        entry = folder / f"{peer}.mjs"
        source = str(SOURCES[peer])
        entry.write_text(f"import {{ peer }} from {source!r};\nwindow.peer = peer;\n")
        arguments = ["--bundle", "--format=iife", "--minify", "--loader:.css=text", "--log-level=error"]
        subprocess.run([ESBUILD, entry, *arguments, f"--outfile={folder / peer}.js"], check=True)
    scripts = [PEERS / "harness.js", PEERS / "page.html"]
    if "plotly" in peers:
        (package,) = importlib.util.find_spec("plotly").submodule_search_locations  # type: ignore[union-attr,misc]
        scripts.append(Path(package) / "package_data" / "plotly.min.js")
    for script in scripts:
        shutil.copy(script, folder)


class _Files(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(peers: list[str]) -> Iterator[tuple[Path, str]]:
    """Serve built pages; yields the folder whose ``data`` is to be filled, and the address."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "pages"
        build(folder, peers)
        handler = functools.partial(_Files, directory=str(folder))
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield folder, f"http://127.0.0.1:{server.server_port}"
            server.shutdown()


class MapPage:
    """One peer on a page of its own, with its data in the page.

    Parameters
    ----------
    browser, address, peer
        The browser, the address of `serving`, which peer.
    seconds
        What it takes longer than this raises playwright's TimeoutError.
    """

    def __init__(self, browser: Browser, address: str, peer: str, seconds: float = 300) -> None:
        self.context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(seconds * 1000)
        self.seconds = seconds
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(error.stack or str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        self.page.goto(f"{address}/page.html")
        scripts = ["harness.js", *(["plotly.min.js"] if peer == "plotly" else []), f"{peer}.js"]
        for script in scripts:
            self.page.add_script_tag(url=f"{address}/{script}")
        self.cdp: CDPSession = self.context.new_cdp_session(self.page)
        self.before = self.heap()
        self.page.evaluate("bench.fetch()")

    def js(self, expression: str, argument: Any = None) -> Any:
        """Return what a promise resolves to, in good time."""
        late = f"new Promise((_, no) => setTimeout(() => no(new Error('too late')), {self.seconds * 1000}))"
        try:
            return self.page.evaluate(f"(i) => Promise.race([{expression}, {late}])", argument)
        except Exception as error:
            msg = "\n".join([str(error), *self.errors[:3]])
            raise RuntimeError(msg) from error

    def open(self, style: dict[str, float] | None) -> float:
        """Show all points; return the milliseconds to the first whole picture."""
        milliseconds: float = self.js("bench.open(i)", style)
        return milliseconds

    def style(self) -> dict[str, float]:
        """Return size and opacity of DataLens' points."""
        style: dict[str, float] = self.js("peer.style()")
        return style

    def pan(self, how: str | None, times: int) -> dict[str, list[float]]:
        """Pan so many times; return milliseconds of each frame, and from each movement to rest."""
        taken: dict[str, list[float]] = self.js("bench.pan(i.how, i.times)", {"how": how, "times": times})
        return taken

    def lasso(self, vertices: list[tuple[float, float]], reach: float) -> dict[str, float]:
        """Draw a lasso around vertices in data units; return milliseconds from mouse up to flags and picture."""
        path = [(WIDTH / 2 + x * reach, HEIGHT / 2 - y * reach) for x, y in vertices]
        self.js("bench.lasso()")
        mouse = self.page.mouse
        mouse.move(*path[0])
        mouse.down()
        for x, y in path[1:]:
            mouse.move(x, y)
            self.js("bench.finish()")
        mouse.up()
        taken: dict[str, float] = self.js("bench.lassoed")
        return taken

    def heap(self) -> float:
        """Return the bytes that JavaScript holds: objects, and what typed arrays stand on."""
        self.cdp.send("HeapProfiler.collectGarbage")
        usage = self.cdp.send("Runtime.getHeapUsage")
        return float(usage["usedSize"] + usage["backingStorageSize"])

    def held(self) -> dict[str, float]:
        """Return bytes held: by JavaScript beyond the empty page's, in the GPU's buffers and its textures."""
        gpu = {kind: float(self.js("bench.held(i)", kind)) for kind in ("buffers", "textures")}
        return {"heap": self.heap() - self.before, **gpu}

    def close(self) -> None:
        """Close the page."""
        self.context.close()
