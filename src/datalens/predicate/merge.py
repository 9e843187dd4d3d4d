"""Conditions on one column, joined by and or or, as fewer: bounds become intervals, values become lists.

A literal is compared in its column's own precision, which the predicate doesn't know: 0.1 and 0.1000000001 are one
number in a column of 32-bit floats, and two in another. Rounding keeps order, but may make two literals one. So a
step is taken only where it holds whether or not the column rounds; where two literals have to differ, they have to
differ as floats of 16, 32 and 64 bits (`_apart`). Lists look for whole numbers among integers alone, ``==`` compares
these as floats too: the two are exchanged only where all of these floats hold the literal exactly (`_plain`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from datalens.predicate.nodes import Between, Compare, IsIn, Keys, column_names
from datalens.predicate.operands import Field, Literal
from datalens.predicate.scalars import SAFE_INTEGER, kind

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from datalens.predicate.base import Predicate
    from datalens.predicate.operands import Operand

# The parts of a join by their places in it. A place may hold two bounds of what was one condition.
Places = dict[int, list["Predicate"]]


@dataclass(frozen=True, slots=True)
class _Bound:
    """One end of an interval."""

    op: str
    of: Operand
    value: Any
    place: int

    @property
    def node(self) -> Compare:
        return Compare(self.op, self.of, Literal(self.value))  # type: ignore[arg-type]


def tidy_leaf(node: Predicate) -> Predicate | None:
    """Return a leaf as it is written best; None where it never matches.

    Examples
    --------
    >>> tidy_leaf(IsIn("source", ("web",)))
    dl.col('source') == 'web'
    >>> tidy_leaf(Between("loss", 3, 1)) is None
    True
    """
    match node:
        case IsIn(values=()):
            return None
        case IsIn(column=name, values=(value,)) if _plain(value):
            return Compare("eq", Field(name), Literal(value))
        case Between(low=low, high=high) if _above(low, high) and _apart(low, high):
            return None
    return node


def joined_leaves(parts: list[Predicate], *, all_of: bool) -> list[Predicate] | None:
    """Merge the conditions on one column among several that are joined.

    Parameters
    ----------
    parts : list of Predicate
        What is joined.
    all_of : bool
        By and; else by or.

    Returns
    -------
    list of Predicate or None
        In the order given. None where two of an and exclude one another.

    Examples
    --------
    >>> joined_leaves([IsIn("n", (1, 2)), IsIn("n", (2, 3))], all_of=True)
    [dl.col('n') == 2]
    """
    places: Places = {place: [part] for place, part in enumerate(parts)}
    groups: dict[tuple[Hashable, str, bool], list[int]] = {}
    for place, part in enumerate(parts):
        key = _key(part)
        if key is not None:
            groups.setdefault(key, []).append(place)
    merges = (_intersect, _narrow) if all_of else (_unite, _widen)
    for (_, _, is_bound), group in groups.items():
        if len(group) > 1 and not merges[is_bound](group, places):
            return None
    return [part for place in sorted(places) for part in places[place]]


def _key(part: Predicate) -> tuple[Hashable, str, bool] | None:
    """Return what a condition is merged by: what it is about, the kind of its literals, whether they are bounds."""
    match part:
        case Compare(op="eq", left=Field(name=name), right=Literal(value=value)) if _plain(value):
            return name, kind(value), False
        case IsIn(column=name, values=(value, *_)):
            return name, kind(value), False
        case Keys(identity=identity, values=(value, *_)):
            return identity, kind(value), False
        case Compare(op="lt" | "le" | "gt" | "ge", left=left, right=Literal(value=value)):
            return left, kind(value), True
        case Between(column=name, low=low):
            return Field(name), kind(low), True
    return None


# Bounds.


def _bounds(part: Any, place: int) -> list[_Bound]:
    if isinstance(part, Between):
        of = Field(part.column)
        return [_Bound("ge", of, part.low, place), _Bound("le", of, part.high, place)]
    return [_Bound(part.op, part.left, part.right.value, place)]


def _narrow(group: list[int], places: Places) -> bool:
    """Leave of the bounds that all hold those that decide; say whether any value lies within."""
    bounds = [bound for place in group for bound in _bounds(places[place][0], place)]
    if not _exact_together(bound.value for bound in bounds):
        return True
    gt, ge = _tightest(bounds, "gt", _above), _tightest(bounds, "ge", _above)
    lt, le = _tightest(bounds, "lt", _below), _tightest(bounds, "le", _below)
    if gt and ge:
        gt, ge = _decisive(gt, ge, _below)
    if lt and le:
        lt, le = _decisive(lt, le, _above)
    gt, ge, lt, le = _in_place(bounds, gt, ge, lt, le)
    for low in filter(None, (gt, ge)):
        for high in filter(None, (lt, le)):
            strict = low is gt or high is lt
            if not _below(low.value, high.value) and (strict or _apart(low.value, high.value)):
                return False
    left: list[tuple[int, Predicate]] = [(b.place, b.node) for b in (gt, lt) if b]
    if ge and le and isinstance(ge.of, Field):
        left.append((min(ge.place, le.place), Between(ge.of.name, ge.value, le.value)))
    else:
        left.extend((b.place, b.node) for b in (ge, le) if b)
    _put(group, left, places)
    return True


def _in_place(bounds: list[_Bound], *left: _Bound | None) -> Iterator[_Bound | None]:
    """Put what is left of the bounds on one side where the first of them stood."""
    for pair, ops in ((left[:2], ("gt", "ge")), (left[2:], ("lt", "le"))):
        for bound in pair:
            if bound and None in pair:
                yield replace(bound, place=min(b.place for b in bounds if b.op in ops))
            else:
                yield bound


def _decisive(strict: _Bound, weak: _Bound, looser: Any) -> tuple[_Bound | None, _Bound | None]:
    """Return a strict bound and one that is not, without the one that the other implies."""
    if not looser(strict.value, weak.value):
        return strict, None
    return (None, weak) if _apart(strict.value, weak.value) else (strict, weak)


def _widen(group: list[int], places: Places) -> bool:
    """Leave of the bounds of which one is to hold those that decide."""
    parts = [(place, places[place][0]) for place in group]
    bounds = [bound for place, part in parts for bound in _bounds(part, place)]
    if not _exact_together(bound.value for bound in bounds):
        return True
    ends = [b for b in bounds if isinstance(places[b.place][0], Compare)]
    gt, ge = _tightest(ends, "gt", _below), _tightest(ends, "ge", _below)
    lt, le = _tightest(ends, "lt", _above), _tightest(ends, "le", _above)
    if gt and ge:
        gt, ge = _wider(gt, ge, _below)
    if lt and le:
        lt, le = _wider(lt, le, _above)
    gt, ge, lt, le = _in_place(ends, gt, ge, lt, le)
    intervals = [(place, part) for place, part in parts if isinstance(part, Between)]
    left: list[tuple[int, Predicate]] = [(b.place, b.node) for b in (gt, ge, lt, le) if b]
    for place, interval in _united(intervals):
        low, high = interval.low, interval.high
        if not (
            (ge and not _below(low, ge.value))
            or (le and not _above(high, le.value))
            or (gt and _above(low, gt.value) and _apart(low, gt.value))
            or (lt and _below(high, lt.value) and _apart(high, lt.value))
        ):
            left.append((place, interval))
    _put(group, left, places)
    return True


def _wider(strict: _Bound, weak: _Bound, looser: Any) -> tuple[_Bound | None, _Bound | None]:
    """Return a strict bound and one that is not, without the one that implies the other."""
    if not looser(strict.value, weak.value):
        return None, weak
    return (strict, None) if _apart(strict.value, weak.value) else (strict, weak)


def _united(intervals: list[tuple[int, Between]]) -> list[tuple[int, Between]]:
    """Join the intervals that overlap."""
    # One whose ends stand the wrong way around is empty or, in a column that rounds, a single value.
    done = [(place, part) for place, part in intervals if _above(part.low, part.high)]
    rest = [(place, part) for place, part in intervals if not _above(part.low, part.high)]
    rest.sort(key=lambda item: item[1].low)
    for place, part in rest:
        last_place, last = done[-1] if done else (place, part)
        if done and not _above(last.low, last.high) and not _above(part.low, last.high):
            high = part.high if _above(part.high, last.high) else last.high
            done[-1] = min(place, last_place), Between(part.column, last.low, high)
        else:
            done.append((place, part))
    return done


def _tightest(bounds: list[_Bound], op: str, better: Any) -> _Bound | None:
    best: _Bound | None = None
    for bound in bounds:
        if bound.op == op and (best is None or better(bound.value, best.value)):
            best = bound
    return best


# Values.


def _unite(group: list[int], places: Places) -> bool:
    """Make one list of the lists of which one is to hold a value."""
    first = places[group[0]][0]
    together = [value for place in group for value in _values(places[place][0])]
    _put(group, [(group[0], _listed(first, together))], places)
    return True


def _intersect(group: list[int], places: Places) -> bool:
    """Make one list of the lists that all hold a value; say whether there is such a value."""
    # Two values may be one in a column that rounds: then which of them the lists share says nothing.
    if _all_apart({value for place in group for value in _values(places[place][0])}):
        shared = set.intersection(*(set(_values(places[place][0])) for place in group))
        if not shared:
            return False
        first = places[group[0]][0]
        _put(group, [(group[0], _listed(first, [v for v in _values(first) if v in shared]))], places)
    return True


def _values(part: Any) -> tuple[Any, ...]:
    match part:
        case Compare(right=Literal(value=value)):
            return (value,)
    return tuple(part.values)


def _listed(like: Any, values: list[Any]) -> Predicate:
    if isinstance(like, Keys):
        return Keys(like.identity, tuple(values))
    name = next(column_names(like))
    listed = IsIn(name, tuple(values))
    tidy = tidy_leaf(listed)
    return listed if tidy is None else tidy


def _put(group: list[int], left: list[tuple[int, Predicate]], places: Places) -> None:
    for place in group:
        places[place] = []
    for place, part in left:
        places[place].append(part)


# Literals.


def _above(a: Any, b: Any) -> bool:
    return bool(a > b)


def _below(a: Any, b: Any) -> bool:
    return bool(a < b)


def _apart(a: Any, b: Any) -> bool:
    """Say whether two literals differ in every column."""
    if kind(a) != "number":
        return bool(a != b)
    return all(x != y for x, y in zip(_roundings(a), _roundings(b), strict=True))


def _plain(value: Any) -> bool:
    """Say whether every column holds a literal exactly."""
    return kind(value) != "number" or all(rounded == value for rounded in _roundings(value))


def _all_apart(values: set[Any]) -> bool:
    """Say whether several literals of one kind differ from one another in every column."""
    if any(kind(value) != "number" for value in values):
        return True
    return all(len(set(column)) == len(values) for column in zip(*map(_roundings, values), strict=True))


def _roundings(value: float) -> list[float]:
    import numpy as np

    with np.errstate(over="ignore"):
        return [float(rounded(value)) for rounded in (np.float16, np.float32, np.float64)]


def _exact_together(values: Iterable[Any]) -> bool:
    """Say whether literals have one order in every column.

    Integers are compared with integers exactly, but with floats as floats: beyond 2**53 these differ.
    """
    values = list(values)
    if {type(value) for value in values} != {int, float}:
        return True
    return not any(type(v) is float and SAFE_INTEGER <= abs(v) < float("inf") for v in values)
