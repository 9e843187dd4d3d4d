"""The colours of the front end on a light ground, for pictures drawn in the kernel. Mirrors js/src/map/palette.ts."""

from __future__ import annotations

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


def code_inks(legend: dict[str, Any] | None) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return the colour of every code of a legend.

    Parameters
    ----------
    legend : dict or None
        What `color_codes` gave beside the codes; None where one colour draws all.

    Returns
    -------
    numpy.ndarray of float32, shape (codes, 3)
        0 to 255.
    """
    import numpy as np

    if legend is None:
        return np.array([rgb(ACCENT)], dtype=np.float32)
    if legend["kind"] == "number":
        at = np.linspace(0, len(RAMP) - 1, NUMBER_STEPS + 1)
        stations = np.array([rgb(ink) for ink in RAMP])
        steps = np.stack([np.interp(at, np.arange(len(RAMP)), stations[:, c]) for c in range(3)], axis=1)
    else:
        values = legend["values"]
        steps = np.array([rgb(value_ink(i, value)) for i, value in enumerate(values)], dtype=float).reshape(
            -1, 3
        )
    inks = np.zeros((CODE_FIRST + len(steps), 3), dtype=np.float32)
    inks[CODE_NULL], inks[CODE_NOT_COMPUTED], inks[CODE_OTHER] = rgb(NONE), rgb(PENDING), rgb(OTHER)
    inks[CODE_FIRST:] = steps
    return inks
