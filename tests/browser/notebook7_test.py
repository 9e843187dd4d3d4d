"""The same in Notebook 7: one line shows the explorer, gestures select, keys stay where they belong."""

from __future__ import annotations

import numpy as np
import pytest

from browser.explorer_test import (
    AG_NEWS,
    check_paging,
    copied_code,
    keys_selected_by,
    lasso_a_cluster,
    table_rows,
)
from browser.gestures import MapHand
from browser.linked_test import GRID, corner, selected
from browser.reopen_test import says

pytestmark = pytest.mark.browser

ONE_LINE = (
    "view = dl.explore(df.head(3000), text='text', label='label', key='id', embedding=vectors[:3000])\nview"
)


def open_explorer(notebook, **options):
    book = notebook([GRID, "lens.explore()"], app="notebook", **options)
    book.run_all()
    return book, book.output(1)


def one_line_shows_the_explorer_test(notebook, test_data, tmp_path):
    """Real sentences: what a lasso selects, what the table pages through, what the copied code selects."""
    book = notebook([AG_NEWS.partition("lens =")[0].format(folder=str(test_data)), ONE_LINE], app="notebook")
    book.run_all()
    book.value("globals().update(lens=view.lens)")
    output = book.output(1)
    hand = MapHand(book.page, output)
    assert hand.colours() > 50
    keys = lasso_a_cluster(book, hand)
    check_paging(book, output.get_by_role("region", name="Table"), keys)
    book.value(f"df.to_parquet({str(tmp_path / 'plain.parquet')!r})")
    where = output.get_by_role("region", name="Where")
    assert keys_selected_by(copied_code(book, where, "keys"), tmp_path / "plain.parquet") == keys
    book.assert_clean()


def legend_table_and_reader_test(notebook):
    book, output = open_explorer(notebook)
    MapHand(book.page, output)
    output.get_by_role("region", name="Legend").get_by_role("button", name="right").click()
    selected(book, 200)
    assert book.value("lens.selection.count") == 200
    table = output.get_by_role("region", name="Table")
    table.get_by_role("button", name="Next page").click()
    book.page.wait_for_function(
        "node => node.querySelector('tbody').innerText.includes('p75')", arg=table.element_handle()
    )
    assert table_rows(table)[0] == "p55"
    table.locator("tbody tr").nth(2).locator("td").first.click()
    output.get_by_role("region", name="Reader").get_by_text("the text of sample p57", exact=True).wait_for()
    assert book.value("lens.focus") == "p57"
    book.assert_clean()


def views_in_cells_of_their_own_are_linked_test(notebook):
    book = notebook(
        [GRID, "dl.Map(lens, height=300)", "dl.Table(lens, height=300)", "dl.Reader(lens, height=220)"],
        app="notebook",
    )
    book.run_all()
    MapHand(book.page, book.output(1)).lasso(corner(MapHand(book.page, book.output(1)), 5, 5))
    table = book.output(2).get_by_role("region", name="Table")
    table.get_by_text("of 25").first.wait_for()
    table.locator("tbody tr").nth(1).locator("td").first.click()
    reader = book.output(3).get_by_role("region", name="Reader")
    reader.get_by_text("the text of sample p1", exact=True).wait_for()
    assert book.value("lens.focus") == "p1"
    book.assert_clean()


def keys_are_the_views_while_it_has_the_focus_test(notebook):
    """Its single letters add, delete and turn cells in the notebook; none may, pressed in a view."""
    book, output = open_explorer(notebook)
    hand = MapHand(book.page, output)
    cells = book.sources()
    hand.click(*hand.to_screen(np.array([[7.0, 3.0]]))[0])
    reader = output.get_by_role("region", name="Reader")
    reader.get_by_text("the text of sample p67", exact=True).wait_for()
    for key, name in [("v", "Pan"), ("b", "Box"), ("l", "Lasso")]:
        book.page.keyboard.press(key)
        output.locator("[aria-pressed=true]").and_(output.get_by_role("button", name=name)).wait_for()
    book.page.keyboard.press("j")
    reader.get_by_text("the text of sample p68", exact=True).wait_for()
    book.page.keyboard.press("k")
    reader.get_by_text("the text of sample p67", exact=True).wait_for()
    book.page.keyboard.press("/")
    book.page.keyboard.type("sample p38 add x d")
    output.get_by_role("searchbox").and_(book.page.locator(":focus")).wait_for()
    book.page.keyboard.press("Escape")
    book.page.keyboard.press("?")
    output.get_by_role("dialog", name="Keys").wait_for()
    book.page.keyboard.press("Escape")
    output.get_by_role("dialog", name="Keys").wait_for(state="detached")
    for key in ("a", "x", "m", "d", "d", "0", "0", "Enter"):
        book.page.keyboard.press(key)
    assert book.sources() == cells
    book.assert_clean()


def keys_are_the_notebooks_outside_test(notebook):
    book, output = open_explorer(notebook)
    MapHand(book.page, output)
    book.page.locator(".jp-Cell .jp-InputPrompt").nth(1).click()
    book.page.keyboard.press("b")
    book.page.wait_for_function("() => document.querySelectorAll('.jp-Notebook .jp-Cell').length === 3")
    assert output.get_by_role("button", name="Box").get_attribute("aria-pressed") == "false"
    book.assert_clean()


def without_a_kernel_the_view_says_what_to_do_test(notebook):
    book, output = open_explorer(notebook)
    MapHand(book.page, output)
    book.restart_kernel()
    says(output, "The kernel was restarted.")
    says(output, "Run the notebook's cells again")
    book.run_all()
    hand = MapHand(book.page, book.output(1))
    hand.lasso(corner(hand, 5, 5))
    selected(book, 25)
    book.assert_clean()


@pytest.mark.parametrize("theme", ["light", "dark"])
def theme_is_followed_test(notebook, theme):
    book, output = open_explorer(notebook, theme=theme)
    MapHand(book.page, output)
    output.locator(f".datalens[data-theme={theme}]").wait_for()
    background = output.locator(".datalens").evaluate("node => getComputedStyle(node).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(33, 33, 33)"}[theme]
    book.assert_clean()
