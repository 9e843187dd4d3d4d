"""marimo, in its editor and as an app: the explorer works, views are linked, cells read the selection."""

from __future__ import annotations

import numpy as np
import pytest

from browser.gestures import MapHand, inside
from browser.linked_test import GRID, corner, selected

pytestmark = pytest.mark.browser

DATA = "import marimo as mo\n" + GRID
READ = "mo.md(f'{lens.selection.count} rows, focus {lens.focus}')"
BUTTON = "button = mo.ui.button(label='read')\nbutton"
EXPLORER = {"data": DATA, "explorer": "lens.explore()", "press": BUTTON, "read": f"button.value\n{READ}"}
LINKED = {
    "data": DATA,
    "map": "dl.Map(lens, height=300)",
    "table": "dl.Table(lens, height=300)",
    "reader": "dl.Reader(lens, height=220)",
}


@pytest.mark.parametrize("mode", ["edit", "run"])
def a_lasso_the_table_the_reader_and_a_later_cell_test(marimo, mode):
    book = marimo(EXPLORER, mode=mode)
    output = book.output("explorer")
    hand = MapHand(book.page, output)
    assert hand.colours() > 50
    vertices = corner(hand, 5, 5)
    grid = np.stack(np.meshgrid(range(20), range(20)), axis=-1).reshape(-1, 2)
    assert (inside(hand.to_screen(grid), vertices) == 1).sum() == 25
    hand.lasso(vertices)
    selected(book, 25)
    table = output.get_by_role("region", name="Table")
    table.get_by_text("of 25").first.wait_for()
    table.locator("tbody tr").nth(6).locator("td").first.click()
    output.get_by_role("region", name="Reader").get_by_text("the text of sample p21", exact=True).wait_for()
    book.page.get_by_role("button", name="read", exact=True).click()
    book.output("read").get_by_text("25 rows, focus p21").wait_for()
    book.assert_clean()


def one_line_shows_the_explorer_test(marimo, test_data):
    code = f"""import numpy as np, pandas as pd, datalens as dl
df = pd.read_csv({str(test_data / "noisyagnews_val10000_human_noise.csv")!r}).head(3000)
vectors = np.load({str(test_data / "noisyagnews_minilm.npy")!r})[:3000]"""
    book = marimo({"data": code, "explorer": "dl.explore(df, text='text', label='label', embedding=vectors)"})
    output = book.output("explorer")
    hand = MapHand(book.page, output)
    assert hand.colours() > 50
    camera = hand.camera()
    middle = (camera["width"] / 2, camera["height"] / 2)
    hand.lasso([(middle[0] + dx, middle[1] + dy) for dx, dy in [(-60, -60), (60, -60), (60, 60), (-60, 60)]])
    output.get_by_role("region", name="Where").get_by_text("inside lasso").wait_for()
    output.get_by_role("button", name="Copy as pandas").click()
    book.page.locator("pre[data-form='keys']").get_by_text("selected = ").wait_for()
    book.assert_clean()


def views_in_cells_of_their_own_are_linked_test(marimo):
    book = marimo(LINKED)
    hand = MapHand(book.page, book.output("map"))
    hand.lasso(corner(hand, 5, 5))
    table = book.output("table").get_by_role("region", name="Table")
    table.get_by_text("of 25").first.wait_for()
    table.locator("tbody tr").nth(1).locator("td").first.click()
    book.output("reader").get_by_text("the text of sample p1", exact=True).wait_for()
    book.assert_clean()


@pytest.mark.parametrize("name", ["map", "data"])
def views_live_on_when_a_cell_runs_again_test(marimo, name):
    """marimo ends the widgets of a cell that runs again: the connection they share is the lens's cell's."""
    book = marimo(LINKED)
    MapHand(book.page, book.output("map"))
    first = book.output("map").locator(".datalens").element_handle()
    book.run(name)
    book.page.wait_for_function("node => !node.isConnected", arg=first)
    hand = MapHand(book.page, book.output("map"))
    hand.lasso(corner(hand, 5, 5))
    book.output("table").get_by_text("of 25").first.wait_for()
    book.assert_clean()


@pytest.mark.parametrize("mode", ["edit", "run"])
def cells_that_read_the_view_run_when_it_selects_test(marimo, mode):
    view = "view = mo.ui.anywidget(lens.explore())\nview"
    book = marimo({"data": DATA, "explorer": view, "read": f"view\n{READ}"}, mode=mode)
    hand = MapHand(book.page, book.output("explorer"))
    hand.lasso(corner(hand, 5, 5))
    book.output("read").get_by_text("25 rows, focus None").wait_for()
    hand.click(*hand.to_screen(np.array([[7.0, 3.0]]))[0])
    book.output("read").get_by_text("25 rows, focus p67").wait_for()
    book.assert_clean()


def code_moves_the_views_test(marimo):
    move = "if button.value:\n    lens.selection = dl.col('loss') >= 0.75"
    book = marimo(
        {
            **EXPLORER,
            "press": BUTTON.replace("label", "value=0, on_click=lambda n: n + 1, label"),
            "read": move,
        }
    )
    MapHand(book.page, book.output("explorer"))
    book.page.get_by_role("button", name="read", exact=True).click()
    selected(book, 100)
    book.output("explorer").get_by_text("loss >= 0.75").wait_for()
    book.assert_clean()


def keys_are_the_views_while_it_has_the_focus_test(marimo):
    """Its command mode adds, deletes and runs cells by single letters; none may, pressed in a view."""
    book = marimo(EXPLORER)
    output = book.output("explorer")
    hand = MapHand(book.page, output)
    hand.click(*hand.to_screen(np.array([[7.0, 3.0]]))[0])
    reader = output.get_by_role("region", name="Reader")
    reader.get_by_text("the text of sample p67", exact=True).wait_for()
    for key, name in [("v", "Pan"), ("b", "Box"), ("l", "Lasso")]:
        book.page.keyboard.press(key)
        output.locator("[aria-pressed=true]").and_(output.get_by_role("button", name=name)).wait_for()
    book.page.keyboard.press("j")
    reader.get_by_text("the text of sample p68", exact=True).wait_for()
    book.page.keyboard.press("/")
    book.page.keyboard.type("sample p38")
    selected(book, 11)
    book.page.keyboard.press("Escape")
    selected(book, 400)
    book.page.keyboard.press("?")
    output.get_by_role("dialog", name="Keys").wait_for()
    book.page.keyboard.press("Escape")
    output.get_by_role("dialog", name="Keys").wait_for(state="detached")
    for key in ("a", "b", "c", "d", "d", "Enter"):
        book.page.keyboard.press(key)
    assert book.page.locator("[data-cell-name]").count() == len(EXPLORER)
    book.assert_clean()


@pytest.mark.parametrize(("theme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(27, 28, 31)")])
def theme_is_followed_test(marimo, theme, paper):
    book = marimo(EXPLORER, mode="run", theme=theme)
    MapHand(book.page, book.output("explorer"))
    view = book.output("explorer").locator(f".datalens[data-theme={theme}]")
    assert view.evaluate("node => getComputedStyle(node).backgroundColor") == paper
    book.assert_clean()
