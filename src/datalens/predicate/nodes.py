"""The nodes of a predicate: plain values that know nothing of dataframes. DEVELOP.md says where a new one goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from typing import Literal as OneOf

from datalens.core.errors import UnfitError
from datalens.core.keys import Identity
from datalens.predicate.base import Predicate
from datalens.predicate.leaves import (
    MIRRORED,
    SYMBOLS,
    Between,
    Compare,
    Contains,
    Everything,
    IsIn,
    IsNull,
    Linear,
    Matches,
    Operator,
    StartsWith,
    set_field,
)
from datalens.predicate.operands import (
    ITEM,
    check_name,
    names_of,
)
from datalens.predicate.scalars import Scalar, normalize_many

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "MAX_COORDINATE",
    "MAX_DEPTH",
    "MAX_NESTING",
    "MIN_VERTICES",
    "MIRRORED",
    "SYMBOLS",
    "And",
    "Between",
    "Compare",
    "Contains",
    "Everything",
    "Inside",
    "IsIn",
    "IsNull",
    "Items",
    "Keys",
    "Linear",
    "Matches",
    "Member",
    "Not",
    "Operator",
    "Or",
    "StartsWith",
    "column_names",
    "join",
]

#: Deeper trees would exhaust Python's stack somewhere; & and | chains are flat and don't count.
MAX_DEPTH = 64
#: Beyond this the products in the test of a point would no longer be finite.
MAX_COORDINATE = 1e100
MIN_VERTICES = 3
#: Lists of structs of lists go no deeper in data that people keep.
MAX_NESTING = 8
_CONTENT_KEY_DIGITS = 16


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Items(Predicate):
    """Any, or all, of a list's items match.

    Null items match no comparison. An empty list has all of its items match and none; a null list matches nothing.

    Parameters
    ----------
    column : str
        A column of lists.
    which : {"any", "all"}
    of : Predicate
        A condition on one item: a leaf, `Items` or `Member` about the column `ITEM`.
    """

    column: str
    which: OneOf["any", "all"]
    of: Predicate

    def __post_init__(self) -> None:
        check_name(self.column)
        if self.which not in ("any", "all"):
            msg = f"Of a list's items 'any' or 'all' match, not {self.which!r}."
            raise ValueError(msg)
        _check_inner(self)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Member(Predicate):
    """A field of a struct matches; a field of a null struct is null.

    Parameters
    ----------
    column : str
        A column of structs.
    name : str
        The field.
    of : Predicate
        A condition on the field's value: a leaf, `Items` or `Member` about the column `ITEM`.
    """

    column: str
    name: str
    of: Predicate

    def __post_init__(self) -> None:
        check_name(self.column)
        check_name(self.name)
        _check_inner(self)


def _check_inner(node: Items | Member) -> None:
    inner = node.of
    if isinstance(inner, (And, Or, Not, Inside, Keys, Everything, Linear)) or not isinstance(
        inner, Predicate
    ):
        msg = f"The condition on what is inside column {node.column!r} is one comparison, not {type(inner).__name__}."
        raise UnfitError(msg)
    if set(column_names(inner)) != {ITEM}:
        msg = f"The condition on what is inside column {node.column!r} is about dl.item() alone."
        raise ValueError(msg)
    depth, part = 1, inner
    while isinstance(part, (Items, Member)):
        depth, part = depth + 1, part.of
    if depth > MAX_NESTING:
        msg = f"Column {node.column!r} is looked into more than {MAX_NESTING} levels deep."
        raise ValueError(msg)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Inside(Predicate):
    """The point of two columns lies in a polygon, by the even-odd rule.

    Parameters
    ----------
    x, y : str
        Columns with numbers.
    polygon : tuple of (float, float)
        At least three vertices; the last is joined to the first.
    """

    x: str
    y: str
    polygon: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        check_name(self.x)
        check_name(self.y)
        try:
            polygon = tuple((float(x), float(y)) for x, y in self.polygon)
        except (TypeError, ValueError):
            msg = "A polygon is a list of (x, y) pairs of numbers."
            raise ValueError(msg) from None
        if len(polygon) < MIN_VERTICES:
            msg = f"A polygon has at least {MIN_VERTICES} vertices, not {len(polygon)}."
            raise ValueError(msg)
        if not all(-MAX_COORDINATE <= v <= MAX_COORDINATE for vertex in polygon for v in vertex):
            msg = f"The vertices of a polygon are finite numbers of at most {MAX_COORDINATE:g}."
            raise ValueError(msg)
        set_field(self, "polygon", polygon)

    @property
    def is_box(self) -> bool:
        """Whether the polygon is a rectangle along the axes.

        Examples
        --------
        >>> Inside("x", "y", ((0, 0), (2, 0), (2, 1), (0, 1))).is_box
        True
        """
        (x0, y0), (x1, y1) = self.polygon[0], self.polygon[2]
        corners = {(x0, y0), (x1, y0), (x1, y1), (x0, y1)}
        return len(self.polygon) == len(corners) == 4 and set(self.polygon) == corners  # noqa: PLR2004


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Keys(Predicate):
    """Rows named one by one.

    Parameters
    ----------
    identity : Identity
        What the rows are named by.
    values : tuple of scalars
        Their keys.
    """

    identity: Identity
    values: tuple[Scalar, ...]

    def __post_init__(self) -> None:
        identity = self.identity
        if not isinstance(identity, Identity):
            msg = f"keys() needs the Identity that names the rows, not {type(identity).__name__}."
            raise TypeError(msg)
        needed = {
            "column": len(identity.columns) == 1,
            "content": len(identity.columns) > 0,
            "row": identity.rows >= 0,
        }
        if not needed.get(identity.scheme, False):
            msg = f"Rows can't be named by {identity.scheme!r} over the columns {list(identity.columns)}."
            raise ValueError(msg)
        for name in identity.columns:
            check_name(name)
        values = normalize_many(self.values, "the rows' keys")
        if identity.scheme == "content" and not all(map(_is_content_key, values)):
            msg = 'A row\'s content key is 16 hexadecimal digits, "-" and its occurrence.'
            raise ValueError(msg)
        if identity.scheme == "row" and not all(type(v) is int and 0 <= v < identity.rows for v in values):
            msg = f"Row numbers are integers from 0 to {identity.rows - 1:,}."
            raise ValueError(msg)
        set_field(self, "values", values)


def _is_content_key(value: Scalar) -> bool:
    digits, dash, occurrence = value.partition("-") if isinstance(value, str) else ("", "", "")
    return (
        dash == "-"
        and len(digits) == _CONTENT_KEY_DIGITS
        and all(c in "0123456789abcdef" for c in digits)
        and occurrence.isascii()
        and occurrence.isdigit()
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class And(Predicate):
    """All of several predicates match.

    Parameters
    ----------
    of : tuple of Predicate
        At least two.
    """

    of: tuple[Predicate, ...]
    depth: int = field(init=False, repr=False, compare=False)
    word: ClassVar[str] = "and"

    def __post_init__(self) -> None:
        _check_parts(self)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Or(Predicate):
    """Any of several predicates matches.

    Parameters
    ----------
    of : tuple of Predicate
        At least two.
    """

    of: tuple[Predicate, ...]
    depth: int = field(init=False, repr=False, compare=False)
    word: ClassVar[str] = "or"

    def __post_init__(self) -> None:
        _check_parts(self)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Not(Predicate):
    """A predicate doesn't match.

    Parameters
    ----------
    of : Predicate
    """

    of: Predicate
    depth: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _set_depth(self, (self.of,))


def _check_parts(node: And | Or) -> None:
    set_field(node, "of", tuple(node.of))
    if len(node.of) < 2:  # noqa: PLR2004
        msg = f"{node.word!r} joins at least two predicates, not {len(node.of)}."
        raise ValueError(msg)
    _set_depth(node, node.of)


def _set_depth(node: And | Or | Not, parts: tuple[Any, ...]) -> None:
    for part in parts:
        if not isinstance(part, Predicate):
            msg = f"Predicates are joined with predicates, not with {type(part).__name__}."
            raise TypeError(msg)
    _put_depth(node, 1 + max(getattr(part, "depth", 1) for part in parts))


def _put_depth(node: And | Or | Not, depth: int) -> None:
    if depth > MAX_DEPTH:
        msg = f"The predicate is nested more than {MAX_DEPTH} deep: combine fewer conditions."
        raise ValueError(msg)
    set_field(node, "depth", depth)


def join(node: type[And | Or], left: Predicate, right: Predicate) -> And | Or:
    """Join two predicates; what is joined by the same word already stays flat.

    Examples
    --------
    >>> a, b, c = IsNull("a"), IsNull("b"), IsNull("c")
    >>> len(join(And, join(And, a, b), c).of)
    3
    """
    parts = [part.of if isinstance(part, node) else (part,) for part in (left, right)]
    made = object.__new__(node)
    # What was joined before isn't looked at again, or a chain would take the square of its length.
    set_field(made, "of", parts[0] + parts[1])
    depths = [getattr(part, "depth", 1) + (not isinstance(part, node)) for part in (left, right)]
    _put_depth(made, max(depths))
    return made


def column_names(node: Predicate) -> Iterator[str]:
    """Yield the columns a predicate looks at, each once.

    Examples
    --------
    >>> sorted(column_names(Inside("x", "y", ((0, 0), (1, 0), (1, 1)))))
    ['x', 'y']
    """
    seen: set[str] = set()
    stack: list[Any] = [node]
    while stack:
        match stack.pop():
            case And(of=parts) | Or(of=parts):
                stack.extend(parts)
                continue
            case Not(of=part):
                stack.append(part)
                continue
            case Compare(left=left, right=right):
                names = [*names_of(left), *names_of(right)]
            case Inside(x=x, y=y):
                names = [x, y]
            case Everything():
                names = []
            case Keys(identity=identity):
                names = list(identity.columns)
            case leaf:
                names = [leaf.column]
        for name in names:
            if name not in seen:
                seen.add(name)
                yield name
