"""The colours of the front end, for pictures drawn in the kernel. Mirrors js/src/map/palette.ts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from datalens.table.colors import CODE_FIRST, CODE_NOT_COMPUTED, CODE_NULL, CODE_OTHER, NUMBER_STEPS

if TYPE_CHECKING:
    import numpy as np

CATEGORIES = (
    "#3e73b3", "#e28e11", "#2a9b69", "#b00a47", "#7418c0", "#0ab0d8", "#ee74a8", "#d3c200", "#7c3a06", "#5fd552",
    "#46408a", "#0f787a", "#dc27bf", "#fb9576", "#867be9", "#04593a", "#7d1863", "#82bdf2", "#7f7109", "#45d3b2",
)  # fmt: skip
NONE, PENDING, OTHER, NOISE, ACCENT = "#a9adb3", "#c9ccd1", "#8b76b4", "#c9b58b", "#3a74c4"
# What is not selected, as js/src/map/renderer.ts has it, and how much of the ground it covers at most.
DIM, DIM_STRENGTH = "#999ea6", 0.38
# Every twelfth step of the scale of numbers; between them a straight line is the same to the eye.
RAMP = (
    "#efcb3f", "#d7cd42", "#bdce4c", "#a2cd5a", "#89c968", "#70c374", "#59bc7e", "#42b386", "#29ab8e", "#10a295", "#00979a",
    "#018d9c", "#0b819d", "#11769e", "#1b6a9f", "#265f9f", "#30529c", "#374595", "#39398c", "#392c81", "#381f76", "#36126a",
)  # fmt: skip
# And of the one with zero in the middle.
DIVERGING = (
    "#1c2f7a", "#223e8c", "#284d9e", "#2f5db0", "#376dc0", "#447ecc", "#548ed3", "#699dd6", "#81acd9", "#9bb9d9", "#b6c5d5",
    "#d1d1d1", "#d9c0b0", "#deaf8e", "#df9c6e", "#dd8753", "#d8723c", "#cf5e2d", "#c14b22", "#af3c1d", "#9c2f1a", "#882317", "#751613",
)  # fmt: skip
CATEGORIES_DARK = (
    "#6a9cdb", "#fca639", "#59b989", "#e0466e", "#9e5cea", "#10d0fa", "#fe9cc3", "#ecdf38", "#b9632a", "#8cfa82",
    "#7673c0", "#4ba1a2", "#fa5bdc", "#febaa5", "#a29bff", "#2c9165", "#b5559a", "#bbdfff", "#b09c14", "#7cf3d4",
)  # fmt: skip
RAMP_DARK = (
    "#543c95", "#51479f", "#4d54a9", "#475fb1", "#3f6bb7", "#3577ba", "#2c82bb", "#258dba", "#1d98b8", "#16a2b5", "#18acb0",
    "#26b5a8", "#39bda0", "#4cc497", "#60cb8b", "#74d17e", "#8cd66f", "#a3db62", "#badf59", "#d1e454", "#e5e952", "#f9ed52",
)  # fmt: skip
DIVERGING_DARK = (
    "#8edefe", "#7bd1fb", "#6bc2f9", "#60b4f5", "#5aa4ed", "#5895de", "#5788cd", "#567bb9", "#546fa3", "#53668a", "#545e6f",
    "#555555", "#71574f", "#8b5849", "#a45a44", "#bb6141", "#d06c40", "#e07840", "#ee8941", "#f79c48", "#fdb055", "#ffc468", "#ffd87d",
)  # fmt: skip


@dataclass(frozen=True)
class Theme:
    """What a picture is drawn in.

    Attributes
    ----------
    ground, text, pale : str
        Of the paper, of words, and of words that matter less.
    dim : str
        Of what is not selected; it covers `dim_strength` of the ground at most.
    ramp : tuple of str
        The scale of numbers.
    diverging : tuple of str
        The scale of numbers on both sides of zero.
    inks : dict of str to str
        The theme's colours by those on a light ground. What is not in it, as a colour that a person chose, stays.
    """

    ground: str = "#ffffff"
    text: str = "#282a2e"
    pale: str = "#6e7278"
    dim: str = DIM
    dim_strength: float = DIM_STRENGTH
    ramp: tuple[str, ...] = RAMP
    diverging: tuple[str, ...] = DIVERGING
    inks: dict[str, str] = field(default_factory=dict)

    def ink(self, light: str) -> str:
        """Return the theme's colour for one on a light ground.

        Examples
        --------
        >>> LIGHT.ink("#3e73b3"), DARK.ink("#3e73b3")
        ('#3e73b3', '#6a9cdb')
        """
        return self.inks.get(light, light)


LIGHT = Theme()
DARK = Theme(
    "#1b1c1f",
    "#e2e4e8",
    "#9a9ea6",
    "#808791",
    0.36,
    RAMP_DARK,
    DIVERGING_DARK,
    dict(
        zip(
            (*CATEGORIES, NONE, PENDING, OTHER, NOISE, ACCENT),
            (*CATEGORIES_DARK, "#6d737c", "#4d525a", "#9380c2", "#a3926a", "#6fa8f0"),
            strict=True,
        )
    ),
)
THEMES = {"light": LIGHT, "dark": DARK}


def category_ink(index: int, label: str) -> str:
    """Return the colour of a category by its place in the legend; those beyond the palette share one.

    Examples
    --------
    >>> category_ink(0, "a"), category_ink(25, "z"), category_ink(3, "Noise")
    ('#3e73b3', '#8b76b4', '#c9b58b')
    """
    if label.strip().lower() == "noise":
        return NOISE
    return CATEGORIES[index] if index < len(CATEGORIES) else OTHER


def value_ink(index: int, value: dict[str, Any]) -> str:
    """Return the colour of a legend's value: a tag has its own.

    Examples
    --------
    >>> (
    ...     value_ink(3, {"label": "a"}),
    ...     value_ink(3, {"label": "a", "color": "#ff0000"}),
    ...     value_ink(3, {"label": "a", "color": 0}),
    ... )
    ('#b00a47', '#ff0000', '#3e73b3')
    """
    color = value.get("color", index)
    return color if isinstance(color, str) else category_ink(color, value["label"])


def rgb(ink: str) -> tuple[int, int, int]:
    """Return a colour as three bytes.

    Examples
    --------
    >>> rgb("#3e73b3")
    (62, 115, 179)
    """
    return int(ink[1:3], 16), int(ink[3:5], 16), int(ink[5:7], 16)


def code_inks(legend: dict[str, Any] | None, theme: Theme = LIGHT) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return the colour of every code of a legend.

    Parameters
    ----------
    legend : dict or None
        What `color_codes` gave beside the codes; None where one colour draws all.
    theme : Theme
        What they are drawn in.

    Returns
    -------
    numpy.ndarray of float32, shape (codes, 3)
        0 to 255.
    """
    import numpy as np

    if legend is None:
        return np.array([rgb(theme.ink(ACCENT))], dtype=np.float32)
    if legend["kind"] == "number":
        shown = theme.diverging if legend["scale"] == "symmetric" else theme.ramp
        at = np.linspace(0, len(shown) - 1, NUMBER_STEPS + 1)
        stations = np.array([rgb(ink) for ink in shown])
        steps = np.stack([np.interp(at, np.arange(len(shown)), stations[:, c]) for c in range(3)], axis=1)
    else:
        values = legend["values"]
        steps = np.array(
            [rgb(theme.ink(value_ink(i, value))) for i, value in enumerate(values)], dtype=float
        ).reshape(-1, 3)
    inks = np.zeros((CODE_FIRST + len(steps), 3), dtype=np.float32)
    inks[CODE_NULL], inks[CODE_NOT_COMPUTED], inks[CODE_OTHER] = (
        rgb(theme.ink(ink)) for ink in (NONE, PENDING, OTHER)
    )
    inks[CODE_FIRST:] = steps
    return inks
