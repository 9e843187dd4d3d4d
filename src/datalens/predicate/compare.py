"""Leaves on values: which of a column's values match, exactly, and which literals fit which columns."""

from __future__ import annotations

import datetime as dt
import operator
from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError
from datalens.predicate import regex
from datalens.predicate.nodes import MIRRORED, Compare, Contains, Matches, StartsWith
from datalens.predicate.scalars import Scalar, kind

if TYPE_CHECKING:
    import numpy as np

    from datalens.predicate.values import Values

    Array = np.ndarray[Any, Any]

OPERATORS: dict[str, Any] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
_ARROW = {
    "eq": "equal",
    "ne": "not_equal",
    "lt": "less",
    "le": "less_equal",
    "gt": "greater",
    "ge": "greater_equal",
}

#: Kinds of columns that a kind of literal is compared with. A date is the midnight it begins with.
FITS: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "number": ("number",),
    "boolean": ("boolean",),
    "date": ("date", "datetime"),
    "datetime": ("datetime",),
    "instant": ("instant",),
    "timedelta": ("timedelta",),
    "decimal": ("decimal",),
}
_HOLDS = {
    "text": "text",
    "number": "numbers",
    "boolean": "booleans",
    "date": "dates",
    "datetime": "times without a time zone",
    "instant": "times with a time zone",
    "timedelta": "durations",
    "decimal": "decimals",
    "nested": "lists or structs",
    "mixed": "values of several types",
}
_REMEDY = {
    ("date", "datetime"): " Compare it with a datetime.date.",
    ("date", "text"): " Give a datetime.date, or where you type, 2024-02-29 without quotes.",
    ("datetime", "text"): " Give a datetime, or where you type, 2024-02-29 without quotes.",
    ("instant", "text"): " Give a datetime with tzinfo, or where you type, timestamp '2024-02-29T00:00:00Z'.",
    ("datetime", "instant"): " Give a datetime without tzinfo.",
    ("instant", "datetime"): " Give a datetime with tzinfo.",
    ("instant", "date"): " Give a datetime with tzinfo.",
    ("decimal", "number"): " Give a decimal.Decimal, or where you type, decimal '1.10'.",
    ("number", "decimal"): " Give an int or a float.",
    ("mixed", "text"): " Make it one type first.",
}


def kind_in_words(kind: str) -> str:
    """Return what a kind of column holds.

    Examples
    --------
    >>> kind_in_words("number")
    'numbers'
    """
    return _HOLDS.get(kind, "values that have no comparison")


def check(
    name: str, column: str, dtype: str, value: Scalar, *, ordered: bool = False, category: bool = False
) -> None:
    """Raise an UnfitError where a literal doesn't fit a column.

    Parameters
    ----------
    name, column, dtype : str
        The column's name, kind and type.
    value : scalar
        What it is compared with.
    ordered : bool
        Whether less or greater is asked.
    category : bool
        Whether the column is a category, which engines order differently.

    Examples
    --------
    >>> check("loss", "number", "float64", "web")
    Traceback (most recent call last):
    datalens.core.errors.UnfitError: Column 'loss' holds numbers (float64), so it can't be compared with the text 'web'.
    """
    if ordered and category:
        msg = f"Column {name!r} is a category, which has no order to compare by: cast it to its values' type first."
        raise UnfitError(msg)
    literal = kind(value)
    # An integer is a decimal, exactly; a float is not.
    if column == "null" or column in FITS[literal] or (column == "decimal" and type(value) is int):
        return
    shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "..."  # noqa: PLR2004
    holds = kind_in_words(column)
    msg = f"Column {name!r} holds {holds} ({dtype}), so it can't be compared with the {literal} {shown}."
    raise UnfitError(msg + _REMEDY.get((column, literal), ""))


def literal_mask(values: Values, op: str, value: Scalar) -> Array:
    """Return which rows compare to a literal as asked; nulls and NaN never do."""
    import numpy as np

    check(
        values.name,
        values.kind,
        values.dtype,
        value,
        ordered=op not in ("eq", "ne"),
        category=values.codes is not None,
    )
    data: Any = values.data
    if values.kind == "null":
        return values.spread(np.zeros(_length(values), dtype=bool))
    if values.kind == "text":
        return values.spread(_text(values, op, str(value)))
    if values.kind == "decimal":
        return values.spread(np.array([v is not None and OPERATORS[op](v, value) for v in data], dtype=bool))
    if values.step > 1 or values.kind not in ("number", "boolean"):
        return values.spread(_count(data, op, *divmod(nanoseconds(value), values.step)))
    number: Any = value
    if data.dtype.kind == "f":
        # A number is compared in the column's own precision, as numpy, pandas and polars do.
        with np.errstate(over="ignore"):
            number = data.dtype.type(value)
    mask = OPERATORS[op](data, number)
    if op == "ne" and data.dtype.kind == "f":
        mask &= data == data  # noqa: PLR0124
    return values.spread(mask)


def _length(values: Values) -> int:
    if values.valid is not None:
        return len(values.valid)
    return len(values.data)


def nanoseconds(value: Any) -> int:
    """Return a time as nanoseconds since 1970, a duration as nanoseconds.

    Examples
    --------
    >>> nanoseconds(dt.date(1970, 1, 2))
    86400000000000
    """
    if not isinstance(value, dt.timedelta):
        if not isinstance(value, dt.datetime):
            value = dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
        value = value - dt.datetime(1970, 1, 1, tzinfo=value.tzinfo)
    return int(value // dt.timedelta(microseconds=1)) * 1000


def _count(data: Array, op: str, whole: Any, rest: Any) -> Array:
    """Compare counts with a count and the rest of one: exact where units differ, and never overflows."""
    import numpy as np

    exact = np.asarray(rest) == 0
    if op == "eq":
        return np.asarray((data == whole) & exact)
    if op == "ne":
        return np.asarray((data != whole) | ~exact)
    if op in ("gt", "le"):
        return np.asarray(OPERATORS[op](data, whole))
    # whole + rest is greater than whole wherever there is a rest.
    if op == "lt":
        return np.asarray((data < whole) | ((data == whole) & ~exact))
    return np.asarray((data > whole) | ((data == whole) & exact))


def _text(values: Values, op: str, value: str) -> Array:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(values.data, np.ndarray) or not encodable(value):
        return _python_text(values, lambda text: OPERATORS[op](text, value))
    return _bools(pc.call_function(_ARROW[op], [values.data, pa.scalar(value, pa.large_string())]))


def encodable(text: str) -> bool:
    r"""Say whether a text is valid Unicode: lone surrogates are not.

    Examples
    --------
    >>> encodable("😀"), encodable("\ud83d")
    (True, False)
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _python_text(values: Values, matches: Any) -> Array:
    import numpy as np

    texts = values.data if isinstance(values.data, np.ndarray) else values.data.to_pylist()
    return np.array([isinstance(text, str) and matches(text) for text in texts], dtype=bool)


def _bools(result: Any) -> Array:
    mask: Array = result.fill_null(False).to_numpy(zero_copy_only=False)
    return mask.astype(bool, copy=False)


def search_mask(values: Values, node: Contains | StartsWith | Matches) -> Array:
    """Return which rows' text contains, starts with or matches the node's."""
    import numpy as np
    import pyarrow.compute as pc

    if values.kind == "null" and values.codes is None:
        return np.zeros(_length(values), dtype=bool)
    if values.kind not in ("text", "null") or (values.kind == "null" and values.codes is not None):
        method = {Contains: "contains", StartsWith: "starts_with", Matches: "matches"}[type(node)]
        holds = _HOLDS.get(values.kind, "no text")
        wanted = node.pattern if isinstance(node, Matches) else node.value
        msg = f"Column {values.name!r} holds {holds} ({values.dtype}), so {method} can't look for {wanted!r} in it."
        raise UnfitError(msg)
    if isinstance(node, Matches):
        if isinstance(values.data, np.ndarray):
            search = regex.compiled(node.pattern).search
            return values.spread(_python_text(values, lambda text: search(text) is not None))
        found = pc.match_substring_regex(values.data, regex.emit(node.pattern, "re2"))
        return values.spread(_bools(found))
    if isinstance(values.data, np.ndarray) or not encodable(node.value):
        if isinstance(node, Contains):
            return values.spread(_python_text(values, lambda text: node.value in text))
        return values.spread(_python_text(values, lambda text: text.startswith(node.value)))
    function = pc.match_substring if isinstance(node, Contains) else pc.starts_with
    return values.spread(_bools(function(values.data, node.value)))


def list_mask(values: Values, wanted: tuple[Scalar, ...]) -> Array:
    """Return which rows have one of the wanted values, each rounded as `literal_mask` rounds it."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    category = values.codes is not None
    for value in wanted:
        check(values.name, values.kind, values.dtype, value, category=category)
    if not wanted or values.kind == "null":
        return values.spread(np.zeros(_length(values), dtype=bool))
    data: Any = values.data
    if values.kind == "text":
        texts = [str(value) for value in wanted if encodable(str(value))]
        if isinstance(data, np.ndarray):
            among = set(wanted)
            return values.spread(_python_text(values, among.__contains__))
        return values.spread(_bools(pc.is_in(data, value_set=pa.array(texts, pa.large_string()))))
    if values.kind == "decimal":
        among = set(wanted)
        return values.spread(np.array([v is not None and v in among for v in data], dtype=bool))
    if values.kind in ("number", "boolean"):
        return values.spread(_number_list(data, wanted))
    counts = [divmod(nanoseconds(value), values.step) for value in wanted]
    return values.spread(_number_list(data, tuple(whole for whole, rest in counts if not rest)))


def _number_list(data: Array, wanted: tuple[Any, ...]) -> Array:
    import numpy as np

    if data.dtype.kind == "f":
        # Rounded to the column's own precision, as where it is compared with one of them.
        with np.errstate(over="ignore"):
            floats = np.array([float(v) for v in wanted], dtype=np.float64).astype(data.dtype)
        return np.isin(data, floats)
    if data.dtype.kind == "b":
        return np.isin(data, np.array(wanted, dtype=bool))
    # Compared as integers: as floats, those beyond 2**53 would be rounded together.
    limits = np.iinfo(data.dtype)
    fitting = [v for v in wanted if isinstance(v, int) and limits.min <= v <= limits.max]
    return np.isin(data, np.array(fitting, dtype=data.dtype))


def pair_mask(left: Values, right: Values, node: Compare) -> Array:
    """Return which rows compare to one another in two columns as asked; nulls and NaN never do."""
    import numpy as np
    import pyarrow.compute as pc

    ordered = node.op not in ("eq", "ne")
    if ordered and (left.codes is not None or right.codes is not None):
        name = left.name if left.codes is not None else right.name
        msg = f"Column {name!r} is a category, which has no order to compare by: cast it to its values' type first."
        raise UnfitError(msg)
    left, right = left.decoded(), right.decoded()
    check_pair(left.name, left.kind, left.dtype, right.name, right.kind, right.dtype, ordered=ordered)
    length = _length(left)
    valid = np.ones(length, dtype=bool)
    for side in (left, right):
        if side.valid is not None:
            valid &= side.valid
        if side.kind == "number" and side.data.dtype.kind == "f":
            valid &= side.data == side.data
    if "null" in (left.kind, right.kind):
        return np.zeros(length, dtype=bool)
    if left.kind == "decimal":
        pairs = zip(left.data, right.data, strict=True)
        return np.array(
            [a is not None and b is not None and OPERATORS[node.op](a, b) for a, b in pairs], dtype=bool
        )
    if left.kind == "text":
        if isinstance(left.data, np.ndarray) or isinstance(right.data, np.ndarray):
            sides = [v.data if isinstance(v.data, np.ndarray) else v.data.to_pylist() for v in (left, right)]
            rows = [bool(ok) and OPERATORS[node.op](a, b) for ok, a, b in zip(valid, *sides, strict=True)]
            return np.array(rows, dtype=bool)
        mask = _bools(pc.call_function(_ARROW[node.op], [left.data, right.data]))
    elif left.step == right.step:
        mask = OPERATORS[node.op](left.data, right.data)
    else:
        mask = _units(left, right, node.op)
    return np.asarray(mask & valid)


def _units(left: Values, right: Values, op: str) -> Array:
    import numpy as np

    if left.step < right.step:
        return _units(right, left, MIRRORED[op])
    whole, rest = np.divmod(right.data, left.step // right.step)
    return _count(left.data, op, whole, rest)


def check_pair(
    left: str,
    left_kind: str,
    left_dtype: str,
    right: str,
    right_kind: str,
    right_dtype: str,
    *,
    ordered: bool,
) -> None:
    """Raise an UnfitError where two columns can't be compared.

    Examples
    --------
    >>> check_pair("a", "text", "str", "b", "number", "int64", ordered=False)
    Traceback (most recent call last):
    datalens.core.errors.UnfitError: Column 'a' (str) can't be compared with column 'b' (int64): cast one to the other's type.
    """
    if "null" in (left_kind, right_kind):
        return
    if left_kind != right_kind or left_kind not in FITS or (ordered and left_kind == "boolean"):
        msg = (
            f"Column {left!r} ({left_dtype}) can't be compared with column {right!r} ({right_dtype}): "
            "cast one to the other's type."
        )
        raise UnfitError(msg)
