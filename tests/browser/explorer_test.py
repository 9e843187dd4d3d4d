"""The explorer as a person meets it: real data, a lasso, the table, the code, in JupyterLab in Chromium."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from browser.gestures import MapHand, around, inside
from browser.linked_test import GRID

pytestmark = pytest.mark.browser

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "01-first-look.ipynb"

AG_NEWS = """
import numpy as np, pandas as pd, datalens as dl
folder = {folder!r}
df = pd.read_csv(folder + "/noisyagnews_val10000_human_noise.csv")
df.insert(0, "id", "news-" + df.index.astype(str))
vectors = np.load(folder + "/noisyagnews_minilm.npy")
lens = dl.Lens(df, text="text", label="label", key="id", embedding=vectors)
lens.project().cluster()
"""
# Runs in an interpreter that has never heard of DataLens.
RUN_CODE = """
import json, sys
import pandas as pd
df = pd.read_parquet(sys.argv[1])
scope = {"df": df}
exec(sys.stdin.read(), scope)
assert "datalens" not in sys.modules
print(json.dumps(scope["selected"]["id"].tolist()))
"""


def keys_selected_by(code: str, frame: Path) -> list[str]:
    """Execute exported code in a fresh interpreter on the plain frame; return the keys it selects."""
    done = subprocess.run(
        [sys.executable, "-c", RUN_CODE, str(frame)], input=code, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def lasso_a_cluster(book, hand, cluster_column="cluster_name"):
    """Draw around one cluster; check the selection against a test of our own; return its keys."""
    name = book.value(f"lens.to_frame().query('cluster == 3')['{cluster_column}'].iloc[0]")
    frame = f"lens.to_frame()[['x', 'y', '{cluster_column}']]"
    # A row without a vector has no place: far away for a test of our own.
    points = np.array(book.value(f"{frame}[['x', 'y']].fillna(1e9).to_numpy().tolist()"))
    member = np.array(book.value(f"({frame}['{cluster_column}'] == {name!r}).tolist()"))
    vertices = around(hand.to_screen(points[member]))
    expected = inside(hand.to_screen(points), vertices)
    hand.lasso(vertices)
    total = hand.page.get_by_label("Selected").first
    total.get_by_text("of").wait_for()
    book.page.wait_for_function(
        "node => node.querySelector('b').textContent !== node.textContent.match(/of ([\\d,]+)/)[1]",
        arg=total.element_handle(),
    )
    mask = np.array(book.value("lens.selection.mask().tolist()"))
    assert mask.sum() > member.sum() / 3
    assert (mask[expected == 1]).all()
    assert not mask[expected == 0].any()
    return book.value("lens.selection.keys()")


def table_rows(region):
    return [row.split("\t")[0].strip() for row in region.locator("tbody tr").all_inner_texts()]


def check_paging(book, region, keys):
    """Page to the end: the table holds exactly the selected rows."""
    region.get_by_label("Rows a page").select_option("100")
    seen = []
    while len(seen) < len(keys):
        rows = min(100, len(keys) - len(seen))
        book.page.wait_for_function(
            """([region, rows, key]) => region.querySelectorAll("tbody tr").length === rows
                && region.querySelector("tbody").innerText.includes(key)""",
            arg=[region.element_handle(), rows, keys[len(seen)]],
        )
        seen += table_rows(region)
        if len(seen) < len(keys):
            region.get_by_role("button", name="Next page").click()
    assert seen == keys


def copied_code(book, where, form):
    where.get_by_role("button", name="Copy as pandas").click()
    book.page.locator(f"pre[data-form='{form}']").wait_for()
    code = book.page.locator(f"pre[data-form='{form}']").text_content()
    button = {"columns": "Copy: Columns", "keys": "Copy: Keys"}[form]
    book.page.get_by_role("button", name=button).click()
    assert book.page.evaluate("navigator.clipboard.readText()") == code
    book.page.keyboard.press("Escape")
    return code


@pytest.fixture
def news(notebook, test_data):
    book = notebook([AG_NEWS.format(folder=str(test_data)), "lens.explore()", "lens.selection"])
    book.run(0)
    book.run(1)
    return book


def news_lasso_table_and_code_test(news, tmp_path):
    output = news.output(1)
    hand = MapHand(news.page, output)
    assert hand.colours() > 50
    keys = lasso_a_cluster(news, hand)
    check_paging(news, output.get_by_role("region", name="Table"), keys)
    news.value(f"df.to_parquet({str(tmp_path / 'plain.parquet')!r})")
    news.value(f"lens.to_frame().to_parquet({str(tmp_path / 'computed.parquet')!r})")
    where = output.get_by_role("region", name="Where")
    assert keys_selected_by(copied_code(news, where, "keys"), tmp_path / "plain.parquet") == keys
    assert keys_selected_by(copied_code(news, where, "columns"), tmp_path / "computed.parquet") == keys
    assert f"{len(keys):,} of 10,000 rows" in news.run(2)
    news.assert_clean()


def docstrings_notebook_test(notebook, lab, tmp_path):
    """Run the first notebook as it is, then do on its explorer what it says."""
    cells = ["".join(cell["source"]) for cell in json.loads(NOTEBOOK.read_text())["cells"]]
    kinds = [cell["cell_type"] for cell in json.loads(NOTEBOOK.read_text())["cells"]]
    code = [cell for cell, kind in zip(cells, kinds, strict=True) if kind == "code"]
    book = notebook(code)
    book.run_all()
    shown = code.index("lens.explore()")
    book.value("setattr(lens, 'selection', None)")
    output = book.output(shown)
    hand = MapHand(book.page, output)
    assert hand.colours() > 50
    keys = lasso_a_cluster(book, hand)
    book.value(f"docs.to_parquet({str(tmp_path / 'plain.parquet')!r})")
    where = output.get_by_role("region", name="Where")
    assert keys_selected_by(copied_code(book, where, "keys"), tmp_path / "plain.parquet") == keys
    table = output.get_by_role("region", name="Table")
    book.page.wait_for_function(
        "([node, key]) => node.innerText.includes(key)", arg=[table.element_handle(), keys[0]]
    )
    assert table_rows(table)[:3] == keys[:3]
    book.assert_clean()


def without_webgl_the_kernels_picture_stands_test(notebook):
    book = notebook([GRID, "lens.explore()"])
    book.page.evaluate(
        """() => {
          const { getContext } = HTMLCanvasElement.prototype;
          HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
            return kind === "webgl2" ? null : getContext.call(this, kind, ...rest);
          };
        }"""
    )
    book.run_all()
    output = book.output(1)
    output.get_by_text("this browser has no WebGL2").wait_for()
    output.get_by_role("img", name="Map of").wait_for()
    assert output.locator(".dl-map-names").count() == 0
    assert output.get_by_role("table").is_visible()
    book.assert_clean()
