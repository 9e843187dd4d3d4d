"""The installed wheel draws its map and answers a lasso, in JupyterLab, in an environment without Node."""

from __future__ import annotations

import numpy as np
import pytest

from browser.gestures import MapHand
from browser.lab import Lab
from browser.notebook import Notebook

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.xdist_group("installed"),
]

CELL = """
import datalens as dl, pandas as pd
rows = pd.DataFrame({"id": range(900), "x": [float(i % 30) for i in range(900)], "y": [i // 30 for i in range(900)]})
lens = dl.Lens(rows.astype({"y": float}), key="id", x="x", y="y")
lens.explore(color="x")
"""
LEFT_THIRD = np.array([[-0.4, -0.4], [9.5, -0.4], [9.5, 29.4], [-0.4, 29.4], [-0.4, -0.4]])
# The scale has 30 steps, one for each column of points.
COLOURS = 30


def explorer_test(installation, browser, tmp_path):
    with Lab(tmp_path / "lab", python=installation.python, variables=installation.variables) as lab:
        lab.write("wheel.ipynb", [CELL])
        book = Notebook(lab, browser, "wheel.ipynb")
        book.run(0)
        hand = MapHand(book.page, book.output(0))
        assert hand.colours() > COLOURS
        hand.lasso([tuple(corner) for corner in hand.to_screen(LEFT_THIRD)])
        book.output(0).get_by_text("300 of 900").first.wait_for()
        assert book.value("lens.selection.count") == 300
        assert book.value("dl.__file__").startswith(str(installation.folder))
        book.assert_clean()
        book.close()
