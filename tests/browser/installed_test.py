"""The installed wheel draws its map in JupyterLab, in an environment without Node."""

from __future__ import annotations

import pytest

from browser.lab import Lab
from browser.notebook import Notebook

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1200)]

CELL = """
import datalens as dl, pandas as pd
rows = pd.DataFrame({"id": range(900), "x": [float(i % 30) for i in range(900)], "y": [i / 30 for i in range(900)]})
lens = dl.Lens(rows, key="id", x="x", y="y")
lens.explore()
"""


def explorer_test(installation, browser, tmp_path):
    with Lab(tmp_path / "lab", python=installation.python, variables=installation.variables) as lab:
        lab.write("wheel.ipynb", [CELL, "lens.selection = dl.col('x') < 3"])
        book = Notebook(lab, browser, "wheel.ipynb")
        book.run(0)
        output = book.output(0)
        drawn = output.get_by_role("application", name="Map").and_(book.page.locator("[data-ready='true']"))
        drawn.wait_for()
        book.run(1)
        output.get_by_text("90 of 900").first.wait_for()
        assert book.value("str(dl.__file__)").startswith(str(installation.folder))
        book.assert_clean()
        book.close()
