"""Frames that hold what engines disagree on, and predicates that fit them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from datalens.core.keys import Identity
from datalens.predicate import (
    ITEM,
    And,
    Arithmetic,
    Between,
    Compare,
    Contains,
    Everything,
    Field,
    Inside,
    IsIn,
    IsNull,
    Items,
    Keys,
    Length,
    Linear,
    Literal,
    Matches,
    Member,
    Not,
    Or,
    Predicate,
    StartsWith,
)
from laws.kinds import FAMILIES, KINDS, RARE, Kind, near

NAMES = [
    "a", "b", "c", "text", "id", "A", "", " ", "two  words", "it's", 'say "hi"', "new\nline", "tab\t", "😀", "שלום", "\u202ertl",
    "a.b", "{brace}", "back\\slash", "`tick`", "[0]", "$1", "%s", "?", "select", "item", "df", "np", "pl", "pc", "row",
    "selected", "metadata", "Select", "CLASS", "ID", "Row", "É", "é", "e\u0301", "0", "class", "--", "import os", "\x00nul", "true", "null", "n" * 300,
]  # fmt: skip
#: Texts and numbers are asked the most.
COMMON = [name for name in KINDS if name not in RARE]
DRAWN = [*RARE, *COMMON, *COMMON, *["text"] * 12, *["integer"] * 4, *["float"] * 4]
OPERATORS = ["eq", "ne", "lt", "le", "gt", "ge"]
EQUALS = ["eq", "ne"]
MAX_ROWS = 12
MAX_COLUMNS = 5
MAX_DEPTH = 5
#: Trees of three branches only near their top, or the whole would be a hundred leaves.
WIDE = 4


@dataclass(frozen=True)
class Sample:
    """A frame, and the kinds of its columns."""

    table: pa.Table
    kinds: dict[str, Kind]

    def __repr__(self) -> str:
        columns = ", ".join(
            f"{name!r}: pa.array({self.table[name].to_pylist()!r}, {self.table[name].type})"
            for name in self.kinds
        )
        return f"pa.table({{{columns}}})"

    def _repr_pretty_(self, printer: Any, _: bool) -> None:  # noqa: FBT001 - hypothesis' own, as IPython's
        printer.text(repr(self))


@st.composite
def samples(draw: Any) -> Sample:
    """Draw a frame."""
    rows = draw(st.sampled_from([7, MAX_ROWS, 4, MAX_ROWS, 7, MAX_ROWS, 9, MAX_ROWS, 1, 0]))
    drawn = DRAWN if draw(st.integers(0, 3)) else draw(st.sampled_from(FAMILIES))
    chosen = draw(st.lists(st.sampled_from(drawn), min_size=1, max_size=MAX_COLUMNS))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=len(chosen), max_size=len(chosen), unique=True))
    kinds = {name: KINDS[kind] for name, kind in zip(names, chosen, strict=True)}
    arrays = [pa.array(draw(_values(kind, rows)), kind.type) for kind in kinds.values()]
    return Sample(pa.table(arrays, names=names), kinds)


def _values(kind: Kind, rows: int) -> Any:
    pool: Any = st.sampled_from(kind.pool)
    if kind.family == "text":
        pool = pool | st.text("aAbé1_ \n'", max_size=5)
    elif kind.type == pa.int64():
        pool = pool | st.integers(-5, 5) | st.integers(-(2**63), 2**63 - 1)
    elif kind.type == pa.float32():
        pool = pool | st.floats(-4, 4).map(lambda v: float(np.float32(round(v, 1))))
    elif kind.type == pa.float64():
        pool = pool | st.floats(-4, 4).map(lambda v: round(v, 2)) | st.floats()
    column = st.lists(pool, min_size=rows, max_size=rows)
    with_nulls = st.lists(pool | st.none() | pool, min_size=rows, max_size=rows)
    return st.one_of(column, column, with_nulls, with_nulls, with_nulls, with_nulls, st.just([None] * rows))


@st.composite
def cases(draw: Any) -> tuple[Sample, Predicate]:
    """Draw a frame and a predicate on it."""
    sample = draw(samples())
    return sample, draw(trees(sample, draw(st.sampled_from([0, 1, 2, 3, 4, MAX_DEPTH, 2, 3, 4]))))


@st.composite
def trees(draw: Any, sample: Sample, depth: int) -> Predicate:
    """Draw a tree at most so many levels deep."""
    word = draw(st.sampled_from(["and", "or", "not", "and", "or", "leaf"])) if depth else "leaf"
    if word == "leaf":
        return draw(leaves(sample))
    if word == "not":
        return Not(draw(trees(sample, depth - 1)))
    width = draw(st.integers(2, 3 if depth >= WIDE else 2))
    parts = tuple(draw(trees(sample, depth - 1)) for _ in range(width))
    return And(parts) if word == "and" else Or(parts)


@st.composite
def leaves(draw: Any, sample: Sample) -> Predicate:
    """Draw one condition."""
    numbers = [name for name, kind in sample.kinds.items() if kind.family == "number"]
    made = draw(st.sampled_from([*["one"] * 9, "pair", "pair", "inside" if numbers else "one", "everything"]))
    if made == "everything":
        return Everything()
    if made == "inside":
        x, y = draw(st.sampled_from(numbers)), draw(st.sampled_from(numbers))
        return Inside(x, y, draw(_polygons()))
    name = draw(st.sampled_from(list(sample.kinds)))
    kind = sample.kinds[name]
    if made == "pair":
        others = [other for other, its in sample.kinds.items() if _alike(kind, its)]
        if others:
            ordered = kind.family not in ("boolean", "category")
            other = draw(st.sampled_from(others))
            ordered = ordered and sample.kinds[other].family != "category"
            return Compare(draw(st.sampled_from(OPERATORS if ordered else EQUALS)), Field(name), Field(other))
    values = sample.table[name].to_pylist()
    return draw(_about(name, kind, values, sample))


_TEXTUAL = ("text", "category")
_COMPARED = ("number", *_TEXTUAL, "boolean", "date", "datetime", "instant", "timedelta", "decimal")


def _alike(one: Kind, other: Kind) -> bool:
    if one.family in _TEXTUAL:
        return other.family in _TEXTUAL
    return one.family in _COMPARED and one.family == other.family


@st.composite
def _about(draw: Any, name: str, kind: Kind, values: list[Any], sample: Sample | None) -> Predicate:
    """Draw a condition on one column, or (without a sample) on what is inside one."""
    family = kind.family
    makers = {
        "number": ["compare", "between", "is_in", "computed", "computed", "is_null"],
        "text": [
            "compare",
            "between",
            "is_in",
            "contains",
            "contains",
            "starts",
            "matches",
            "matches",
            "length",
            "is_null",
        ],
        "category": ["equals", "is_in", "contains", "starts", "matches", "length", "is_null"],
        "boolean": ["equals", "is_in", "is_null"],
        "list": ["items", "items", "items", "length", "is_null"],
        "struct": ["member", "member", "member", "is_null"],
        "vector": ["linear", "linear", "linear", "length", "is_null"],
    }.get(family, ["compare", "compare", "between", "is_in", "is_null"])
    if sample is not None and family in ("number", "text", "date"):
        makers = [*makers, "keys"]
    made = draw(st.sampled_from(makers))
    own = [v for value in values for v in near(value, kind)]
    literal = st.sampled_from(kind.literals or [None])
    literal = literal | st.sampled_from(own) | st.sampled_from(own) if own else literal
    match made:
        case "compare" | "equals":
            operators = EQUALS if made == "equals" else OPERATORS
            return Compare(draw(st.sampled_from(operators)), Field(name), Literal(draw(literal)))
        case "between":
            low, high = draw(literal), draw(literal)
            # A day and a time are two kinds.
            return Between(name, low, high if type(high) is type(low) or family == "number" else low)
        case "is_in" | "keys":
            wanted = draw(st.lists(literal, max_size=4))
            wanted = [v for v in wanted if type(v) is type(wanted[0]) or family == "number"]
            return (
                IsIn(name, tuple(wanted))
                if made == "is_in"
                else Keys(Identity("column", (name,)), tuple(wanted))
            )
        case "is_null":
            return IsNull(name)
        case "contains":
            return Contains(name, draw(literal))
        case "starts":
            return StartsWith(name, draw(literal))
        case "matches":
            characters = [re.escape(sign) for value in values if value for sign in value]
            return Matches(name, draw(patterns(tuple(characters[:20]))))
        case "length":
            return Compare(draw(st.sampled_from(OPERATORS)), Length(name), Literal(draw(st.integers(0, 4))))
        case "items":
            inner = kind.of["item"]
            items = [item for value in values if value is not None for item in value]
            return Items(name, draw(st.sampled_from(["any", "all"])), draw(_about(ITEM, inner, items, None)))
        case "member":
            member = draw(st.sampled_from(list(kind.of)))
            inside = [value[member] for value in values if value is not None]
            return Member(name, member, draw(_about(ITEM, kind.of[member], inside, None)))
        case "linear":
            widths = sorted({len(value) for value in values if value}) or [2]
            width = 2 if 2 in widths else widths[0]
            # Small whole weights, so that no product is rounded and no order of summing matters.
            weights = draw(st.lists(st.integers(-2, 2), min_size=width, max_size=width))
            threshold = draw(st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.5, 11.0]))
            operator = draw(st.sampled_from(["ge", "gt", "le", "lt"]))
            return Linear(name, tuple(weights), threshold, operator, draw(st.booleans()))
    return draw(_computed(name, sample, literal))


@st.composite
def _computed(draw: Any, name: str, sample: Sample | None, literal: Any) -> Predicate:
    sides = [Field(name)]
    if sample is not None:
        for other, kind in sample.kinds.items():
            if kind.family == "number":
                sides.append(Field(other))
            elif kind.family in ("text", "list"):
                sides.append(Length(other))
    number = st.sampled_from([0, 1, 2, -1, 0.5, 0.1, 3.0, 2**53 + 1]).map(Literal)
    side = st.sampled_from(sides)
    first = draw(_arithmetic(Field(name), side | number))
    whole = draw(st.sampled_from([first, first, Arithmetic("sub", first, draw(side))]))
    right = draw(literal.map(Literal) | side | number)
    return Compare(draw(st.sampled_from(OPERATORS)), whole, right)


@st.composite
def _arithmetic(draw: Any, left: Any, right: Any) -> Arithmetic:
    sides = (left, draw(right))
    sides = sides if draw(st.booleans()) else sides[::-1]
    return Arithmetic(draw(st.sampled_from(["add", "sub", "mul", "div"])), *sides)


def _polygons() -> Any:
    near_zero = st.sampled_from([-3, -1.5, -1, -0.1, 0, 0.1, 1 / 3, 0.5, 1, 2, 2.5, 4, 101])
    coordinate = near_zero | near_zero | st.sampled_from([1e17, -1e17, 2.0**53])
    return st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=7).map(tuple)


@st.composite
def boxed(draw: Any) -> tuple[Sample, Predicate]:
    """Draw a frame and a rectangle along the axes, whole or negated."""
    sample = draw(samples().filter(lambda one: any(kind.family == "number" for kind in one.kinds.values())))
    numbers = st.sampled_from([name for name, kind in sample.kinds.items() if kind.family == "number"])
    box = Inside(draw(numbers), draw(numbers), draw(_boxes()))
    return sample, draw(st.sampled_from([box, Not(box), And((box, Everything()))]))


@st.composite
def _boxes(draw: Any) -> tuple[tuple[float, float], ...]:
    """Draw a rectangle along the axes, whose sides go through values that columns have; some have no area."""
    side = st.sampled_from([-1.5, -1, 0, 0.1, 0.5, 1, 2, 3, 100, float(np.float32(0.1)), 2.0**53])
    (x0, x1), (y0, y1) = (sorted(draw(st.tuples(side, side))) for _ in "xy")
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    start = draw(st.integers(0, 3))
    corners = corners[start:] + corners[:start]
    return tuple(corners if draw(st.booleans()) else corners[::-1])


_ATOMS = [
    "a", "b", "A", "é", "1", "_", " ", "'", '"', "%", "😀", ".", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", r"\n", r"\t",
    r"\.", r"\\", r"\x61", r"\u00e9", "[ab]", "[^a]", "[a-c1]", r"[\d_]", r"[^\s]", "[é😀]", r"[\]\-]", r"\$",
    "k", "S", "i", "[a-s]", "[^k]", r"\u212a", r"[^\u017f]",
]  # fmt: skip


@st.composite
def patterns(draw: Any, characters: tuple[str, ...] = ()) -> str:
    """Draw a pattern in the shared subset, of a column's own characters and others."""
    atoms = st.sampled_from(_ATOMS)
    atoms = atoms | st.sampled_from(
        [sign for sign in characters if len(sign) == 1 or sign[1] in _SIGNS] or _ATOMS
    )
    return draw(st.sampled_from(["", "", "(?i)"])) + draw(_choices(atoms, 2))


_EDGES = ["^", "$", r"\b"]
#: What may stand after a backslash for itself.
_SIGNS = r"\.^$*+?{}[]()|-/#&~ '%_"


@st.composite
def _choices(draw: Any, atoms: Any, depth: int) -> str:
    chains = draw(st.lists(_chains(atoms, depth), min_size=1, max_size=2))
    return "|".join(chains)


@st.composite
def _chains(draw: Any, atoms: Any, depth: int) -> str:
    pieces = []
    for _ in range(draw(st.sampled_from([1, 1, 2, 3, 0]))):
        if draw(st.integers(0, 5)) == 0:
            pieces.append(draw(st.sampled_from(_EDGES)))
            continue
        grouped = depth and draw(st.integers(0, 3)) == 0
        opened = draw(st.sampled_from(["(", "(?:"])) if grouped else ""
        piece = f"{opened}{draw(_choices(atoms, depth - 1))})" if grouped else draw(atoms)
        count = draw(st.sampled_from(["", "", "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "+?"]))
        # An edge is no thing to repeat, in brackets neither.
        pieces.append(piece + count * (piece.strip("(?:)") not in _EDGES))
    return "".join(pieces)
