"""A predicate as text: a few words for a chip, and the code that builds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.predicate.nodes import (
    SYMBOLS,
    And,
    Between,
    Compare,
    Contains,
    Everything,
    Inside,
    IsIn,
    IsNull,
    Keys,
    Not,
    Or,
    StartsWith,
)
from datalens.predicate.operands import Field, Literal

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate
    from datalens.predicate.scalars import Scalar

#: What a chip shows of a text, and of a whole predicate.
CHIP_TEXT = 40
CHIP = 100
#: Values that a chip names before it counts.
NAMED = 2
#: A repr is read, not run, beyond this many values.
REPR_VALUES = 1000


def label(node: Predicate) -> str:
    """Return a few words for a chip.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> label(~(col("loss") > 3.2) & (col("source") == "web"))
    'not (loss > 3.2) and source is web'
    """
    return clip(_words(node), CHIP)


def _words(node: Predicate) -> str:
    match node:
        case And(of=parts) | Or(of=parts):
            return f" {node.word} ".join(
                f"({_words(part)})" if isinstance(part, (And, Or)) else _words(part) for part in parts
            )
        case Not(of=part):
            return f"not ({_words(part)})"
        case Everything():
            return "everything"
        case Compare(op=op, left=left, right=right):
            # "is" reads well before a value; between columns the sign is clearer.
            said = {"eq": "is", "ne": "is not"} if isinstance(right, Literal) else {}
            return f"{_operand(left)} {said.get(op, SYMBOLS[op])} {_operand(right)}"
        case Between(column=name, low=low, high=high):
            return f"{clip(name)} from {_value(low)} to {_value(high)}"
        case IsIn(column=name, values=values):
            shown = ", ".join(_value(value) for value in values[:NAMED]) or "nothing"
            more = f" +{len(values) - NAMED:,}" if len(values) > NAMED else ""
            return f"{clip(name)} in {shown}{more}"
        case IsNull(column=name):
            return f"{clip(name)} is null"
        case Contains(column=name, value=value):
            return f'{clip(name)} contains "{clip(value)}"'
        case StartsWith(column=name, value=value):
            return f'{clip(name)} starts with "{clip(value)}"'
        case Inside():
            return "inside box" if node.is_box else "inside lasso"
        case Keys(values=values):
            return f"{len(values):,} {'row' if len(values) == 1 else 'rows'} by key"
    return type(node).__name__


def _operand(side: Field | Literal) -> str:
    return clip(side.name) if isinstance(side, Field) else _value(side.value)


def _value(value: Scalar) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return clip(str(value))


def clip(text: str, length: int = CHIP_TEXT) -> str:
    """Return a text from the data as it stands in a chip: one line, without what is invisible, cut.

    Examples
    --------
    >>> clip("more than ten", 10)
    'more than…'
    """
    # Line breaks and invisible characters would tear a chip apart or turn its text around.
    text = "".join(c if c.isprintable() else " " for c in text[: length + 1])
    return text if len(text) <= length else text[: length - 1] + "…"


def source(node: Predicate) -> str:
    """Return the code that builds a predicate, which is its repr.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> source(~(col("a").is_null() | (col("b") == "x")))
    "~(dl.col('a').is_null() | (dl.col('b') == 'x'))"
    """
    match node:
        case And(of=parts):
            return " & ".join(_wrapped(part) for part in parts)
        case Or(of=parts):
            return " | ".join(_wrapped(part) for part in parts)
        case Not(of=part):
            return f"~{_wrapped(part)}"
        case Everything():
            return "dl.everything()"
        case Compare(op=op, left=left, right=right):
            return f"{_source_operand(left)} {SYMBOLS[op]} {_source_operand(right)}"
        case Between(column=name, low=low, high=high):
            return f"dl.col({name!r}).between({_literal(low)}, {_literal(high)})"
        case IsIn(column=name, values=values):
            return f"dl.col({name!r}).is_in({_list(values)})"
        case IsNull(column=name):
            return f"dl.col({name!r}).is_null()"
        case Contains(column=name, value=value):
            return f"dl.col({name!r}).contains({value!r})"
        case StartsWith(column=name, value=value):
            return f"dl.col({name!r}).starts_with({value!r})"
        case Inside(x=x, y=y, polygon=polygon):
            return f"dl.inside({x!r}, {y!r}, {list(polygon)!r})"
        case Keys(identity=identity, values=values):
            return f"dl.keys({_list(values)}, {identity!r})"
    return object.__repr__(node)


def _wrapped(part: Predicate) -> str:
    text = source(part)
    return f"({text})" if isinstance(part, (And, Or, Compare)) else text


def _source_operand(side: Field | Literal) -> str:
    return f"dl.col({side.name!r})" if isinstance(side, Field) else _literal(side.value)


def _literal(value: Scalar) -> str:
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return f"float({str(value)!r})"
    return repr(value)


def _list(values: tuple[Any, ...]) -> str:
    shown = ", ".join(_literal(value) for value in values[:REPR_VALUES])
    more = f", ... {len(values) - REPR_VALUES:,} more" if len(values) > REPR_VALUES else ""
    return f"[{shown}{more}]"
