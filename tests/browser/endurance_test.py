"""Ten thousand gestures in one explorer: what they leave behind in the page."""

from __future__ import annotations

import pytest

from browser.gestures import MapHand
from browser.linked_test import GRID

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Gestures of one turn (TURN below); they begin and end with the same view.
A_TURN = 200
WARM_UP = 3 * A_TURN
GESTURES = 10_000
# More than this is a leak: caches are full after the warm-up.
GROWTH = 1.05
# Each waits for the kernel once, so that nothing piles up that a hand could not have made.
TURN = """async ([surface, turns]) => {
  const view = surface.closest(".datalens");
  const frame = () => new Promise(requestAnimationFrame);
  const until = async (test) => {
    while (!test()) await frame();
  };
  const box = () => surface.getBoundingClientRect();
  const at = (x, y) => ({ clientX: box().left + x * box().width, clientY: box().top + y * box().height });
  const all = { bubbles: true, cancelable: true, composed: true, pointerId: 1, pointerType: "mouse", button: 0 };
  const pointer = (name, x, y) => surface.dispatchEvent(new PointerEvent(name, { ...all, ...at(x, y) }));
  const key = (name, more) => surface.dispatchEvent(new KeyboardEvent("keydown", { ...all, key: name, ...more }));
  const drag = (...path) => {
    pointer("pointerdown", ...path[0]);
    for (const place of path.slice(1)) pointer("pointermove", ...place);
    pointer("pointerup", ...path.at(-1));
  };
  const pan = (dx, dy) => drag([0.5, 0.5], [0.5 + dx / 2, 0.5 + dy / 2], [0.5 + dx, 0.5 + dy]);
  const zoom = (deltaY, x, y) => surface.dispatchEvent(new WheelEvent("wheel", { ...all, ...at(x, y), deltaY }));
  const hover = (x, y) => pointer("pointermove", x, y);
  const color = (name) => {
    const chooser = view.querySelector("select[aria-label=Color]");
    chooser.value = name;
    chooser.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const legend = (kind) => () => view.querySelector(`.dl-legend[data-kind=${kind}]`);
  const row = (index) => view.querySelectorAll(".dl-legend button[aria-pressed]")[index].click();
  const undo = () => view.querySelector("[aria-label^=Undo]");
  const selected = () => view.querySelector("[aria-label=Selected]").textContent;
  for (let turn = 0; turn < turns; turn++) {
    const s = 0.1 + 0.04 * (turn % 7);
    pointer("pointerenter", 0.5, 0.5);
    key("v");
    for (let k = 0; k < 30; k++) {
      pan(s, s / 2);
      if (k % 8 === 0) await frame();
      pan(-s, -s / 2);
    }
    for (let k = 0; k < 25; k++) {
      zoom(-40, s + 0.3, 0.4);
      if (k % 8 === 0) await frame();
      zoom(40, s + 0.3, 0.4);
    }
    for (let k = 0; k < 70; k++) {
      hover(0.2 + 0.008 * k, 0.2 + s);
      if (k % 8 === 0) await frame();
    }
    for (let k = 0; k < 6; k++) drag([0.2 + 0.1 * k, 0.3 + s]);
    key("l");
    for (let k = 0; k < 6; k++) {
      drag([0.2, 0.2], [0.4 + s, 0.2], [0.4 + s, 0.4 + s], [0.2 + 0.02 * k, 0.4 + s]);
      if (k % 2 === 0) await frame();
    }
    await until(() => !selected().startsWith("400"));
    color("loss");
    await until(legend("number"));
    color("side");
    await until(legend("category"));
    key("Escape");
    await until(() => selected().startsWith("400"));
    row(turn % 2);
    await until(() => selected().startsWith("200"));
    undo().click();
    await until(() => selected().startsWith("400"));
  }
}"""


def held(book) -> dict[str, float]:
    """Return bytes of JavaScript and counts of the page's nodes and listeners, once rubbish is away."""
    cdp = book.context.new_cdp_session(book.page)
    for _ in range(3):
        cdp.send("HeapProfiler.collectGarbage")
    heap, dom = cdp.send("Runtime.getHeapUsage"), cdp.send("Memory.getDOMCounters")
    cdp.detach()
    return {
        "bytes": heap["usedSize"] + heap["backingStorageSize"],
        "nodes": dom["nodes"],
        "listeners": dom["jsEventListeners"],
    }


def at_rest(book, hand):
    """Bring the explorer back to how it was opened, and wait for it."""
    book.value("setattr(lens, 'selection', None)")
    book.value("setattr(lens, 'focus', 'p0')")
    hand.surface.press("Home")
    book.page.get_by_label("Selected").first.get_by_text("400", exact=True).wait_for()
    book.idle()


@pytest.mark.timeout(900)
def nothing_piles_up_test(notebook):
    book = notebook([GRID, "lens.explore()"])
    book.run_all()
    hand = MapHand(book.page, book.output(1))
    surface = hand.surface.element_handle()
    book.page.evaluate(TURN, [surface, WARM_UP // A_TURN])
    at_rest(book, hand)
    before = held(book)
    book.page.evaluate(TURN, [surface, GESTURES // A_TURN])
    at_rest(book, hand)
    after = held(book)
    grown = {what: after[what] / before[what] for what in before}
    assert max(grown.values()) < GROWTH, f"{before} became {after}"
    assert book.value("len(lens.selection.frame())") == 400
    book.assert_clean()
