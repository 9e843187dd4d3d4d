"""Map, table, reader and neighbours in cells of their own: what one points at the others show, without the kernel."""

from __future__ import annotations

import contextlib
import os
import signal

import numpy as np
import pytest

from browser.gestures import MapHand
from browser.linked_test import GRID, corner, selected

pytestmark = pytest.mark.browser

VIEWS = {"Map": 300, "Table": 300, "Reader": 220, "Similar": 300}
# Samples of which the map shows both coordinates alike lie in one direction.
VECTORS = """
lens = dl.Lens(
    df, text="text", source="side", key="id", x="x", y="y", embedding=df[["x", "y"]].to_numpy(dtype="float32") + 1
)
"""
CELLS = [GRID + VECTORS, *(f"dl.{name}(lens, height={height})" for name, height in VIEWS.items())]


@pytest.fixture
def cells(notebook):
    """Open the views, all on the screen at once."""
    book = notebook(CELLS, height=1900)
    book.run_all()
    return Cells(book)


class Cells:
    def __init__(self, book):
        self.book = book
        book.output(1)
        self.hand = MapHand(book.page, book.page.locator(".jp-Cell").nth(1))
        self.table = book.page.get_by_role("region", name="Table")
        self.reader = book.page.get_by_role("region", name="Reader")
        self.near = book.page.get_by_role("region", name="Neighbours")
        self.row("p24").wait_for()

    def row(self, key):
        return self.table.locator("tbody tr").filter(has=self.book.page.get_by_text(key, exact=True))

    def at(self, number):
        """Where a sample lies on the map, in pixels."""
        return self.hand.to_screen(np.array([[number % 20, number // 20]], dtype=float))[0]

    def point_with_both_hands(self):
        """Hover a row: its point has a ring; hover a point: its row is marked."""
        self.row("p7").locator("td").first.hover()
        self.hand.marked(*self.at(7))
        self.hand.unmarked(*self.at(3))
        self.hand.hover(*self.at(3))
        self.table.locator("tr.dl-hovered").and_(self.row("p3")).wait_for()
        self.hand.unmarked(*self.at(7))

    def point_at_a_neighbour(self):
        """Hover one in the list: its point and its row are marked, and the other way round."""
        self.neighbour("p105").hover()
        self.hand.marked(*self.at(105))
        self.neighbour("p21").hover()
        self.table.locator("tr.dl-hovered").and_(self.row("p21")).wait_for()
        self.hand.unmarked(*self.at(105))
        self.hand.hover(*self.at(210))
        self.near.locator(".dl-near-row.dl-hovered").and_(self.neighbour("p210")).wait_for()

    def neighbour(self, key):
        return self.near.get_by_role("option").filter(has=self.book.page.get_by_text(key, exact=True))

    def ask_for_neighbours(self):
        """Click a row, and wait for what is like it."""
        self.row("p0").locator("td").first.click()
        self.near.get_by_role("option").first.wait_for()


@contextlib.contextmanager
def frozen(book):
    """Stop the kernel's process for a while: no thread of it answers."""
    process = book.value("__import__('os').getpid()")
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def pointing_needs_no_kernel_test(cells):
    cells.ask_for_neighbours()
    with frozen(cells.book):
        cells.point_with_both_hands()
        cells.point_at_a_neighbour()
    cells.book.assert_clean()


def pointing_outlives_the_kernel_test(cells):
    cells.ask_for_neighbours()
    cells.book.kill_kernel()
    cells.point_with_both_hands()
    cells.near.get_by_text("Neighbours need a running kernel.").wait_for()
    cells.book.assert_clean()


def pointing_at_rows_sends_nothing_test(cells):
    cells.book.idle()
    before = cells.book.comm_messages
    for number in range(5):
        cells.row(f"p{number}").locator("td").first.hover()
        cells.hand.marked(*cells.at(number))
    assert cells.book.value("lens.selection.count") == 400
    assert cells.book.comm_messages == before


def focus_is_shown_before_the_kernel_knows_test(cells):
    with frozen(cells.book):
        cells.hand.click(*cells.at(5))
        cells.table.locator("tr[aria-current=true]").and_(cells.row("p5")).wait_for()
        cells.row("p9").locator("td").first.click()
        cells.table.locator("tr[aria-current=true]").and_(cells.row("p9")).wait_for()
        cells.book.page.mouse.move(0, 0)
        cells.hand.marked(*cells.at(9))
        cells.hand.unmarked(*cells.at(5))
    cells.reader.get_by_text("the text of sample p9", exact=True).wait_for()
    assert cells.book.value("lens.focus") == "p9"
    cells.book.assert_clean()


def a_lasso_is_shown_before_the_kernel_knows_test(cells):
    inside, outside = cells.at(21), cells.at(215)
    assert not cells.hand.is_grey(*outside)
    with frozen(cells.book):
        cells.hand.lasso(corner(cells.hand, 5, 5))
        cells.hand.wait_for_grey(*outside)
        assert not cells.hand.is_grey(*inside)
    selected(cells.book, 25)
    cells.table.get_by_text("of 25").first.wait_for()
    assert cells.book.value("lens.selection.count") == 25
    cells.book.assert_clean()
