"""The conditions on one column's values, and on two columns: plain values that know nothing of dataframes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any
from typing import Literal as OneOf

from datalens.core.errors import UnfitError
from datalens.predicate.base import Predicate
from datalens.predicate.operands import Arithmetic, Field, Length, Literal, Operand, check_name
from datalens.predicate.scalars import Scalar, kind, normalize, normalize_many

Operator = OneOf["eq", "ne", "lt", "le", "gt", "ge"]

SYMBOLS: dict[str, str] = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
MIRRORED: dict[str, Operator] = {"eq": "eq", "ne": "ne", "lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}


def set_field(node: Any, name: str, value: Any) -> None:
    """Set a field of a node that is being made: later it is fixed."""
    object.__setattr__(node, name, value)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Compare(Predicate):
    """A column compared with a value, with another column, or with what is computed from columns.

    Parameters
    ----------
    op : {"eq", "ne", "lt", "le", "gt", "ge"}
    left : Field, Length or Arithmetic
    right : Field, Length, Arithmetic or Literal
        A literal on the left changes sides.
    """

    op: Operator
    left: Operand
    right: Operand

    def __post_init__(self) -> None:
        if self.op not in SYMBOLS:
            msg = f"There is no comparison {self.op!r}; there are: {', '.join(SYMBOLS)}."
            raise ValueError(msg)
        left, right = self.left, self.right
        if isinstance(left, Literal):
            left, right = right, left
            set_field(self, "op", MIRRORED[self.op])
        if isinstance(left, Literal):
            msg = "A comparison of two fixed values selects all rows or none: one side is to be a column."
            raise UnfitError(msg)
        for side in (left, right):
            if not isinstance(side, (Field, Length, Arithmetic, Literal)):
                msg = f"A comparison is between columns and values, not with {type(side).__name__}."
                raise UnfitError(msg)
        if isinstance(right, Literal) and not isinstance(left, Field):
            right = Literal(normalize(right.value, "a number computed from columns"))
            if kind(right.value) != "number":
                msg = f"What is computed from columns is a number: it can't be compared with {right.value!r}."
                raise UnfitError(msg)
        elif isinstance(right, Literal) and isinstance(left, Field):
            value = normalize(right.value, f"column {left.name!r}")
            if isinstance(value, bool) and self.op not in ("eq", "ne"):
                msg = f"Column {left.name!r} can't be greater or less than {value}: use == or !=."
                raise UnfitError(msg)
            right = Literal(value)
        set_field(self, "left", left)
        set_field(self, "right", right)

    @property
    def is_computed(self) -> bool:
        """Whether a side is computed (a length, arithmetic): then both are compared as 64-bit floats.

        Examples
        --------
        >>> Compare("gt", Length("text"), Literal(10)).is_computed
        True
        """
        return any(isinstance(side, (Length, Arithmetic)) for side in (self.left, self.right))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Between(Predicate):
    """A column's value lies between two values, both included.

    Parameters
    ----------
    column : str
    low, high : scalar
        Of one kind.
    """

    column: str
    low: Scalar
    high: Scalar

    def __post_init__(self) -> None:
        check_name(self.column)
        where = f"column {self.column!r}"
        low, high = normalize(self.low, where), normalize(self.high, where)
        if kind(low) != kind(high) or kind(low) == "boolean":
            msg = f"The bounds for {where} are {kind(low)} and {kind(high)}: give two of one kind that has an order."
            raise UnfitError(msg)
        set_field(self, "low", low)
        set_field(self, "high", high)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class IsIn(Predicate):
    """A column's value is one of several.

    Parameters
    ----------
    column : str
    values : tuple of scalars
        Of one kind; kept in their order, each once.
    """

    column: str
    values: tuple[Scalar, ...]

    def __post_init__(self) -> None:
        check_name(self.column)
        set_field(self, "values", normalize_many(self.values, f"column {self.column!r}"))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Everything(Predicate):
    """Every row matches: what is selected while nothing has been asked for.

    Examples
    --------
    >>> import pandas as pd
    >>> Everything().mask(pd.DataFrame({"a": [1, 2]})).tolist()
    [True, True]
    """


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class IsNull(Predicate):
    """A column's value is null or NaN.

    Parameters
    ----------
    column : str
    """

    column: str

    def __post_init__(self) -> None:
        check_name(self.column)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Contains(Predicate):
    """A text contains another, letter by letter and case-sensitive.

    Parameters
    ----------
    column, value : str
    """

    column: str
    value: str

    def __post_init__(self) -> None:
        _check_text(self, "contains")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class StartsWith(Predicate):
    """A text starts with another, case-sensitive.

    Parameters
    ----------
    column, value : str
    """

    column: str
    value: str

    def __post_init__(self) -> None:
        _check_text(self, "starts_with")


def _check_text(node: Contains | StartsWith, method: str) -> None:
    check_name(node.column)
    if not isinstance(node.value, str):
        msg = f"{method} on column {node.column!r} looks for text, not for {type(node.value).__name__}."
        raise UnfitError(msg)
    set_field(node, "value", normalize(node.value, f"column {node.column!r}"))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Matches(Predicate):
    """A text holds a match of a regular expression, found anywhere in it.

    Parameters
    ----------
    column : str
    pattern : str
        In the subset that RE2 and Python read alike, classes in ASCII: see `regex`.
    """

    column: str
    pattern: str

    def __post_init__(self) -> None:
        from datalens.predicate.regex import check_pattern

        check_name(self.column)
        if not isinstance(self.pattern, str):
            msg = f"matches on column {self.column!r} takes a pattern as text, not {type(self.pattern).__name__}."
            raise UnfitError(msg)
        check_pattern(self.pattern)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Linear(Predicate):
    """A vector's dot product with weights is at least, or greater than, a threshold.

    A radius in cosine space (`cosine`, weights of length 1) and a linear probe are both this. Rows whose vector is
    null, of another length, not finite, or, with `cosine`, zero match nothing.

    Parameters
    ----------
    column : str
        A column of vectors.
    weights : tuple of float
        One a dimension.
    threshold : float
    op : {"ge", "gt", "le", "lt"}
        How the product is compared with the threshold.
    cosine : bool
        Whether the vector is divided by its length first.
    """

    column: str
    weights: tuple[float, ...]
    threshold: float
    op: Operator = "ge"
    cosine: bool = False

    def __post_init__(self) -> None:
        check_name(self.column)
        if self.op not in ("ge", "gt", "le", "lt"):
            msg = f"A product is compared with ge, gt, le or lt, not with {self.op!r}."
            raise ValueError(msg)
        try:
            weights = tuple(float(weight) for weight in self.weights)
            threshold = float(self.threshold)
        except (TypeError, ValueError):
            msg = f"The weights over column {self.column!r} are a list of numbers, and the threshold is one."
            raise UnfitError(msg) from None
        if not weights or not all(map(math.isfinite, (*weights, threshold))):
            msg = f"The weights over column {self.column!r} and their threshold are finite numbers, at least one."
            raise ValueError(msg)
        set_field(self, "weights", weights)
        set_field(self, "threshold", threshold)
        set_field(self, "cosine", bool(self.cosine))
