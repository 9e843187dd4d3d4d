"""Twenty maps in one notebook: more than the browser has graphics contexts for."""

from __future__ import annotations

import numpy as np
import pytest

from browser.gestures import MapHand
from browser.linked_test import GRID, corner

pytestmark = pytest.mark.browser

MAPS = 20
# CONTEXT_LIMIT of js/src/map/contexts.ts; browsers allow 16 and then take the oldest away.
CONTEXT_LIMIT = 8
# Maps that are on the screen together: more than that.
IN_VIEW = 11
# Remembers each context that is made, and the most that lived at once.
WATCH_CONTEXTS = """() => {
  const made = [], { getContext } = HTMLCanvasElement.prototype;
  const living = () => made.filter((context) => !context.isContextLost());
  window.contexts = { most: 0, living: () => living().length, has: (canvas) => living().some((c) => c.canvas === canvas) };
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const context = getContext.call(this, kind, ...rest);
    if (kind.startsWith("webgl") && context && !made.includes(context)) {
      made.push(context);
      window.contexts.most = Math.max(window.contexts.most, living().length);
    }
    return context;
  };
}"""
ONE_LENS = [GRID, *["dl.Map(lens, height=300)"] * MAPS]
# A point that the lassos leave out.
OUTSIDE = np.array([[15.0, 10.0]])
TWENTY_LENSES = [
    GRID,
    *[
        f"dl.Map(dl.Lens(df.assign(n={i}), text='text', source='side', key='id', x='x', y='y'))"
        for i in range(MAPS)
    ],
]


def look_at(book, index):
    """Scroll to a map and wait until it is drawn."""
    hand = MapHand(book.page, book.output(index))
    hand.surface.scroll_into_view_if_needed()
    hand.wait_for_colours(20)
    return hand


def drawn_live(book, index):
    """Wait until a map is drawn with a graphics context, not a picture of what it was."""
    canvas = book.output(index).locator("canvas.dl-map-points").last
    book.page.wait_for_function("(canvas) => window.contexts.has(canvas)", arg=canvas.element_handle())


@pytest.mark.parametrize(
    "cells", [pytest.param(ONE_LENS, id="one-lens"), pytest.param(TWENTY_LENSES, id="twenty-lenses")]
)
def all_draw_and_come_back_test(notebook, cells):
    book = notebook(cells)
    book.page.evaluate(WATCH_CONTEXTS)
    book.run_all()
    for index in range(1, MAPS + 1):
        look_at(book, index)
        drawn_live(book, index)
    for index in (1, 10, 20):
        look_at(book, index)
        drawn_live(book, index)
    assert book.page.evaluate("window.contexts.most") == CONTEXT_LIMIT
    assert book.page.evaluate("window.contexts.living()") == CONTEXT_LIMIT
    book.assert_clean()


def a_lasso_in_one_marks_all_test(notebook):
    book = notebook(ONE_LENS)
    book.run_all()
    for index in range(1, MAPS + 1):
        look_at(book, index)
    hand = look_at(book, 1)
    hand.lasso(corner(hand, 5, 5))
    for index in range(1, MAPS + 1):
        hand = look_at(book, index)
        book.output(index).get_by_label("Selected").get_by_text("25", exact=True).wait_for()
        x, y = hand.to_screen(OUTSIDE)[0]
        hand.wait_for_grey(x, y)
    assert book.value("lens.selection.count") == 25
    book.assert_clean()


def pictures_stand_in_where_all_are_in_view_test(notebook):
    """More maps on the screen than there are contexts: each gets its turn, now and when the selection changes."""
    book = notebook(ONE_LENS[: IN_VIEW + 1], height=400 * IN_VIEW + 400)
    book.page.evaluate(WATCH_CONTEXTS)
    book.run_all()
    hands = [look_at(book, index) for index in range(1, IN_VIEW + 1)]
    hands[0].lasso(corner(hands[0], 5, 5))
    for hand in hands:
        hand.wait_for_grey(*hand.to_screen(OUTSIDE)[0])
    assert book.page.evaluate("window.contexts.most") == CONTEXT_LIMIT
    book.assert_clean()
