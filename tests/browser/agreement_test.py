"""What the map holds after a gesture is what the kernel selected, for every point; also zoomed in beyond 16 bits."""

from __future__ import annotations

import numpy as np
import pytest

from browser.gestures import FRAMES, MapHand, Vertices

pytestmark = pytest.mark.browser

#: Among 500 points two clusters a millionth of the extent apart; `part` tells those on one 16-bit step from another.
CLOSE = """
import numpy as np, pandas as pd, datalens as dl
rng = np.random.default_rng(0)
points = rng.uniform(size=(500, 2))
points[0], points[1] = 0, 1
points[2:82] = [0.4, 0.6] + rng.normal(size=(80, 2)) * 1e-7
points[42:82] += [1e-6, 5e-7]
df = pd.DataFrame(points, columns=["x", "y"])
df["id"] = [f"p{i}" for i in range(500)]
df["part"] = [f"close {i}" if 2 <= i < 82 else "far" for i in range(500)]
lens = dl.Lens(df, key="id", x="x", y="y")
"""
MIDDLE = np.array([[0.4 + 5e-7, 0.6 + 2.5e-7]])
#: Keeps what is sent to the GPU: the very bytes that are drawn.
WATCH = """() => {
  const held = window.held = new Map();
  const proto = WebGL2RenderingContext.prototype;
  for (const name of ["bufferData", "bufferSubData"]) {
    const send = proto[name];
    proto[name] = function (...args) {
      const data = args.find((one) => ArrayBuffer.isView(one));
      if (data) held.set(this.getParameter(this.ARRAY_BUFFER_BINDING), data.slice());
      return send.apply(this, args);
    };
  }
}"""
#: Of each point where it is, its colour and whether it is selected, in whatever order the map has.
DRAWN = """() => {
  const arrays = [...window.held.values()];
  const bytes = arrays.filter((one) => one instanceof Uint8Array && one.length === 500);
  const flags = bytes.find((one) => one.every((flag) => flag < 2));
  const codes = bytes.find((one) => one !== flags);
  const xy = arrays.find((one) => one instanceof Uint16Array && one.length === 1000);
  return Array.from(flags ?? [], (flag, i) => [xy[2 * i], xy[2 * i + 1], codes[i], flag]);
}"""


def polygon(rng: np.random.Generator, middle: np.ndarray, radius: float, number: int) -> Vertices:
    """Return a convex shape, a star, or one that crosses itself, in CSS pixels inside of a map."""
    corners = 8 if number % 3 else 5
    turn = np.sort(rng.uniform(0, 2 * np.pi, corners))
    if number % 3 == 0:
        turn = np.arange(5) * 4 * np.pi / 5 + rng.uniform(0, 6)
    away = radius * (rng.uniform(0.4, 1, corners) if number % 3 == 1 else np.full(corners, 1.0))
    vertices = middle + away[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return [(max(3.0, float(x)), max(3.0, float(y))) for x, y in vertices]


class Comparison:
    """A notebook with a map of the points above."""

    def __init__(self, book, output) -> None:
        self.book, self.output = book, output
        self.hand = MapHand(book.page, output)
        points = np.array(book.value("points.tolist()"))
        codes = book.value("view.hub.desk.coloring('part', None)[0].tolist()")
        steps = np.rint(points * 65535).astype(int).tolist()
        self.points = points
        self.rows = {(*step, code): f"p{i}" for i, (step, code) in enumerate(zip(steps, codes, strict=True))}
        assert len(self.rows) == len(points)

    def drawn(self) -> set[str]:
        """Return the keys of what is drawn as selected."""
        return {self.rows[x, y, code] for x, y, code, flag in self.book.page.evaluate(DRAWN) if flag}

    def draw(self, vertices: Vertices, hold: str | None) -> set[str]:
        """Draw, and return the keys that the kernel selected; what the map then holds are the same."""
        before = self.book.value("lens._study.revision")
        self.hand.lasso(vertices, hold=hold, steps=1)
        revision, keys = before, set()
        for _ in range(FRAMES):
            revision, keys = self.book.value("(lens._study.revision, lens.selection.keys())")
            if revision != before:
                break
        assert revision != before
        # The count is the reply's: what is drawn from here on is no first highlight.
        self.output.get_by_label("Selected").first.get_by_text(f"{len(keys):,}", exact=True).wait_for()
        for _ in range(FRAMES):
            if self.drawn() == set(keys):
                break
            self.book.page.evaluate("new Promise(requestAnimationFrame)")
        assert self.drawn() == set(keys)
        return set(keys)

    def zoom(self, scale: float) -> None:
        """Turn the wheel over the two clusters until so many pixels make a unit."""
        page, box = self.book.page, self.hand.surface.bounding_box()
        while (now := self.hand.camera()["scale"]) < scale:
            (x, y), *_ = self.hand.to_screen(MIDDLE)
            page.mouse.move(box["x"] + x, box["y"] + y)
            page.mouse.wheel(0, -200)
            page.wait_for_function(
                "([map, scale]) => JSON.parse(map.dataset.camera).scale > scale",
                arg=[self.hand.surface.element_handle(), now],
            )


def what_is_drawn_is_what_the_kernel_selected_test(notebook):
    book = notebook([CLOSE, "view = lens.explore(color='part')\nview"])
    book.page.evaluate(WATCH)
    book.run_all()
    compared = Comparison(book, book.output(1))
    hand, rng = compared.hand, np.random.default_rng(1)
    camera = hand.camera()
    size = np.array([camera["width"], camera["height"]])
    holds = (None, "Shift", "Alt", None)
    found = [
        compared.draw(polygon(rng, size * rng.uniform(0.3, 0.7, 2), rng.uniform(30, 130), i), holds[i % 4])
        for i in range(40)
    ]
    assert sum(0 < len(keys) < len(compared.points) for keys in found) > 30

    # Here both clusters lie on one step; only exact positions tell what is inside.
    compared.zoom(2.2e8)
    at = hand.to_screen(compared.points)
    apart = np.linalg.norm(at[2:82, None] - at[None, 2:82], axis=2) + 1e9 * np.eye(80)
    row = 2 + int(apart.min(axis=1).argmax())
    hand.click(*at[row])
    compared.output.get_by_role("region", name="Reader").get_by_text(f"p{row}", exact=True).first.wait_for()
    assert book.value("lens.focus") == f"p{row}"
    middles = hand.to_screen(np.array([[0.4, 0.6], [0.4 + 1e-6, 0.6 + 5e-7]]))
    close = [
        compared.draw(polygon(rng, middles[i % 2], rng.uniform(25, 70), i), holds[i % 4]) for i in range(20)
    ]
    assert sum(0 < len(keys) < 40 for keys in close) > 8
    assert {key for keys in close[::4] for key in keys} <= {f"p{i}" for i in range(2, 42)}
    book.assert_clean()
