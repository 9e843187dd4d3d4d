"""What an engine may refuse, and why; everything else it has to say.

A refusal is a `NotExpressibleError`, or an error of the engine's own when it runs the code: never other rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from datalens.predicate import And, Compare, Items, Member, Not, Or, Predicate

_ITEMS = "narwhals has no condition on any item of a list"
_VECTORS = "a product over a column of vectors is numpy's: SQL and expressions offer keys"
#: What begins an engine's name, to the conditions that it may not know and why. The first that fits counts.
REFUSED: dict[str, dict[str, str]] = {
    "evaluate": {},
    "expression of polars": {"Linear": _VECTORS},
    "expression on lazy polars": {"Linear": _VECTORS},
    "expression of pyarrow": {"Items": "Arrow's expressions have no item of a list", "Linear": _VECTORS},
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
    ("code on (lazy )?(polars|duckdb|lance|spark|postgres|pyarrow|a dataset)", "no valid Unicode",
     "half a character is in no text of theirs"),
    ("^code on pyarrow", "more than 64 bits", "decimals are compared with such an integer, floats with what it rounds to"),
    ("postgres", r"the text '.*\\x00", "no text of Postgres' holds a NUL"),
    ("spark", "rename the column", "no name of Spark's holds a NUL"),
    ("duckdb|spark", "which is the same name there", "no names of theirs differ in case alone"),
    ("postgres|spark", "division by what may be zero", "Postgres and Spark divide nothing by zero"),
    ("^code on lance", "without (their types|its type)", "Lance orders NaN above all, and can't be asked for it in other columns"),
    ("lance", "outside the years|before 1970|292 years", "Lance's literals of time are nanoseconds, whose fractions it cuts"),
    ("duckdb|lance|spark|postgres", "digits together", "their decimals have 38 digits, so that no one type holds what two columns do"),
    ("^expression on lazy duckdb", "moments in nanoseconds|of which one counts nanoseconds",
     "narwhals has no literal of DuckDB's moments in nanoseconds, and no count of times there"),
]  # fmt: skip

#: What engines refuse when they run code that was printed without the columns' types, with an error of their own: what is
#: found in the engine's name and in the error, the reason. With the types, and as expressions, there is no such error.
LOUD: list[tuple[str, str, str]] = [
    ("^code on (lazy )?polars", "cannot check for Float.* values in List.U?Int", "whole keys are those of a column of integers"),
    ("^code on pyarrow", "was truncated converting to u?int64", "whole keys are those of a column of integers"),
    ("^code on (pandas arrow|pyarrow)", "outside of the range exactly representable|not in range: ",
     "Arrow compares no integer beyond 2**53 with floats, nor one beyond 2**63 with signed integers"),
    ("^code on (pandas arrow|pyarrow)", "Rescaling Decimal|Decimal value does not fit|Decimal precision out of range|Precision is not great enough",
     "Arrow looks for no decimal that its column can't hold"),
    ("^code on pandas arrow", "Can only use .str accessor", "a category without values has no text to pandas, nor has Arrow's"),
    ("^code on pandas", "Categoricals can only be compared", "pandas compares no two categories of other values"),
    ("^code on pandas nullable", "boolean value of NA", "pandas' categories equal no text that is null"),
    ("^code on lance", "could not convert to literal of type", "Lance takes no literal that its column can't hold"),
    ("^code on (postgres|spark|lance|pyarrow)", "function length|resolve .length|'substr' requires String|to large_utf8",
     "a length is a text's"),
    ("^code on lance", "Unsupported CAST from .* to Utf8", "DataFusion finds no NaN in lists"),
    ("^code on (pandas|pyarrow|duckdb|lance)",
     "Out of bounds nanosecond|cast to the destination type INT64|to higher precision|out of bounds timestamp|Overflow converting .* to Nanosecond|Arithmetic overflow",
     "nanoseconds reach from 1677 to 2262, and these engines bring literals and columns to them"),
    ("^code on duckdb", "Casting value .* to type DECIMAL", "it brings two columns of decimals to one type of 38 digits"),
    ("^code on duckdb", "TIMESTAMPTZ_NS", "DuckDB compares no moments in nanoseconds with others"),
    ("^code on pyarrow", "would lose data", "printed for moments of any unit, to microseconds"),
    ("^code on (pandas arrow|pyarrow)", "no kernel matching input types .*timestamp|Invalid comparison between dtype=timestamp",
     "Arrow compares no moments of other units and zones"),
    ("^code on pyarrow", r"no kernel matching input types .*halffloat", "Arrow compares no floats of 16 bits"),
]  # fmt: skip
#: What depends on values alone, so that no types help.
OVERFLOW: list[tuple[str, str, str]] = [
    ("postgres", "out of range", "Postgres has no infinity where arithmetic overflows"),
]


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


#: How often a line of `SAID` or `LOUD` was needed, and by which engine.
USED: Counter[tuple[str, str, str]] = Counter()


def may_say(engine: str, error: Exception) -> bool:
    """Say whether a refusal is for what stands in a condition, whatever its class."""
    return _is_known(SAID, engine, error)


def may_fail(engine: str, error: Exception) -> bool:
    """Say whether an engine's own error is one that is known: only code without the columns' types may end in one of `LOUD`."""
    return _is_known(OVERFLOW, engine, error) or (
        engine.startswith("code ") and _is_known(LOUD, engine, error)
    )


def _is_known(rules: list[tuple[str, str, str]], engine: str, error: Exception) -> bool:
    for part, pattern, _ in rules:
        if re.search(part, engine) and re.search(pattern, str(error), re.DOTALL):
            USED[part, pattern, engine] += 1
            return True
    return False


def may_refuse(engine: str, leaf: Predicate) -> bool:
    """Say whether an engine may refuse a class of conditions, for itself or for what is inside."""
    plain = engine.removeprefix("typed ")
    refused = next((names for start, names in REFUSED.items() if plain.startswith(start)), {})
    names = [name_of(leaf)]
    while isinstance(leaf, (Items, Member)):
        leaf = leaf.of
        names.append(name_of(leaf))
    return any(name in refused for name in names)
