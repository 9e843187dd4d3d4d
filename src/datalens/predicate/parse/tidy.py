"""What printed SQL says twice, or says of columns of one type only: taken out, since a predicate says it by itself."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from datalens.predicate.builder import Column
from datalens.predicate.dialects.sql_text import to_single
from datalens.predicate.nodes import And, Between, Compare, IsIn, IsNull, Items, Member, Not, Or
from datalens.predicate.operands import Arithmetic, Field, Literal, Operand
from datalens.predicate.parse import polygons
from datalens.predicate.parse.truth import Truth, every, leaf, nulls, some, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datalens.predicate.base import Predicate
    from datalens.predicate.formula import Value

_BOX = 4


def joined(parts: Sequence[Truth], word: str, *, is_engine: bool) -> Truth:
    """Return conditions joined by *and* or *or*, without what the others say already.

    Parameters
    ----------
    parts : sequence of Truth
    word : {"and", "or"}
    is_engine : bool
        Whether it is one engine's SQL, in which a rectangle is printed as four comparisons.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> a = col("a")
    >>> guard = Truth(~a.is_null(), a.is_null, guard=a)
    >>> joined([leaf(a > 1, a), guard], "and", is_engine=False).true
    dl.col('a') > 1
    """
    first = parts[0]
    if len(parts) == 2 and first.only == ("single" if word == "and" else "other"):  # noqa: PLR2004
        return dataclasses.replace(parts[1], only=first.only)
    if word == "and":
        # Comparisons that are a rectangle have no questions about NaN between them.
        parts = _with_polygons(_with_lists(parts), is_engine=is_engine)
    parts = _without_nan(parts, word)
    parts = [part for part in parts if part.only is None or not _is_said(part, parts, word)]
    if len(parts) == 1:
        return parts[0]
    return every(parts) if word == "and" else some(parts)


def _without_nan(parts: Sequence[Truth], word: str) -> list[Truth]:
    if word == "and":
        # A comparison never matches NaN, in predicates.
        said = [value for part in parts for value in part.of]
        return [part for part in parts if part.guard is None or not _is_among(part.guard, said)]
    found = [part.true for part in parts if part.nan is None]
    return [part for part in parts if part.nan is None or part.true not in found]


def _is_among(value: Value, others: list[Value]) -> bool:
    operand = _without_zero(value)
    return any(operand == _without_zero(other) and value._wrap is other._wrap for other in others)  # noqa: SLF001


def _without_zero(value: Value) -> Operand:
    """Return what is computed, without the zero that Lance's code adds to it: NaN stays NaN."""
    operand = value._operand  # noqa: SLF001
    match operand:
        case Arithmetic(op="add", left=left, right=Literal(value=0)):
            return left
    return operand


def _core(node: Predicate) -> tuple[tuple[str, ...], Predicate]:
    path: tuple[str, ...] = ()
    while isinstance(node, (Items, Member)):
        path += (node.column, node.which if isinstance(node, Items) else node.name)
        node = node.of
    return path, node


def _singles(node: Predicate) -> tuple[str, str, set[float]] | None:
    """Return what numbers, in 32 bits, a column is compared with, and how."""
    match node:
        case Compare(op=op, left=Field(name=name), right=Literal(value=int() | float() as value)):
            return name, op, {to_single(value)}
        case IsIn(column=name, values=values):
            numbers = [value for value in values if isinstance(value, (int, float))]
            return name, "eq", {to_single(value) for value in numbers}
    return None


def _is_said(part: Truth, parts: Sequence[Truth], word: str) -> bool:
    """Say whether a comparison in 32 bits is what predicates do with such columns anyhow."""
    path, node = _core(part.true)
    asked = _singles(node)
    if asked is None or asked[1] != ("eq" if word == "or" else "ne"):
        return False
    wanted = ("eq", "le", "ge") if word == "or" else ("ne", "lt", "gt")
    said: set[float] = set()
    for other in parts:
        other_path, other_node = _core(other.true)
        found = _singles(other_node)
        if (
            other.only is None
            and other_path == path
            and found
            and found[0] == asked[0]
            and found[1] in wanted
        ):
            said |= found[2]
    return asked[2] <= said


def _with_lists(parts: Sequence[Truth]) -> list[Truth]:
    """Join ``tags IS NOT NULL`` and a condition on all items, or no list."""
    found: list[Truth] = []
    for part in parts:
        match part.true:
            case Or(of=(items, null)) if found and found[-1].true == Not(null) and _is_of_all(items, null):
                found[-1] = total(items)
            case _:
                found.append(part)
    return found


def _is_of_all(items: Predicate, null: Predicate) -> bool:
    """Say whether there is a condition on all items of what is asked whether it is null."""
    match items, null:
        case Items(which="all", column=column), IsNull(column=other):
            return column == other
        case Member(), Member():
            same = (items.column, items.name) == (null.column, null.name)
            return same and _is_of_all(items.of, null.of)
    return False


def _without_null(parts: Sequence[Predicate]) -> list[Predicate]:
    """Leave out that a value isn't null where it is compared, beside."""
    compared = [part for part in parts if isinstance(_core(part)[1], (Compare, Between))]
    said = [Not(null) for part in compared for null in nulls(part)]
    return [part for part in parts if part not in said]


def _with_polygons(parts: Sequence[Truth], *, is_engine: bool) -> list[Truth]:
    found: list[Truth] = []
    for part in parts:
        if part.counted is not None:
            for count in (2, 3, 4):
                box = polygons.box_of(_flat([one.true for one in found[-count:]]))
                if box is not None:
                    found[-count:] = [leaf(polygons.inside(box[0], box[1], part.counted, box[2]))]
                    break
            else:
                msg = "Before conditions that are counted, as in the formula of a polygon, stands the box around it."
                raise ValueError(msg)
            continue
        found.append(part)
        if is_engine and len(found) >= _BOX and all(one.is_wide for one in found[-_BOX:]):
            box_node = polygons.rectangle([one.true for one in found[-_BOX:]])
            if box_node is not None:
                found[-_BOX:] = [leaf(box_node)]
    return found


def _flat(parts: Sequence[Predicate]) -> list[Predicate]:
    return [one for part in parts for one in (_flat(part.of) if isinstance(part, And) else (part,))]


def single(node: Predicate) -> Predicate:
    """Return two comparisons, or lists, of one column as the one condition that they were printed for.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> single((col("a") >= 1) & (col("a") <= 2))
    dl.col('a').between(1, 2)
    """
    if isinstance(node, And):
        kept = _without_null(node.of)
        node = And(tuple(kept)) if len(kept) > 1 else kept[0]
    match node:
        case And(of=(Member() as first, *_) as parts) | Or(of=(Member() as first, *_) as parts):
            inner = [part.of for part in parts if isinstance(part, Member)]
            same = all(
                isinstance(part, Member) and (part.column, part.name) == (first.column, first.name)
                for part in parts
            )
            joined_inner = single(type(node)(tuple(inner))) if same else node
            is_one = same and not isinstance(joined_inner, (And, Or))
            return Member(first.column, first.name, joined_inner) if is_one else node
        case And(
            of=(
                Compare(op="ge", left=Field(name=a), right=Literal(value=low)),
                Compare(op="le", left=Field(name=b), right=Literal(value=high)),
            )
        ) if a == b:
            return Between(a, low, high)
        case Or(of=parts):
            values: list[object] = []
            names = set()
            for part in parts:
                match part:
                    case IsIn(column=name, values=some_values):
                        values += some_values
                    case Compare(op="eq", left=Field(name=name), right=Literal(value=value)):
                        values.append(value)
                    case _:
                        return node
                names.add(name)
            return Column(names.pop()).is_in(values) if len(names) == 1 else node
    return node


def is_left_over(truth: Truth) -> bool:
    """Say whether a condition has no meaning unless beside another."""
    return (
        truth.nan is not None
        or truth.only is not None
        or truth.counted is not None
        or (truth.guard is not None and not isinstance(truth.guard, Column))
    )
