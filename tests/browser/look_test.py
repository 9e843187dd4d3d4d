"""Points as large and as solid as the person wants them, seen in the picture and kept with the notebook."""

from __future__ import annotations

import pytest

from browser.gestures import MapHand
from browser.linked_test import GRID

pytestmark = pytest.mark.browser

#: How much of the map is inked, and how solid that is.
INK = """(canvas) => {
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext("2d");
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  let inked = 0, solid = 0;
  for (let i = 3; i < data.length; i += 4) {
    inked += data[i] > 0;
    solid = Math.max(solid, data[i]);
  }
  return [inked, solid];
}"""


def ink(output, *, until):
    """Return how much is inked and how solid, once that is so."""
    canvas = output.locator("canvas.dl-map-points")
    for _ in range(300):
        found = canvas.evaluate(INK)
        if until(*found):
            return found
        output.page.evaluate("new Promise(requestAnimationFrame)")
    msg = f"the map stays as it is: {found}"
    raise AssertionError(msg)


def slide(output, name, value):
    slider = output.get_by_role("slider", name=name)
    slider.fill(str(value))


def size_and_opacity_test(notebook):
    book = notebook([GRID, "lens.explore()"])
    book.run_all()
    output = book.output(1)
    MapHand(book.page, output)
    inked, solid = ink(output, until=lambda inked, solid: inked > 0 and solid > 0)
    output.get_by_role("button", name="Looks of the map").click()
    slide(output, "size", 1)
    twice, _ = ink(output, until=lambda found, _: found > 2 * inked)
    assert twice < 5 * inked
    slide(output, "opacity", -2)
    _, faint = ink(output, until=lambda _, found: found < 0.5 * solid)
    assert faint > 0.1 * solid
    # A new view of the saved notebook has them too.
    book.save()
    book.reload()
    output = book.output(1)
    MapHand(book.page, output)
    output.get_by_role("button", name="Looks of the map").click()
    assert output.get_by_role("slider", name="size").get_attribute("aria-valuetext") == "200 %"
    output.get_by_role("button", name="As it was at first").click()
    ink(output, until=lambda _, found: found > 0.9 * solid)
    book.assert_clean()


#: The size of the map's ink in each of two halves, left and right of its middle.
HALVES = """(canvas) => {
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext("2d");
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  const inked = [0, 0];
  for (let i = 3; i < data.length; i += 4) {
    if (data[i]) inked[Number(((i - 3) / 4) % copy.width > copy.width / 2)] += 1;
  }
  return inked;
}"""


def poll(output, read, until):
    """Return what a script reads of the map's canvas, once that is so."""
    canvas = output.locator("canvas.dl-map-points")
    for _ in range(300):
        found = canvas.evaluate(read)
        if until(found):
            return found
        output.page.evaluate("new Promise(requestAnimationFrame)")
    msg = f"the map stays as it is: {found}"
    raise AssertionError(msg)


def points_are_sized_by_a_column_test(notebook):
    book = notebook([GRID, "dl.Map(lens, size='x')"])
    book.run_all()
    output = book.output(1)
    MapHand(book.page, output)
    # x rises to the right, and so do the points.
    poll(output, HALVES, lambda found: 0 < 2 * found[0] < found[1])
    output.get_by_role("button", name="Looks of the map").click()
    assert output.get_by_label("size by").input_value() == "x"
    output.get_by_label("size by").select_option("nothing")
    poll(output, HALVES, lambda found: 0 < 0.9 * found[0] < found[1] < 1.1 * found[0])
    output.get_by_label("size by").select_option("loss")
    poll(output, HALVES, lambda found: 0 < 0.9 * found[0] < found[1] < 1.3 * found[0])
    # Without a kernel the sizes of what was saved are shown.
    output.get_by_label("size by").select_option("x")
    book.append("1")
    book.kill_kernel()
    output = book.output(1)
    output.locator(".dl-saved").filter(has_text="The kernel has ended.").wait_for()
    MapHand(book.page, output)
    poll(output, HALVES, lambda found: 0 < 2 * found[0] < found[1])


BURIED = """
import numpy as np, pandas as pd, datalens as dl
n = 100_000
xy = np.random.default_rng(0).normal(size=(n, 2))
kind = np.where(np.arange(n) < 50, "rare", "usual")
lens = dl.Lens(pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "kind": kind, "v": xy[:, 1]}), x="x", y="y", label="kind")
"""

#: Pixels in about the second colour of categories on a light ground: orange, beside blue.
ORANGE = """(canvas) => {
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext("2d");
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  let found = 0;
  for (let i = 0; i < data.length; i += 4) found += data[i] > 170 && data[i + 2] < 90 && data[i + 3] > 180;
  return found;
}"""


def rare_colors_are_not_buried_test(notebook):
    book = notebook([BURIED, "dl.Map(lens)"])
    book.run_all()
    output = book.output(1)
    MapHand(book.page, output)
    assert poll(output, ORANGE, lambda _: True) < 10
    output.get_by_role("button", name="Looks of the map").click()
    output.get_by_label("on top").select_option("rare values")
    # Fifty points, of several pixels each; few lie under one another.
    poll(output, ORANGE, lambda found: found > 150)
    output.get_by_label("on top").select_option("random")
    poll(output, ORANGE, lambda found: found < 10)


#: How many pixels of the canvas of names have ink, without the names themselves.
LINES = """(map) => {
  const canvas = map.closest(".dl-map").querySelector("canvas.dl-map-names");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let inked = 0;
  for (let i = 3; i < data.length; i += 4) inked += data[i] > 0;
  return inked;
}"""


def contours_stay_with_the_points_test(notebook):
    book = notebook([BURIED, "dl.Map(lens, color='v')"])
    book.run_all()
    output = book.output(1)
    hand = MapHand(book.page, output)
    assert poll(output, LINES, lambda _: True) == 0
    hand.surface.focus()
    book.page.keyboard.press("c")
    all_lines = poll(output, LINES, lambda found: found > 2000)
    # Those of the selected come on top of them.
    hand.lasso([(100, 100), (400, 100), (400, 400), (100, 400)])
    more = poll(output, LINES, lambda found: found > 1.3 * all_lines)
    book.page.keyboard.press("+")
    poll(output, LINES, lambda found: found > 1.1 * more)
    book.page.keyboard.press("c")
    poll(output, LINES, lambda found: found == 0)
    book.assert_clean()
