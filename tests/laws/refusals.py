"""What an engine may refuse, and why; everything else it has to say.

A refusal is a `NotExpressibleError`, or an error of the engine's own when it runs the code: never other rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from datalens.predicate import And, Compare, Items, Member, Not, Or, Predicate

_ITEMS = "narwhals has no condition on any item of a list"
_VECTORS = "a product over a column of vectors is numpy's: SQL and expressions offer keys"
#: What begins an engine's name, to the conditions that it may not know and why. The first that fits counts.
REFUSED: dict[str, dict[str, str]] = {
    "evaluate": {},
    "expression of polars": {"Linear": _VECTORS},
    "expression on lazy polars": {"Linear": _VECTORS},
    "expression": {"Items": _ITEMS, "Linear": _VECTORS},
    "code on pandas": {},
    "code on polars": {},
    "code on lazy polars": {},
    "code on pyarrow": {"Items": "Arrow's expressions have no item of a list", "Linear": _VECTORS},
    "code on a dataset": {"Items": "Arrow's expressions have no item of a list", "Linear": _VECTORS},
    "code in python": {},
    "code on datatrove": {},
    "code on duckdb": {"Linear": _VECTORS},
    "code on lance": {"Items": "DataFusion has no condition on any item", "Linear": _VECTORS},
    "code on spark": {"Linear": _VECTORS},
    "code on postgres": {"Linear": _VECTORS},
}

#: What engines may refuse for what stands in a condition: found in the engine's name, in the sentence, and the reason.
SAID: list[tuple[str, str, str]] = [
    ("expression on lazy duckdb", "can't be said in narwhals", "narwhals measures no list of a fixed size"),
    ("code on (lazy )?(polars|duckdb|lance|spark|postgres|pyarrow|a dataset)", "no valid Unicode",
     "half a character is in no text of theirs"),
    ("^code on pyarrow", "more than 64 bits", "a decimal equals such an integer, a float what it rounds to"),
    ("postgres", r"the text '.*\\x00", "no text of Postgres' holds a NUL"),
    ("spark", "rename the column", "no name of Spark's holds a NUL"),
    ("postgres", "division by what may be zero", "Postgres divides nothing by zero"),
    ("^code on lance", "without their types", "Lance orders NaN above all, and can't be asked for it in other columns"),
    ("lance", "outside the years|before 1970", "Lance's literals of time are nanoseconds, whose fractions it cuts"),
    ("lance", r"whose \\B", "DataFusion's looks at all of Unicode's letters"),
]  # fmt: skip

#: What engines refuse when they run the code, with an error: what is found in the engine's name and in the error, the reason.
LOUD: list[tuple[str, str, str]] = [
    ("^code on (lazy )?polars", "cannot check for Float.* values in List.U?Int", "without the columns' types, whole keys are those of a column of integers"),
    ("^code on pyarrow", "was truncated converting to u?int64", "without the columns' types, whole keys are those of a column of integers"),
    ("pandas arrow|^(code|evaluate|expression).* pyarrow", "outside of the range exactly representable|not in range: ",
     "Arrow compares no integer beyond 2**53 with floats, nor one beyond 2**63 with signed integers"),
    ("pandas arrow", "int too (large|big) to convert", "Arrow takes no integer beyond 64 bits"),
    ("pandas arrow|^(code|evaluate|expression).* pyarrow", "Rescaling Decimal|Decimal value does not fit|Precision is not great enough",
     "Arrow looks for no decimal that its column can't hold"),
    ("pandas arrow", "Can only use .str accessor", "a category without values has no text to pandas"),
    ("code on pandas", "Categoricals can only be compared", "pandas compares no two categories of other values"),
    ("pandas nullable", "boolean value of NA", "pandas' texts in Python's own storage order no nulls"),
    ("expression|code on pandas", "surrogate", "no text of Arrow's or DuckDB's holds half a character"),
    ("expression", "comparison between series .* Datetime|datatypes of .* Datetime|timezone",
     "polars compares no two time zones"),
    ("expression on lazy", "aggregate or change length", "narwhals filters no lazy frame by a constant"),
    ("lance", "could not convert to literal of type", "Lance takes no literal that its column can't hold"),
    ("^code on (postgres|spark|lance|pyarrow)", "function length|resolve .length|'substr' requires String|to large_utf8",
     "without the columns' types, a length is a text's"),
    ("^code on lance", "Unsupported CAST from .* to Utf8", "without the columns' types, DataFusion finds no NaN in lists"),
    ("postgres", "out of range", "Postgres has no infinity where arithmetic overflows"),
]  # fmt: skip


def leaves(node: Predicate) -> Iterator[Predicate]:
    """Yield a tree's conditions."""
    if isinstance(node, (And, Or)):
        for part in node.of:
            yield from leaves(part)
    elif isinstance(node, Not):
        yield from leaves(node.of)
    else:
        yield node


def name_of(leaf: Predicate) -> str:
    """Return what a condition is called in `REFUSED`: its class; "computed" where a side is computed."""
    if isinstance(leaf, Compare) and leaf.is_computed:
        return "computed"
    return type(leaf).__name__


def may_say(engine: str, error: Exception) -> bool:
    """Say whether a refusal is for what stands in a condition, whatever its class."""
    return any(
        re.search(part, engine) and re.search(pattern, str(error), re.DOTALL) for part, pattern, _ in SAID
    )


def may_refuse(engine: str, leaf: Predicate) -> bool:
    """Say whether an engine may refuse a class of conditions, for itself or for what is inside."""
    plain = engine.removeprefix("typed ")
    refused = next((names for start, names in REFUSED.items() if plain.startswith(start)), {})
    names = [name_of(leaf)]
    while isinstance(leaf, (Items, Member)):
        leaf = leaf.of
        names.append(name_of(leaf))
    return any(name in refused for name in names)


def may_fail(engine: str, error: Exception) -> bool:
    """Say whether an engine's own error is one that is known."""
    return any(re.search(part, engine) and re.search(pattern, str(error)) for part, pattern, _ in LOUD)
