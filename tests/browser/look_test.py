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
    output.get_by_role("button", name="As density and zoom ask for").click()
    ink(output, until=lambda _, found: found > 0.9 * solid)
    book.assert_clean()
