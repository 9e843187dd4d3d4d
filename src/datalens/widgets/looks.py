"""How points are drawn beside their colours: size, opacity, what lies on top. Mirrors js/src/map/sizing.ts and order.ts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError
from datalens.table.colors import CODE_FIRST, NUMBER_STEPS

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np

    from datalens.study.study import Study
    from datalens.widgets.desk import Desk

    Array = np.ndarray[Any, Any]

MOST_LOOK = 10  # times the size that density asks for
ORDERS = ("random", "high values", "low values", "rare values")
# A byte is so many times the diameter of a plain point: LEAST + byte / STEPS.
LEAST, STEPS = 0.6, 160
# So small a part of the numbers that are left, or so much rarer a category, comes upon the rest.
PASSES_MAX, UPPERMOST = 4, 1 / 4
# Few points of a rare category would be lost among many, however much they lie on top.
RARE_GROWTH = 2
SIZED = ("number", "integer", "datetime", "boolean")


# A view's "look" where nobody has chosen.
NO_LOOK: dict[str, Any] = {"size": 1, "opacity": 1, "by": None, "order": "random", "contours": False}


@dataclass(frozen=True)
class Look:
    """How points are drawn.

    Attributes
    ----------
    size, opacity : float
        Factors of what density asks for.
    sizes : numpy.ndarray of uint8, shape (n,), or None
        How large each point is, in the order of the points; None where all are of one size.
    order : str
        One of `ORDERS`.
    """

    size: float = 1
    opacity: float = 1
    sizes: Array | None = None
    order: str = "random"


PLAIN = Look()


def is_look(value: Any, columns: Collection[str]) -> bool:
    """Say whether a view's "look" is one; what browser and journal hold is untrusted.

    Examples
    --------
    >>> is_look({"size": 2, "opacity": 1, "by": "loss"}, ["loss"]), is_look({"size": -1, "opacity": 1}, [])
    (True, False)
    """
    if not isinstance(value, dict):
        return False
    given = {**NO_LOOK, **value}
    return (
        given.keys() == NO_LOOK.keys()
        and value.keys() >= {"size", "opacity"}
        and all(type(given[p]) in (int, float) and 0 < given[p] < MOST_LOOK for p in ("size", "opacity"))
        and (given["by"] is None or (isinstance(given["by"], str) and given["by"] in columns))
        and given["order"] in ORDERS
        and isinstance(given["contours"], bool)
    )


def check_size(study: Study, name: str) -> None:
    """Raise unless a column can size points.

    Raises
    ------
    ColumnError
        When there is no such column.
    UnfitError
        When its values are not larger or smaller.
    """
    study.check_column(name)
    found = study.describe(name)
    if not found.numeric and found.kind not in SIZED:
        msg = (
            f"size={name!r} can't size points: the column holds {found.kind} values, which are not larger or smaller. "
            "Give a column of numbers, dates or booleans."
        )
        raise UnfitError(msg)


def look_of(desk: Desk, settings: dict[str, Any], order: Array) -> Look:
    """Return how a view with these settings draws its points.

    Parameters
    ----------
    desk : Desk
        Answers for the study; the caller holds its lock.
    settings : dict
        The view's; untrusted.
    order : numpy.ndarray, shape (n,)
        The ordinals of the points.

    Returns
    -------
    Look
        A plain one where the settings have none that fits.
    """
    given = settings.get("look")
    if not is_look(given, desk.study.names()):
        return PLAIN
    look = {**NO_LOOK, **(given or {})}
    name = look["by"]
    sizes = None if name is None else size_bytes(*desk.coloring(name, "quantile"))[order]
    return Look(look["size"], look["opacity"], sizes, look["order"])


def size_bytes(codes: Array, legend: dict[str, Any]) -> Array:
    """Return a byte a row, larger for larger values; what has no value has the least.

    Parameters
    ----------
    codes : numpy.ndarray, shape (rows,)
        What `color_codes` gave.
    legend : dict
        What it gave beside them.

    Examples
    --------
    >>> import numpy as np
    >>> legend = {"kind": "category", "values": [{"value": True}, {"value": False}]}
    >>> size_bytes(np.array([0, 3, 4]), legend).tolist()
    [0, 255, 3]
    """
    import numpy as np

    if legend["kind"] == "number":
        return codes.astype(np.uint8)
    numbers = [_number(value["value"]) for value in legend["values"]]
    bytes_of = np.zeros(CODE_FIRST + len(numbers), dtype=np.uint8)
    for rank, i in enumerate(sorted(range(len(numbers)), key=numbers.__getitem__)):
        bytes_of[CODE_FIRST + i] = CODE_FIRST + NUMBER_STEPS * rank // max(1, len(numbers) - 1)
    return bytes_of[codes]


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def factors_of(sizes: Array) -> Array:
    """Return how many times as large as a plain one points of these bytes are."""
    import numpy as np

    return np.asarray(LEAST + sizes / STEPS)


def passes_of(codes: Array, legend: dict[str, Any] | None, order: str) -> list[Array]:
    """Return the places of the points in the passes that are drawn one upon the other.

    Parameters
    ----------
    codes : numpy.ndarray, shape (n,)
        Colour codes of the points.
    legend : dict or None
        What explains them.
    order : str
        One of `ORDERS`; one that does not fit the legend is random.

    Examples
    --------
    >>> import numpy as np
    >>> codes = np.array([4, 3, 3, 3, 3, 3])
    >>> [part.tolist() for part in passes_of(codes, {"kind": "category"}, "rare values")]
    [[1, 2, 3, 4, 5], [0]]
    """
    import numpy as np

    fits = ("high values", "low values") if legend and legend["kind"] == "number" else ("rare values",)
    if legend is None or order not in fits:
        return [np.arange(len(codes))]
    # Codes rise with values and with rarity; what has no value lies below all else.
    ranks = codes.astype(np.int64)
    known = ranks >= CODE_FIRST
    if order == "low values":
        ranks[known] = ranks.max(initial=0) + CODE_FIRST - ranks[known]
    counts = np.bincount(ranks[known], minlength=CODE_FIRST + 1)
    # Of categories that are about as frequent none is to hide the others.
    weights = counts if legend["kind"] != "number" else counts.sum() - np.cumsum(counts) + counts
    starts, most = [0], weights[CODE_FIRST]
    for rank in range(CODE_FIRST, len(counts)):
        if 0 < weights[rank] <= most * UPPERMOST and len(starts) < PASSES_MAX:
            starts.append(rank)
            most = weights[rank]
    ends = [*starts[1:], len(counts)]
    return [np.flatnonzero((ranks >= a) & (ranks < b)) for a, b in zip(starts, ends, strict=True)]
