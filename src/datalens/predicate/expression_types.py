"""What the types of columns mean for expressions."""

from __future__ import annotations

import datetime as dt
import functools
import operator
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from datalens.core.errors import UnfitError
from datalens.predicate.compare import check, kind_in_words
from datalens.predicate.precision import rounded

if TYPE_CHECKING:
    from datalens.predicate.scalars import Scalar

#: Nanoseconds in a unit of time, as dtypes name it.
UNITS = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}
#: Floats that round what they are compared with. By name: older versions of narwhals have no floats of 16 bits.
BITS = {"Float16": 16, "Float32": 32}


def kind_of(dtype: Any) -> str:
    """Return the kind of a column from its type in narwhals: as in `Values.kind`, but "float" apart from "number".

    Examples
    --------
    >>> import narwhals as nw
    >>> kind_of(nw.Float32()), kind_of(nw.Categorical()), kind_of(nw.List(nw.Int64))
    ('float', 'category text', 'nested')
    """
    import narwhals as nw

    if dtype in (nw.Categorical, nw.Enum):
        return "category text"
    if dtype == nw.Datetime:
        return "datetime" if getattr(dtype, "time_zone", None) is None else "instant"
    if dtype == nw.Decimal:
        return "decimal"
    if dtype.is_float():
        return "float"
    if dtype.is_integer():
        return "number"
    names: dict[Any, str] = {
        nw.String: "text",
        nw.Boolean: "boolean",
        nw.Date: "date",
        nw.Duration: "timedelta",
        # A column of nothing but nulls; narwhals knows no name for its type.
        nw.Unknown: "null",
    }
    return next(
        (kind for known, kind in names.items() if dtype == known), "nested" if dtype.is_nested() else "other"
    )


def plain_kind(dtype: Any) -> str:
    """Return the kind of a column as `compare.check` takes it.

    Examples
    --------
    >>> import narwhals as nw
    >>> plain_kind(nw.Float32()), plain_kind(nw.Categorical())
    ('number', 'text')
    """
    kind = kind_of(dtype)
    return "number" if kind == "float" else kind.removeprefix("category ")


def check_literal(name: str, dtype: Any, value: Scalar, *, ordered: bool = False) -> None:
    """Raise an UnfitError where a literal doesn't fit a column.

    Examples
    --------
    >>> import narwhals as nw
    >>> check_literal("loss", nw.Float64(), 3)
    """
    category = kind_of(dtype).startswith("category ")
    check(name, plain_kind(dtype), str(dtype), value, ordered=ordered, category=category)


def check_number(name: str, dtype: Any) -> None:
    """Raise an UnfitError where a column takes no part in arithmetic.

    Examples
    --------
    >>> import narwhals as nw
    >>> check_number("text", nw.String())
    Traceback (most recent call last):
    datalens.core.errors.UnfitError: Column 'text' holds text (String): arithmetic is done with numbers.
    """
    kind = plain_kind(dtype)
    if kind not in ("number", "null"):
        msg = f"Column {name!r} holds {kind_in_words(kind)} ({dtype}): arithmetic is done with numbers."
        raise UnfitError(msg)


def valid_bound(op: str, text: str) -> tuple[str, str]:
    r"""Return an order and a text of valid Unicode that texts have as they have the given: no text holds a surrogate.

    Parameters
    ----------
    op : {"lt", "le", "gt", "ge"}
    text : str
        With half a character in it.

    Examples
    --------
    >>> valid_bound("le", "a\ud800b") == ("lt", "a\ue000")
    True
    """
    first = next(place for place, sign in enumerate(text) if "\ud800" <= sign < "\ue000")
    return "lt" if op in ("lt", "le") else "ge", text[:first] + "\ue000"


def fitted(value: Any, dtype: Any) -> Any:
    """Bring a literal to what it is beside a column.

    A moment comes to the column's time zone, and a date to its midnight: polars compares only what is alike. A number
    comes to the column's precision, since DuckDB compares floats of 32 bits in 64.

    Examples
    --------
    >>> import narwhals as nw
    >>> fitted(dt.date(2024, 1, 1), nw.Datetime("us"))
    datetime.datetime(2024, 1, 1, 0, 0)
    >>> fitted(0.1, nw.Float32())
    0.10000000149011612
    """
    import narwhals as nw

    zone = getattr(dtype, "time_zone", None)
    if isinstance(value, dt.datetime):
        return value.astimezone(ZoneInfo(zone)) if value.tzinfo is not None and zone else value
    if isinstance(value, dt.date) and dtype == nw.Datetime:
        return dt.datetime.combine(value, dt.time())
    bits = BITS.get(str(dtype))
    return rounded(value, bits) if bits and type(value) in (int, float) else value


def balanced(join: Any, parts: list[Any]) -> Any:
    """Join pairs, then pairs of pairs: a chain would be as deep as it is long.

    Examples
    --------
    >>> balanced(lambda a, b: f"({a}{b})", ["a", "b", "c"])
    '((ab)c)'
    """
    while len(parts) > 1:
        pairs = [parts[i : i + 2] for i in range(0, len(parts), 2)]
        parts = [functools.reduce(join, pair) for pair in pairs]
    return parts[0]


def in_polars(dtype: Any) -> Any:
    """Return a type of times in nanoseconds as polars' own.

    Examples
    --------
    >>> import narwhals as nw
    >>> in_polars(nw.Duration("ns"))
    Duration(time_unit='ns')
    """
    import narwhals as nw
    import polars as pl

    return pl.Datetime("ns", dtype.time_zone) if dtype == nw.Datetime else pl.Duration("ns")


def by_counts(a: Any, op: str, b: Any, ratio: int) -> Any:
    """Compare counts of a unit with counts of a finer one, of which it has so many, without multiplying.

    Examples
    --------
    >>> by_counts(2, "lt", 2001, 1000), by_counts(2, "lt", 2000, 1000)
    (True, False)
    """
    return by_parts(a, op, b // ratio, b % ratio)


def by_parts(a: Any, op: str, whole: Any, rest: Any) -> Any:
    """Compare counts with others in parts: whole counts and what is left of the next.

    Examples
    --------
    >>> by_parts(2, "lt", 2, 1), by_parts(2, "lt", 2, 0)
    (True, False)
    """
    if op == "eq":
        return (a == whole) & (rest == 0)
    if op == "ne":  # a rest isn't enough where there is nothing beside it
        return (a == a) & ((a != whole) | (rest != 0))  # noqa: PLR0124
    if op == "lt":  # whole and a rest are more than whole
        return (a < whole) | ((a == whole) & (rest != 0))
    if op == "ge":
        return (a > whole) | ((a == whole) & (rest == 0))
    return getattr(operator, op)(a, whole)
