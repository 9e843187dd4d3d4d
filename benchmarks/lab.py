"""What only a browser can tell: how long points travel, and how long they take to a picture."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from browser.notebook import Notebook

TIMES = 3

CELL = """
import numpy as np, pandas as pd, datalens as dl
frame = pd.read_parquet({path!r})
frame["x"], frame["y"] = np.load({points!r}).T
frame["cluster"] = (frame.index % 20).astype(str)
lens = dl.Lens(frame, text="text", label="cluster", x="x", y="y")
"""
MARKS = """() => ["datalens:points-asked", "datalens:points-here", "datalens:drawn"].map(
  (name) => performance.getEntriesByName(name).at(-1)?.startTime ?? null)"""


def ship_and_draw(path: Path, points: str) -> tuple[float, float]:
    """Return the median seconds from asking for the points to having them, and from then to the picture.

    Parameters
    ----------
    path : pathlib.Path
        A Parquet file with a column ``text``.
    points : str
        A .npy file of its map's coordinates, shape (rows, 2).

    Returns
    -------
    ship, draw : float
        In JupyterLab in headless Chromium (without a GPU: its software renderer).
    """
    from playwright.sync_api import sync_playwright

    from browser.chromium import ARGUMENTS, find
    from browser.lab import Lab
    from browser.notebook import Notebook

    ships, draws = [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        with Lab(Path(folder) / "lab") as lab:
            for _ in range(TIMES):
                lab.write("bench.ipynb", [CELL.format(path=str(path), points=points), "lens.explore()"])
                book = Notebook(lab, program, "bench.ipynb")
                asked, here, drawn = _marks(book)
                ships.append((here - asked) / 1000)
                draws.append((drawn - here) / 1000)
                book.close()
        program.close()
    return statistics.median(ships), statistics.median(draws)


def _marks(book: Notebook) -> tuple[float, float, float]:
    book.run_all()
    surface = book.output(1).get_by_role("application", name="Map")
    surface.and_(book.page.locator("[data-ready='true']")).wait_for()
    asked, here, drawn = book.page.evaluate(MARKS)
    return asked, here, drawn
