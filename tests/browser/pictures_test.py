"""The pictures that the README shows: the explorer on the first notebook's corpus, with a cluster selected.

``make screenshot`` writes them to docs/; a plain run writes them where pytest keeps temporary files.
"""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import numpy as np
import pytest

from browser.gestures import MapHand, around

pytestmark = pytest.mark.browser

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "01-first-look.ipynb"
# More than text and frame have: the map is drawn.
COLOURS = 200


def cells_up_to_the_explorer():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return code[: code.index("lens.explore()") + 1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def explorer_picture_test(notebook, tmp_path, theme):
    from PIL import Image

    book = notebook(cells_up_to_the_explorer(), width=1560, height=960, theme=theme)
    book.run_all()
    output = book.output(len(cells_up_to_the_explorer()) - 1)
    hand = MapHand(book.page, output)
    points = np.array(
        book.value(
            "lens.to_frame().query('cluster in [0, 1, 3, 5, 6, 7, 8]')[['x', 'y']].to_numpy().tolist()"
        )
    )
    hand.lasso(around(hand.to_screen(points), share=0.9))
    rows = output.get_by_role("region", name="Table").locator("tbody tr")
    output.get_by_role("region", name="Where").get_by_text("inside lasso").wait_for()
    rows.nth(1).locator("td").first.click()
    output.get_by_role("region", name="Reader").get_by_text("2 of").wait_for()
    output.get_by_role("region", name="Neighbours").get_by_role("option").first.wait_for()
    book.page.mouse.move(5, 5)  # no hover in the picture
    picture = Image.open(io.BytesIO(output.locator(".datalens").screenshot())).convert("RGB")
    folder = Path(os.environ.get("DATALENS_PICTURES", tmp_path))
    folder.mkdir(exist_ok=True)
    picture.save(folder / f"explorer-{theme}.png", optimize=True)
    assert picture.width > 1000
    assert len(picture.getcolors(maxcolors=2**24)) > COLOURS
    corner = picture.getpixel((4, 4))
    assert (sum(corner) > 3 * 200) == (theme == "light")
    book.assert_clean()
