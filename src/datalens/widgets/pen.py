"""Words on a picture that is drawn in the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.widgets.inks import Theme, rgb

if TYPE_CHECKING:
    from PIL import Image

# Pillow brings one font, with the Latin alphabet; other names stand as their number, and as text beside the picture.
LAST_DRAWABLE = "\u017f"
MOST_CHARACTERS = 200


def is_drawable(text: str) -> bool:
    """Say whether the picture's font can write a text: not every alphabet is in it.

    Examples
    --------
    >>> is_drawable("Łódź"), is_drawable("日本")
    (True, False)
    """
    return all(" " <= c <= LAST_DRAWABLE for c in " ".join(text.split()))


def drawable(text: str, instead: str) -> str:
    """Return a text in one line where the font can write it, else what stands for it."""
    return " ".join(text.split()) if is_drawable(text) else instead


class Pen:
    """Writes on an image; all places and sizes in CSS pixels.

    Parameters
    ----------
    sheet : PIL.Image.Image
        What is written on.
    ratio : float
        Pixels for one CSS pixel.
    theme : Theme
        Its colours.
    """

    def __init__(self, sheet: Image.Image, ratio: float, theme: Theme) -> None:
        from PIL import ImageDraw

        self.ratio = ratio
        self.theme = theme
        self._draw = ImageDraw.Draw(sheet)
        self._fonts: dict[int, Any] = {}

    def write(self, x: float, y: float, text: str, size: int = 12, *, pale: bool = False) -> None:
        """Write from the upper left."""
        ink = self.theme.pale if pale else self.theme.text
        self._draw.text((self.px(x), self.px(y)), text, fill=ink, font=self._font(size))

    def name(self, x: float, y: float, text: str, size: int, halo: float, strength: float) -> None:
        """Write about a middle, with a halo in the colour of the ground."""
        ground, full = rgb(self.theme.ground), rgb(self.theme.text)
        ink = tuple(round(g + strength * (f - g)) for g, f in zip(ground, full, strict=True))
        self._draw.text(
            (self.px(x), self.px(y)),
            text,
            fill=ink,
            font=self._font(size),
            anchor="mm",
            stroke_width=self.px(halo),
            stroke_fill=ground,
        )

    def length(self, text: str, size: int = 12) -> float:
        """Return how wide a text is."""
        return float(self._draw.textlength(text, font=self._font(size))) / self.ratio

    def clipped(self, text: str, room: float, size: int = 12) -> str:
        """Return as much of a text as there is room for."""
        text = text[:MOST_CHARACTERS]
        if self.length(text, size) <= room:
            return text
        while text and self.length(text + "...", size) > room:
            text = text[:-1]
        return text.rstrip() + "..."

    def disc(self, x: float, y: float, diameter: float, ink: str) -> None:
        """Fill a disc from its upper left."""
        ends = [self.px(x), self.px(y), self.px(x + diameter), self.px(y + diameter)]
        self._draw.ellipse(ends, fill=rgb(ink))

    def bar(self, x0: float, y0: float, x1: float, y1: float, ink: tuple[int, ...]) -> None:
        """Fill a rectangle."""
        self._draw.rectangle([self.px(x0), self.px(y0), self.px(x1) - 1, self.px(y1) - 1], fill=ink)

    def px(self, css: float) -> int:
        """Return pixels."""
        return round(css * self.ratio)

    def _font(self, size: int) -> Any:
        from PIL import ImageFont

        if size not in self._fonts:
            self._fonts[size] = ImageFont.load_default(size * self.ratio)
        return self._fonts[size]
