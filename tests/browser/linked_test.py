"""Views linked through their lens; gestures while a cell runs; hostile text; next to no data."""

from __future__ import annotations

import re

import pytest

from browser.gestures import MapHand

pytestmark = pytest.mark.browser

GRID = """
import pandas as pd, datalens as dl
df = pd.DataFrame({"id": [f"p{i}" for i in range(400)]})
df["x"], df["y"] = df.index % 20, df.index // 20
df["text"] = ["the text of sample " + key for key in df["id"]]
df["side"] = (df["x"] < 10).map({True: "left", False: "right"})
df["loss"] = df.index / 400
lens = dl.Lens(df, text="text", source="side", key="id", x="x", y="y")
"""


def corner(hand, columns=5.5, rows=5.5):
    """Return the pixels of a box about the points with x < columns and y < rows."""
    import numpy as np

    points = hand.to_screen(np.array([[-0.5, -0.5], [columns - 0.5, rows - 0.5]]))
    (x0, y0), (x1, y1) = points
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def selected(book, count):
    book.page.get_by_label("Selected").first.get_by_text(f"{count:,}", exact=True).wait_for()


def modes_of_the_lasso_test(notebook):
    book = notebook([GRID, "lens.explore()"])
    book.run_all()
    hand = MapHand(book.page, book.output(1))
    hand.lasso(corner(hand, 5, 5))
    selected(book, 25)
    hand.lasso(corner(hand, 2, 2), hold="Alt")
    selected(book, 21)
    hand.lasso(corner(hand, 10, 2), hold="Shift")
    selected(book, 35)
    assert book.value("lens.selection.count") == 35
    hand.surface.press("Escape")
    selected(book, 400)
    book.assert_clean()


def a_box_selects_too_test(notebook):
    book = notebook([GRID, "lens.explore()"])
    book.run_all()
    output = book.output(1)
    hand = MapHand(book.page, output)
    output.get_by_role("button", name="Box").click()
    corners = corner(hand, 5, 5)
    hand.lasso([corners[0], corners[2]])
    selected(book, 25)
    output.get_by_role("button", name="Undo").click()
    selected(book, 400)
    book.assert_clean()


def the_stop_button_leaves_what_is_done_test(notebook):
    slow = """
import time

def slow(text):
    time.sleep(0.05)
    return len(text)

lens.add_signal(slow, batch_size=5)
"""
    book = notebook([GRID, "lens.explore()", slow])
    book.run(0)
    book.run(1)
    output = book.output(1)
    MapHand(book.page, output)
    book.start(2)
    output.get_by_text(re.compile(r"slow [1-9]\d? %")).wait_for()
    output.get_by_role("button", name="Stop slow").click()
    assert "slow was stopped after" in book.finish(2)
    left = book.value("int(lens._study.missing('slow').sum())")
    assert 0 < left < 400
    output.get_by_label("Color").select_option("slow")
    output.locator(".dl-legend").get_by_text("not computed").wait_for()
    output.locator(".dl-legend").get_by_text(f"{left:,}", exact=True).wait_for()
    book.assert_clean()


def map_and_table_in_cells_of_their_own_test(notebook):
    book = notebook(
        [GRID, "dl.Map(lens, height=300)", "dl.Table(lens, height=300)", "dl.Reader(lens, height=220)"]
    )
    book.run_all()
    hand = MapHand(book.page, book.output(1))
    hand.lasso(corner(hand, 5, 5))
    book.page.wait_for_function("document.body.innerText.includes('25')")
    table = book.output(2).get_by_role("region", name="Table")
    table.get_by_text("of 25").first.wait_for()
    table.locator("tbody tr").nth(1).locator("td").first.click()
    reader = book.output(3).get_by_role("region", name="Reader")
    reader.get_by_text("the text of sample p1", exact=True).wait_for()
    assert book.value("lens.focus") == "p1"
    book.value("setattr(lens, 'focus', 'p24')")
    reader.get_by_text("the text of sample p24", exact=True).wait_for()
    book.assert_clean()


def a_click_on_a_point_is_read_test(notebook):
    import numpy as np

    book = notebook([GRID, "lens.explore()"])
    book.run_all()
    output = book.output(1)
    hand = MapHand(book.page, output)
    hand.click(*hand.to_screen(np.array([[7.0, 3.0]]))[0])
    output.get_by_role("region", name="Reader").get_by_text("the text of sample p67", exact=True).wait_for()
    assert book.value("lens.focus") == "p67"
    book.assert_clean()


def code_moves_the_views_test(notebook):
    book = notebook([GRID, "lens.explore()", "lens.selection = dl.col('loss') >= 0.75"])
    book.run_all()
    selected(book, 100)
    where = book.output(1).get_by_role("region", name="Where")
    where.get_by_text("loss >= 0.75").wait_for()
    book.assert_clean()


def legend_and_search_are_clauses_test(notebook):
    book = notebook([GRID, "lens.explore(color='side')"])
    book.run_all()
    output = book.output(1)
    MapHand(book.page, output)
    output.get_by_role("region", name="Legend").get_by_role("button", name="left").click()
    selected(book, 200)
    output.get_by_role("searchbox").first.fill("sample p38")
    selected(book, 10)
    assert book.value("lens.selection.keys()") == [f"p38{i}" for i in range(10)]
    book.assert_clean()


def escape_empties_the_search_and_keys_go_on_working_test(notebook):
    book = notebook([GRID, "lens.explore()"])
    book.run_all()
    output = book.output(1)
    hand = MapHand(book.page, output)
    hand.surface.press("/")
    book.page.keyboard.type("sample p38")
    selected(book, 11)
    book.page.keyboard.press("Escape")
    selected(book, 400)
    book.page.keyboard.press("b")
    assert output.get_by_role("button", name="Box").get_attribute("aria-pressed") == "true"
    hand.lasso([corner(hand, 5, 5)[0], corner(hand, 5, 5)[2]])
    selected(book, 25)
    output.get_by_role("button", name="clear").click()
    selected(book, 400)
    book.page.keyboard.press("l")
    assert output.get_by_role("button", name="Lasso").get_attribute("aria-pressed") == "true"
    book.assert_clean()


EVERY_KIND = """
import datetime as dt
df = df.assign(day=[dt.date(2026, 1, 1 + i % 28) for i in range(400)], flag=[True, None] * 200)
df = df.assign(tags=[["a"], ["b", "c"]] * 200, raw=[b"x", b"yy"] * 200, long=df["text"] + " and some more of it" * 9)
df["moment"] = pd.Timestamp("2026-01-01", tz="Europe/Rome") + pd.to_timedelta(df.index, unit="h")
lens = dl.Lens(df, text="text", source="side", key="id", x="x", y="y")
"""


def any_column_colours_the_map_test(notebook):
    book = notebook([GRID + EVERY_KIND, "lens.explore()"])
    book.run_all()
    output = book.output(1)
    hand = MapHand(book.page, output)
    chooser = output.get_by_label("Color")
    names = [name for name in chooser.locator("option").all_inner_texts() if name != "one color"]
    assert sorted(names) == sorted(book.value("list(df.columns)"))
    for name in names:
        chooser.select_option(name)
        output.get_by_role("region", name="Legend").get_by_text(name, exact=True).first.wait_for()
    chooser.select_option("tags")
    output.locator(".dl-legend").get_by_text('["b", "c"]', exact=True).wait_for()
    assert hand.colours() > 20
    book.assert_clean()


@pytest.mark.parametrize("before", ["", "lens.selection = dl.col('loss') > 2\nlens.selection = None"])
def gestures_are_answered_while_a_cell_runs_test(notebook, before):
    """Also after the cell itself has moved the views, from the kernel's main thread."""
    wait = f"""
import time
{before}
end = time.monotonic() + 60
while lens.selection.count == 400 and time.monotonic() < end:
    time.sleep(0.05)
lens.selection.count
"""
    book = notebook([GRID, "lens.explore()", wait])
    book.run(0)
    book.run(1)
    hand = MapHand(book.page, book.output(1))
    book.start(2)
    hand.lasso(corner(hand, 5, 5))
    selected(book, 25)
    assert book.finish(2).splitlines()[-1] == "25"
    book.assert_clean()


def a_reloaded_page_finds_its_kernel_test(notebook):
    book = notebook([GRID, "lens.explore()"])
    book.run_all()
    hand = MapHand(book.page, book.output(1))
    hand.lasso(corner(hand, 5, 5))
    selected(book, 25)
    book.save()
    book.reload()
    MapHand(book.page, book.output(1))
    selected(book, 25)
    book.assert_clean()


HOSTILE = """
import pandas as pd, datalens as dl
evil = "<img src=x onerror=window.harmed=1></script><b>bold</b>"
df = pd.DataFrame({"id": [f"{evil}{i}" for i in range(60)], evil: [evil, "tame"] * 30, "text": [evil * 3] * 60})
df["x"], df["y"] = df.index % 8, df.index // 8
lens = dl.Lens(df, text="text", key="id", x="x", y="y")
"""


def hostile_text_is_never_markup_test(notebook):
    import numpy as np

    book = notebook([HOSTILE, "lens", "lens.explore(color=evil)"])
    book.run_all()
    output = book.output(2)
    hand = MapHand(book.page, output)
    hand.click(*hand.to_screen(np.array([[3.0, 3.0]]))[0])
    output.get_by_role("region", name="Reader").get_by_text("window.harmed").first.wait_for()
    output.locator(".dl-legend button[aria-pressed]").filter(has_text="onerror").click()
    selected(book, 30)
    output.get_by_role("button", name="Copy as pandas").click()
    book.page.locator("pre[data-form='keys']").wait_for()
    assert book.page.evaluate("window.harmed") is None
    assert (
        book.page.locator(
            ".jp-OutputArea img:not([src^='data:image/png']), .jp-OutputArea b:text-is('bold')"
        ).count()
        == 0
    )
    book.assert_clean()


@pytest.mark.parametrize("rows", [0, 1, 2])
def next_to_no_rows_test(notebook, rows):
    book = notebook([GRID.replace("range(400)", f"range({rows})"), "lens.explore()", "lens.selection.count"])
    book.run_all()
    output = book.output(1)
    output.get_by_role("region", name="Table").wait_for()
    output.get_by_label("Selected").first.get_by_text(f"{rows}", exact=True).first.wait_for()
    assert book.text(2) == str(rows)
    book.assert_clean()


def nothing_to_draw_says_so_test(notebook):
    book = notebook(
        ["import pandas as pd, datalens as dl\nlens = dl.Lens(pd.DataFrame({'a': [1, 2]}))", "lens.explore()"]
    )
    book.run_all()
    book.output(1).get_by_text("No coordinates yet: run lens.project()").first.wait_for()
    book.assert_clean()


def errors_are_sentences_in_the_view_test(notebook):
    book = notebook([GRID, "lens.explore()"])
    book.run_all()
    output = book.output(1)
    MapHand(book.page, output)
    book.value("lens._study.__dict__.update(set_clause=lambda *a, **k: 1 / 0) or 0")
    output.get_by_role("searchbox").first.fill("sample")
    output.get_by_role("alert").get_by_text("division by zero").wait_for()
    book.assert_clean()
