"""What a person's hand does on the views, and what should come of it, worked out apart from DataLens."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL import Image
    from playwright.sync_api import Locator, Page

Vertices = list[tuple[float, float]]
# Points nearer than this to the line that was drawn may fall on either side: the mouse moves in whole pixels.
EDGE_PX = 2.0
# A change that is not seen within so many of the browser's frames does not come.
FRAMES = 300
# Of 255: red, green and blue of a grey lie no further apart.
GREY = 20


class MapHand:
    """Draws on a map: `output` is a place on the page that holds one map."""

    def __init__(self, page: Page, output: Locator) -> None:
        self.page = page
        self.surface = output.get_by_role("application", name="Map")
        self.surface.and_(page.locator("[data-ready='true']")).wait_for()

    def camera(self) -> dict[str, float]:
        """Return the centre (cx, cy), pixels a unit (scale) and size of the map at rest."""
        return json.loads(self.surface.get_attribute("data-camera"))

    def to_screen(self, points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return where coordinates (n, 2) lie, in CSS pixels of the map."""
        camera = self.camera()
        x = camera["width"] / 2 + (points[:, 0] - camera["cx"]) * camera["scale"]
        y = camera["height"] / 2 - (points[:, 1] - camera["cy"]) * camera["scale"]
        return np.stack([x, y], axis=1)

    def lasso(self, vertices: Vertices, *, hold: str | None = None, steps: int = 4) -> None:
        """Drag along vertices in CSS pixels of the map, each reached in so many moves."""
        self.surface.scroll_into_view_if_needed()
        box = self.surface.bounding_box()
        mouse = self.page.mouse
        mouse.move(box["x"] + vertices[0][0], box["y"] + vertices[0][1])
        if hold:
            self.page.keyboard.down(hold)
        mouse.down()
        for x, y in vertices[1:]:
            mouse.move(box["x"] + x, box["y"] + y, steps=steps)
        mouse.up()
        if hold:
            self.page.keyboard.up(hold)

    def click(self, x: float, y: float) -> None:
        """Click at CSS pixels of the map."""
        self.surface.click(position={"x": x, "y": y})

    def hover(self, x: float, y: float) -> None:
        """Move the pointer to CSS pixels of the map."""
        self.surface.hover(position={"x": x, "y": y})

    def marked(self, x: float, y: float) -> None:
        """Wait until something is drawn over the points at CSS pixels of the map: a ring."""
        self._wait_for_ring(x, y, present=True)

    def unmarked(self, x: float, y: float) -> None:
        """Wait until nothing is drawn over the points there."""
        self._wait_for_ring(x, y, present=False)

    def _wait_for_ring(self, x: float, y: float, *, present: bool) -> None:
        self.page.wait_for_function(
            """([canvas, x, y, present]) => {
              const { data } = canvas.getContext("2d").getImageData(x - 12, y - 12, 24, 24);
              return data.some((value, i) => i % 4 === 3 && value > 0) === present;
            }""",
            arg=[self.surface.element_handle(), x, y, present],
        )

    def colours(self) -> int:
        """Return how many colours the map's pixels have: a blank map has one or two."""
        return len(self._picture().getcolors(maxcolors=2**24) or [])

    def wait_for_colours(self, count: int) -> None:
        """Wait until the map's pixels have so many colours: what is drawn is seen a few frames later."""
        for _ in range(FRAMES):
            if self.colours() > count:
                return
            self.page.evaluate("new Promise(requestAnimationFrame)")
        msg = f"The map shows {self.colours()} colours only."
        raise AssertionError(msg)

    def is_grey(self, x: float, y: float) -> bool:
        """Whether a pixel is grey, at CSS pixels of the map: what is dimmed is."""
        colour = self._picture().getpixel((round(x), round(y)))
        return max(colour) - min(colour) < GREY

    def wait_for_grey(self, x: float, y: float, *, grey: bool = True) -> None:
        """Wait until a pixel is grey, or has a colour."""
        for _ in range(FRAMES):
            if self.is_grey(x, y) == grey:
                return
            self.page.evaluate("new Promise(requestAnimationFrame)")
        msg = f"The pixel at {x:.0f}, {y:.0f} does not turn {'grey' if grey else 'to a colour'}."
        raise AssertionError(msg)

    def _picture(self) -> Image.Image:
        from PIL import Image

        return Image.open(io.BytesIO(self.surface.screenshot())).convert("RGB")


def around(points: np.ndarray[Any, Any], share: float = 0.8, corners: int = 12) -> Vertices:
    """Return a polygon about the middle of points (n, 2) that holds most of them."""
    middle = np.median(points, axis=0)
    radius = float(np.quantile(np.hypot(*(points - middle).T), share)) + 3
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False) + 0.2
    return [(middle[0] + radius * np.cos(t), middle[1] + radius * np.sin(t)) for t in turn]


def inside(points: np.ndarray[Any, Any], vertices: Vertices) -> np.ndarray[Any, Any]:
    """Say for points (n, 2) in pixels: 1 inside, 0 outside, -1 too near to the edge to tell."""
    result = np.zeros(len(points), dtype=bool)
    near = np.zeros(len(points), dtype=bool)
    for (ax, ay), (bx, by) in zip(vertices, vertices[1:] + vertices[:1], strict=True):
        x, y = points.T
        with np.errstate(divide="ignore", invalid="ignore"):
            crosses = ((ay > y) != (by > y)) & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
        result ^= crosses
        length = max(np.hypot(bx - ax, by - ay), 1e-9)
        along = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length**2, 0, 1)
        near |= np.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)) < EDGE_PX
    return np.where(near, -1, result.astype(int))
