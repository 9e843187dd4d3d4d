"""Polygons read back from SQL: the counted crossings of a ray with their edges, and the box around them."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datalens.predicate.nodes import MIN_VERTICES, And, Between, Compare, Inside
from datalens.predicate.operands import Arithmetic, Field, Literal, Operand, names_of
from datalens.predicate.polygon import Side, bounds, edges
from datalens.predicate.scalars import SAFE_INTEGER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datalens.predicate.base import Predicate

_BOX = ("ge", "lt", "ge", "lt")
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Counted:
    """Conditions that are counted: ``CAST(a AS INT) + CAST(b AS INT)``."""

    of: tuple[Predicate, ...]


@dataclass(frozen=True)
class _Crossing:
    """An edge as it is printed: from (x1, y1), over so much in x and y; upright ones don't say where they begin."""

    x: str
    y: str
    low: float
    high: float
    x1: float
    y1: float | None = None
    rise: float = 0.0
    run: float = 0.0


def inside(x: str, y: str, counted: Counted, box: tuple[float, float, float, float]) -> Predicate:
    """Return the polygon of which an odd number of edges is crossed.

    Parameters
    ----------
    x, y : str
        The columns that the box is about.
    counted : Counted
    box : tuple of float
        x0, x1, y0, y1: the bounds of the polygon.

    Raises
    ------
    ValueError
        Where the conditions aren't the edges of a polygon.
    """
    found = [_crossing(part) for part in counted.of]
    if any((one.x, one.y) != (x, y) for one in found):
        msg = "The edges of a polygon, and the box around it, are about the same two columns."
        raise ValueError(msg)
    # Upright edges don't say which end is the first: one that is known, or a guess, leads to the others.
    for flipped in (False, True):
        sides = _sides(found, flipped=flipped)
        if sides is not None:
            polygon = _closed(sides, box)
            if polygon is not None:
                return Inside(x, y, polygon)
    msg = "These conditions, which are counted, aren't the edges of one polygon in their order."
    raise ValueError(msg)


def box_of(parts: Sequence[Predicate]) -> tuple[str, str, tuple[float, float, float, float]] | None:
    """Return the columns and bounds of ``x BETWEEN 0 AND 1 AND y BETWEEN 0 AND 1``, if this is it."""
    sides: list[tuple[str, float, float]] = []
    rest = list(parts)
    while rest:
        # With bounds that engines bring to other types, BETWEEN is printed as two comparisons.
        side = rest[0] if isinstance(rest[0], Between) else _between(*rest[:2]) if len(rest) > 1 else None
        if side is None or not _are_numbers(side.low, side.high):
            return None
        sides.append((side.column, float(side.low), float(side.high)))  # type: ignore[arg-type]
        rest = rest[1 if side is rest[0] else 2 :]
    if len(sides) != 2:  # noqa: PLR2004
        return None
    (x, x0, x1), (y, y0, y1) = sides
    return x, y, (x0, x1, y0, y1)


def _are_numbers(*values: object) -> bool:
    return all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)


def _between(low: Predicate, high: Predicate) -> Between | None:
    match low, high:
        case (
            Compare(op="ge", left=left, right=Literal(value=x0)),
            Compare(op="le", left=left_2, right=Literal(value=x1)),
        ) if _plain(left) == _plain(left_2) and isinstance(_plain(left), Field):
            return Between(_plain(left).name, x0, x1)  # type: ignore[union-attr]
    return None


def rectangle(
    parts: Sequence[Predicate], largest: float = SAFE_INTEGER, *, on_one: bool = False
) -> Predicate | None:
    """Return the rectangle of ``x >= 0 AND x < 1 AND y >= 0 AND y < 1``, if this is it.

    Parameters
    ----------
    parts : sequence of Predicate
        Four.
    largest : float
        The largest bound: beyond 2**53 integers are compared otherwise than as floats, unless they are cast.
    on_one : bool
        Whether one column may be along both axes.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> x, y = col("x"), col("y")
    >>> rectangle([x >= 0, x < 1, y >= 0, y < 1]).is_box
    True
    """
    found: list[tuple[str, float]] = []
    for part, op in zip(parts, _BOX, strict=True):
        match part:
            case Compare(op=said, left=left, right=Literal(value=value)) if (
                said == op
                and isinstance(_plain(left), Field)
                and _are_numbers(value)
                and abs(value) <= largest  # type: ignore[arg-type, operator]
            ):
                found.append((next(names_of(left)), float(value)))  # type: ignore[arg-type]
            case _:
                return None
    (x, x0), (x_2, x1), (y, y0), (y_2, y1) = found
    if (x, y) != (x_2, y_2) or (x == y and not on_one) or not (x0 < x1 and y0 < y1):
        return None
    return Inside(x, y, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))


def _crossing(part: Predicate) -> _Crossing:
    match part:
        case And(
            of=(
                Compare(op="ge", left=beside, right=Literal(value=int() | float() as low)),
                Compare(op="lt", left=beside_2, right=Literal(value=int() | float() as high)),
                Compare(op="lt", left=left, right=right),
            )
        ) if _plain(beside) == _plain(beside_2) and isinstance(_plain(beside), Field):
            y = next(names_of(beside))
            field = _plain(left)
            if (
                isinstance(field, Field)
                and isinstance(right, Literal)
                and isinstance(right.value, (int, float))
            ):
                return _Crossing(field.name, y, float(low), float(high), float(right.value))
            slope, x1 = _constant(right, sign=1)
            match field, slope:
                case (
                    Field(name=x),
                    Arithmetic(
                        op="div",
                        left=Arithmetic(op="mul", left=rise, right=Literal(value=int() | float() as run)),
                        right=Literal(value=int() | float() as height),
                    ),
                ):
                    begin, minus = _constant(rise, sign=-1)
                    if begin == Field(y):
                        # Not from -0.0, which is no other place.
                        return _Crossing(
                            x, y, float(low), float(high), x1 + 0.0, minus + 0.0, float(height), float(run)
                        )
    msg = "A condition that is counted is read where it is an edge of a polygon, as it is printed."
    raise ValueError(msg)


def _plain(side: Operand) -> Operand:
    """Return a column without the zero that is added to it, or the one that it is multiplied by."""
    match side:
        case Arithmetic(op="add", left=Field() as field, right=Literal(value=0)):
            return field
        case Arithmetic(op="mul", left=Field() as field, right=Literal(value=1)):
            return field
    return side


def _constant(side: Operand, *, sign: int) -> tuple[Operand, float]:
    """Return what stands before a number that is added (sign: 1) or taken away (-1), and the number."""
    match side:
        case Arithmetic(op=("add" | "sub") as op, left=left, right=Literal(value=int() | float() as value)):
            return left, float(value) if (op == "add") == (sign > 0) else -float(value)
    return side, 0.0


def _sides(found: Sequence[_Crossing], *, flipped: bool) -> list[Side] | None:
    """Return the edges' ends: where x2 isn't known but by its distance, it is rounded."""
    count = len(found)
    starts: list[float | None] = [one.y1 for one in found]
    first = next((i for i, start in enumerate(starts) if start is not None), None)
    if first is None:
        first = 0
        starts[0] = found[0].high if flipped else found[0].low
    for step in range(count):
        i, after = (first + step) % count, (first + step + 1) % count
        begin = starts[i]
        if begin not in (found[i].low, found[i].high):
            return None
        end = found[i].high if begin == found[i].low else found[i].low
        if starts[after] is None:
            starts[after] = end
        if starts[after] != end:
            return None
    sides: list[Side] = []
    for one, begin in zip(found, starts, strict=True):
        end = one.high if begin == one.low else one.low
        if begin is None or (one.y1 is not None and end - begin != one.rise):
            return None
        sides.append((one.x1, begin, one.x1 + one.run, end))
    return sides


def _closed(sides: Sequence[Side], box: tuple[float, float, float, float]) -> Points | None:
    """Return the polygon with these edges and bounds; level edges, which aren't printed, join them."""
    vertices: list[tuple[float, float]] = []
    for (x1, y1, x2, y2), (next_x, _, _, _) in zip(sides, [*sides[1:], sides[0]], strict=True):
        vertices.append((x1, y1))
        run = x2 - x1
        # The next edge begins where this one ends, unless a level one lies between.
        if next_x - x1 == run or (x1 == x2 == next_x):
            continue
        ends = (box[0], box[1], x2, math.nextafter(x2, math.inf), math.nextafter(x2, -math.inf))
        end = next((end for end in ends if end - x1 == run), x2)
        vertices.append((end, y2))
    x0, x1, _, _ = bounds(vertices)
    # A level spike widens the box, and is crossed by no ray.
    first_x, first_y = vertices[0]
    spikes = [edge for edge, own in ((box[0], x0), (box[1], x1)) if edge != own]
    vertices += itertools.chain.from_iterable([(first_x, first_y), (edge, first_y)] for edge in spikes)
    # A line there and back is a polygon of two corners.
    vertices += [vertices[-1]] * (MIN_VERTICES - len(vertices))
    wanted = [(x, y, x2 - x, y2 - y) for x, y, x2, y2 in sides]
    made = [(x, y, x2 - x, y2 - y) for x, y, x2, y2 in edges(vertices)]
    return tuple(vertices) if made == wanted and bounds(vertices) == box else None
