"""What pandas' kinds of columns do with literals and masks, and what printed code has to mind."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from datalens.core.keys import SURROGATES
from datalens.predicate.dialects.layout import Leaf, quote
from datalens.predicate.dialects.rows import matches_null
from datalens.predicate.dialects.rows_numbers import is_beyond
from datalens.predicate.dialects.sql_text import to_single
from datalens.predicate.dialects.written import duration
from datalens.predicate.nodes import And, Between, Compare, Items, Member, Or
from datalens.predicate.operands import Length, Literal

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate
    from datalens.predicate.dialects.pandas_types import Types
    from datalens.predicate.dialects.parts import Parts
    from datalens.predicate.scalars import Scalar

#: Comments in printed code, each once.
NOT_NULL_NOTE = "# A value equals itself unless it is null or NaN, which match no comparison."
NAN_NOTE = "# As numpy's values, because isna() passes over the NaN in Arrow columns."
ZERO_NOTE = "# Both zeros, because isin() tells 0.0 from -0.0 in Arrow columns."
#: The integers up to which floats of 32 bits hold each.
_SINGLE = 2**24
#: The years of which nanoseconds don't count all days.
_FIRST_YEAR, _LAST_YEAR = 1677, 2262
#: What nanoseconds don't count either.
_LONGEST = dt.timedelta(microseconds=2**63 // 1000)


def beyond_arrow(value: Scalar) -> bool:
    """Say whether Arrow-backed columns can't be asked for a value: lone surrogates, integers beyond 2**53.

    Signed and unsigned ones, beside one another, are floats to Arrow.

    Examples
    --------
    >>> beyond_arrow("web"), beyond_arrow(2**60)
    (False, True)
    """
    if isinstance(value, str):
        return SURROGATES.search(value) is not None
    return isinstance(value, int) and is_beyond(value)


def scalar(parts: Parts, value: Scalar) -> str:
    """Print a literal, as pandas' columns compare with it.

    Examples
    --------
    >>> from datalens.predicate.dialects.parts import Parts
    >>> scalar(Parts([]), "web"), scalar(Parts([]), dt.date(2024, 1, 1))
    ('"web"', 'pd.Timestamp("2024-01-01")')
    """
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return f'float("{value}")'
    if isinstance(value, Decimal):
        return f'{parts.module("Decimal", "from decimal import Decimal")}("{value}")'
    if isinstance(value, dt.timedelta):
        pd = parts.module("pd", "import pandas as pd")
        far = f'{value // dt.timedelta(microseconds=1)}, "us"'
        return f"{pd}.Timedelta({far if is_far(value) else duration(value)})"
    if isinstance(value, dt.date):
        text = value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
        return f'{parts.module("pd", "import pandas as pd")}.Timestamp("{text}")'
    return repr(value)


def is_there(parts: Parts, types: Types, name: str, column: str) -> Leaf:
    """Print what is False where a column is null or NaN.

    Examples
    --------
    >>> from datalens.predicate.dialects.pandas_types import Types
    >>> from datalens.predicate.dialects.parts import Parts
    >>> is_there(Parts([]), Types(), "a", "df.a").text
    'df.a == df.a'
    """
    if types.is_told_by_isna(name):
        return Leaf(f"{column}.notna()")
    if types.is_half(name):
        return Leaf(f"{types.widened(name, column)}.notna()")
    parts.note(NOT_NULL_NOTE)
    return Leaf(f"{column} == {column}", loose=True)


def is_rounded(value: Scalar) -> bool:
    """Say whether floats of few bits round a number: of 16 bits fractions, of 32 bits large integers.

    Examples
    --------
    >>> is_rounded(0.5), is_rounded(0.1), is_rounded(2**24), is_rounded(2**24 + 1)
    (False, True, False, True)
    """
    import numpy as np

    if isinstance(value, float) and not value.is_integer():
        return float(np.float16(value)) != value
    return isinstance(value, (int, float)) and is_large(value) and to_single(value) != float(value)


def is_large(value: float) -> bool:
    """Say whether a number is beyond the integers that floats of 32 bits hold, each.

    Examples
    --------
    >>> is_large(2**24), is_large(-(2**25))
    (False, True)
    """
    return abs(value) > _SINGLE


def is_far(value: Scalar) -> bool:
    """Say whether a time without a zone, or a duration, is none that nanoseconds of 64 bits count.

    Examples
    --------
    >>> is_far(dt.date(1600, 1, 1)), is_far(dt.datetime(2024, 1, 1))
    (True, False)
    >>> is_far(dt.timedelta(days=200_000))
    True
    """
    if isinstance(value, dt.timedelta):
        return abs(value) >= _LONGEST
    if not isinstance(value, dt.date) or getattr(value, "tzinfo", None):
        return False
    return not _FIRST_YEAR < value.year < _LAST_YEAR


def may_be_null(node: Predicate, types: Types) -> bool:
    """Say whether the printed mask can hold NA on nullable and Arrow-backed columns.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> from datalens.predicate.dialects.pandas_types import Types
    >>> may_be_null(Between("loss", 1, 2), Types()), may_be_null(col("loss").is_null(), Types())
    (True, False)
    """
    match node:
        case And(of=parts) | Or(of=parts):
            return any(may_be_null(part, types) for part in parts)
        case Compare(left=Length(name=name), right=Literal()):
            return types.is_text(name) and not types.in_numpy
        case Compare() if node.is_computed:
            return False
        case Member() if matches_null(node):
            return False
        case Compare() | Between() | Items() | Member():
            return not types.in_numpy
    return False
