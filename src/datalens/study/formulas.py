"""Columns computed from columns by arithmetic, to colour by: `loss_b - loss_a`; and conditions on them in the data's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError
from datalens.core.fingerprint import fingerprint
from datalens.predicate.formula import Value, same
from datalens.predicate.operands import Arithmetic, Field, Length, Literal, names_of
from datalens.predicate.text import formula, source_operand
from datalens.study.derived import Derived

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datalens.predicate import Predicate
    from datalens.predicate.operands import Operand
    from datalens.study.study import Study


def column_named(study: Study, value: Any, what: str) -> str:
    """Return the name of a column that was given by name, or computed from others; that one is added.

    Parameters
    ----------
    study : Study
        Whose columns are meant.
    value : str or Value
        A name, ``dl.col("loss")``, or arithmetic with columns: ``dl.col("loss_b") - dl.col("loss_a")``.
    what : str
        What it was given as: "color".

    Raises
    ------
    ColumnError
        When a column is not there.
    UnfitError
        When it is neither, or a column holds no numbers.
    """
    check_mentioned(study, value, what)
    if isinstance(value, str):
        return value
    operand = operand_of(value, what)
    return operand.name if isinstance(operand, Field) else _add(study, operand)


def check_mentioned(study: Study, value: Any, what: str, known: Sequence[str] = ()) -> None:
    """Raise as `column_named` does where a column is not there, but for some that are `known` to come."""
    for name in [value] if isinstance(value, str) else names_of(operand_of(value, what)):
        if name not in known:
            study.check_column(name)


def operand_of(value: Any, what: str) -> Operand:
    """Return what a value is computed from.

    Raises
    ------
    UnfitError
        When it is none, or is inside a list or struct.
    """
    if not isinstance(value, Value) or value._wrap is not same:  # noqa: SLF001 - of one house
        msg = (
            f"{what}= is the name of a column or arithmetic with whole columns, such as dl.col('b') - dl.col('a'); "
            f"not {value!r:.100}."
        )
        raise UnfitError(msg)
    return value._operand  # noqa: SLF001 - as above


def _add(study: Study, operand: Operand) -> str:
    import numpy as np
    import pyarrow as pa

    from datalens.predicate.computed import numbers
    from datalens.predicate.values import from_arrow

    with study.lock:
        name = study.free_name(_said(operand))
        columns = list(dict.fromkeys(names_of(operand)))
        made_of = [study.fingerprint(column) for column in columns]
        version = fingerprint("formula", source_operand(operand), *made_of)
        if study.version(name) == version:
            return name
        with np.errstate(all="ignore"):
            values = numbers(operand, lambda column: from_arrow(study.column(column), column))
        missing = [mask for mask in map(study.missing, columns) if mask is not None]
        derived = Derived(
            name,
            pa.chunked_array([pa.array(values, pa.float64(), from_pandas=True)]),
            version,
            source_operand(operand),
            missing=np.logical_or.reduce(missing) if missing else None,
            operand=operand,
        )
        study.add_columns([derived])
    return name


def _said(operand: Operand) -> str:
    """Return an operand in words, names as they are.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> _said(operand_of(col("loss_b") - col("loss_a"), "color"))
    'loss_b - loss_a'
    """
    match operand:
        case Literal(value=value):
            return f"{value:g}" if isinstance(value, float) else str(value)
        case Field(name=name):
            return name
        case Length(name=name):
            return f"length of {name}"
        case Arithmetic(op=op, left=left, right=right):
            return formula(op, left, right, _said)


def spelled_out(study: Study, predicate: Predicate) -> Predicate:
    """Return a range or nulls of a computed formula as a condition on the columns that it is made of.

    Parameters
    ----------
    study : Study
        Whose rows count.
    predicate : Predicate
        What the browser sent.

    Returns
    -------
    Predicate
        It selects the very same rows, and needs no computed column; else `predicate` itself.
    """
    derived = study.derived.get(getattr(predicate, "column", ""))
    spelled = None if derived is None or derived.operand is None else _over(derived.operand, predicate)
    if spelled is None:
        return predicate
    # A column that was computed anew since has other rows; infinite less infinite is null, too.
    return spelled if (study.mask_of(spelled) == study.mask_of(predicate)).all() else predicate


def as_shown(study: Study, source: str, predicate: Predicate) -> Predicate:
    """Return what `spelled_out` made, as it came from the legend of the computed column.

    Parameters
    ----------
    study : Study
        Whose columns are meant.
    source : str
        Where the clause comes from; only a column's own is looked at.
    predicate : Predicate
        The clause's.
    """
    from datalens.predicate import And, Between, Compare, IsNull

    name = source.removeprefix("column:")
    derived = study.derived.get(name)
    if derived is None or derived.operand is None or name == source:
        return predicate
    shown: Predicate = IsNull(name)
    match predicate:
        case And(of=(Compare(right=Literal(value=low)), Compare(right=Literal(value=high)))):
            shown = Between(name, low, high)
    return shown if _over(derived.operand, shown) == predicate else predicate


def _over(operand: Operand, predicate: Predicate) -> Predicate | None:
    """Return a range or nulls of a formula's column as a condition on the columns in the formula; None for all else."""
    from datalens.predicate import Between, IsNull

    if isinstance(predicate, Between):
        return Value(operand).between(predicate.low, predicate.high)
    if not isinstance(predicate, IsNull):
        return None
    first, *others = dict.fromkeys(names_of(operand))
    nulls: Predicate = IsNull(first)
    for name in others:
        nulls = nulls | IsNull(name)
    return nulls
