"""Millions of points in a tab of JupyterLab: what they take in seconds and bytes, from the kernel to the picture.

    PYTHONPATH=tests python -m benchmarks.map --lab N [N ...]

The notebook makes a frame with coordinates and a category, and shows `dl.Map(lens)`; time counts from the cell that makes
the lens, which has its coordinates given, to the first picture of all points. Then the map is panned, zoomed and drawn
upon with the mouse. Memory is that of the tab's process and of the kernel's, shared pages divided up (PSS).
"""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.record import record

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from browser.notebook import Notebook

CELL = """
import os, numpy as np, pandas as pd, datalens as dl
rng = np.random.default_rng(0)
which = rng.integers(0, 20, {rows}, dtype=np.int8)
middles = rng.uniform(-1, 1, (20, 2))
frame = pd.DataFrame(middles[which] + rng.normal(scale=0.12, size=({rows}, 2)), columns=["x", "y"])
frame["cluster"] = pd.Categorical.from_codes(which, [f"cluster {{k}}" for k in range(20)])
"""
SHOW = """
import time
began = time.time()
lens = dl.Lens(frame, x="x", y="y")
dl.Map(lens, height=600)
"""
DRAWN = "() => performance.timeOrigin + performance.getEntriesByName('datalens:drawn').at(-1).startTime"
SECONDS_GOAL = {1_000_000: 1.5}
TAB_LIMIT = 1.5e9  # bytes: half of what a browser gives a tab on small machines
PAGES = 600_000  # milliseconds that playwright waits: 10M points take a minute without a GPU


def process_of(notebook: Notebook, kind: str) -> int:
    """Return the browser's process of a kind: of its tabs ("renderer") the one that holds most, the notebook's."""
    cdp = notebook.context.browser.new_browser_cdp_session()  # type: ignore[union-attr]
    processes = cdp.send("SystemInfo.getProcessInfo")["processInfo"]
    return max((int(one["id"]) for one in processes if one["type"] == kind), key=bytes_of)


def bytes_of(process: int) -> int:
    """Return the bytes of memory that a process has to itself, with its share of what it shares (PSS)."""
    said = Path(f"/proc/{process}/smaps_rollup").read_text()
    return 1024 * int(re.search(r"^Pss:\s+(\d+)", said, re.MULTILINE)[1])  # type: ignore[index]


def measure(browser: Browser, folder: Path, rows: int, picture: Path | None = None) -> None:
    """Open one map in JupyterLab and record what it takes."""
    from browser.lab import Lab
    from browser.notebook import Notebook

    with Lab(folder) as lab:
        lab.write("map.ipynb", [CELL.format(rows=rows), SHOW])
        book = Notebook(lab, browser, "map.ipynb")
        book.page.set_default_timeout(PAGES)
        book.run(0)
        tab = process_of(book, "renderer")
        empty = bytes_of(tab)
        start = time.perf_counter()
        book.run(1)
        cell = time.perf_counter() - start
        surface = book.output(1).get_by_role("application", name="Map")
        surface.and_(book.page.locator("[data-ready='true']")).wait_for()
        seconds = book.page.evaluate(DRAWN) / 1000 - float(book.value("began"))
        goal = SECONDS_GOAL.get(rows)
        record(
            "coordinates in the kernel to first picture of all points, JupyterLab", seconds, "s",
            against="" if goal is None else f"limit of {goal} s", peer_value=goal,
            goal=None if goal is None else 1.0, rows=rows, cell=round(cell, 2),
        )  # fmt: skip
        box = surface.bounding_box()
        if box is None:
            return
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        most = bytes_of(tab)
        began = time.perf_counter()
        mouse = book.page.mouse
        surface.press("v")
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + 60, y + 30, steps=5)
        mouse.up()
        mouse.wheel(0, -300)
        mouse.wheel(0, 300)
        most = max(most, bytes_of(tab))
        surface.press("l")
        corners = [(x - 80, y - 60), (x + 80, y - 60), (x, y + 80)]
        mouse.move(*corners[-1])
        mouse.down()
        for corner in corners:
            mouse.move(*corner, steps=4)
        mouse.up()
        book.page.get_by_label("Selected").first.get_by_text(" of ").wait_for()
        selected = int(book.value("lens.selection.count"))
        record(
            "pan, zoom and lasso by hand, JupyterLab",
            time.perf_counter() - began,
            "s",
            rows=rows,
            selected=selected,
        )
        most = max(most, bytes_of(tab))
        record(
            "the tab's memory, JupyterLab", most / 1e9, "GB", against=f"limit of {TAB_LIMIT / 1e9} GB",
            peer_value=TAB_LIMIT / 1e9, goal=1.0, rows=rows, before=round(empty / 1e9, 3),
            settled=round(bytes_of(tab) / 1e9, 3),
            # Where there is no GPU, its buffers are in this process, for all tabs.
            gpu_process=round(bytes_of(process_of(book, "GPU")) / 1e9, 3),
        )  # fmt: skip
        kernel = int(book.value("os.getpid()"))
        record("the kernel's memory, JupyterLab", bytes_of(kernel) / 1e9, "GB", rows=rows)
        if picture is not None:
            book.screenshot(picture)
        book.close()


def run(rows: tuple[int, ...], picture: Path | None = None) -> None:
    """Record all of it.

    Parameters
    ----------
    rows : tuple of int
        Numbers of points.
    picture : pathlib.Path, optional
        Where a picture of the last one goes.
    """
    from playwright.sync_api import sync_playwright

    from browser.chromium import ARGUMENTS, find

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        for count in rows:
            browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
            measure(browser, Path(folder) / str(count), count, picture)
            browser.close()
