"""What looks like a formula in somebody's data is shown as it stands, on a page that typesets formulas."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

CELLS = [
    """
import pandas as pd, datalens as dl
lens = dl.Lens(pd.DataFrame({"$x^2$ col": ["$5 for one and $6"] * 3, r"\\(y\\)": [1, 2, 3]}))
lens
""",
    "lens.explore()",
    "from IPython.display import HTML; HTML('<p>$x^2$</p>')",
]


def data_is_never_typeset_test(notebook):
    book = notebook(CELLS)
    book.run_all()
    book.output(2).locator("mjx-container").wait_for()  # MathJax is there, and has been through the page
    assert "$x^2$ col" in book.output(0).inner_text()
    assert book.output(0).locator("mjx-container").count() == 0
    assert book.output(1).locator("mjx-container").count() == 0
