"""Predicates as a function of one row in plain Python, for what `pyarrow.Table.to_pylist` gives."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

from datalens.predicate.dialects.columns import types_of
from datalens.predicate.dialects.layout import INDENT, Listing, lines, quote, returned
from datalens.predicate.dialects.parts import Parts, import_block, variable
from datalens.predicate.dialects.rows import Conditions
from datalens.predicate.dialects.rows_helpers import HELPERS, MODULES
from datalens.predicate.nodes import And, Items, Member, Not, Or, column_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from datalens.predicate.base import Predicate

#: Rows may come from pandas, whose lists are arrays.
_SIZED = 'hasattr({}, "__len__")'


def render(
    node: Predicate,
    *,
    frame: str,  # noqa: ARG001 - a row has no frame
    result: str,
    schema: Any = None,
    required: Sequence[str] = (),
    otherwise: str = "",
) -> str:
    """Print a predicate as a function of one row, a dict, that needs the standard library only.

    What a row doesn't have counts as null, as where such rows are opened.

    Parameters
    ----------
    node : Predicate
    frame : str
        Not used: the function is given rows.
    result : str
        The function's name.
    schema : dataframe or pyarrow.Schema, optional
        Where columns' types are read.
    required : sequence of str, optional
        What each row has to have.
    otherwise : str, optional
        Where rows have it.

    Returns
    -------
    str

    Examples
    --------
    >>> from datalens.predicate import col
    >>> code = (col("loss") > 3.2) & ~col("text").contains("cookie")
    >>> print(render(code, frame="df", result="selected"))
    def selected(row):
        loss = row.get("loss")
        text = row.get("text")
        return (
            loss is not None
            and loss > 3.2
            and not (isinstance(text, str) and "cookie" in text)
        )
    """
    check_result(result)
    parts = Parts([result, "row"])
    body = function_body(node, parts, lambda name: f"row.get({quote(name)})", INDENT, schema)
    check = required_lines("row", required, otherwise, INDENT)
    return assemble(parts, [], "\n".join([f"def {result}(row):", *check, *body]))


def check_result(result: str) -> None:
    """Raise a ValueError where a function's name would hide what the code itself calls.

    Examples
    --------
    >>> check_result("any")
    Traceback (most recent call last):
    ValueError: result='any' would hide Python's own any, which printed code may call: give another name.
    """
    if hasattr(builtins, result):
        msg = f"result={result!r} would hide Python's own {result}, which printed code may call: give another name."
        raise ValueError(msg)


def required_lines(row: str, required: Sequence[str], otherwise: str, indent: str) -> list[str]:
    r"""Return the lines that raise where a row lacks what it has to have.

    Examples
    --------
    >>> print("\n".join(required_lines("row", ["cluster"], "lens.to_frame()", "")))
    if "cluster" not in row:
        raise LookupError(
            "Computed columns are missing: take rows of lens.to_frame(), "
            "or the code with form='keys'."
        )
    """
    if not required:
        return []
    shown = [quote(name) for name in required]
    asked = Listing(f"if not all(name in {row} for name in ", shown, "):")
    return [
        *(lines(asked, indent) if shown[1:] else [f"{indent}if {shown[0]} not in {row}:"]),
        f"{indent}    raise LookupError(",
        f'{indent}        "Computed columns are missing: take rows of {otherwise}, "',
        f"{indent}        \"or the code with form='keys'.\"",
        f"{indent}    )",
    ]


def function_body(
    node: Predicate, parts: Parts, read: Callable[[str], str], indent: str, schema: Any
) -> list[str]:
    """Return the lines of a function that reads all columns first, then says whether they match.

    Parameters
    ----------
    node : Predicate
    parts : Parts
        Collects what has to stand above the function.
    read : callable
        From a column's name to the expression that reads it.
    indent : str
        What stands before each line.
    schema : dataframe or pyarrow.Schema or None
        Where columns' types are read.
    """
    columns = sorted(column_names(node))
    names = {name: parts.name(variable(name), ("column", name)) for name in columns}
    condition = Conditions(parts, _SIZED, {} if schema is None else types_of(schema)).piece(node, names)
    listed = set(_with_lists(node))
    read_lines = []
    for name in columns:
        value = read(name)
        if name in listed:
            value = f"{parts.helper('plain', HELPERS, MODULES)}({value})"
        read_lines.append(f"{indent}{names[name]} = {value}")
    return [*read_lines, *returned(condition, indent)]


def _with_lists(node: Predicate) -> Iterator[str]:
    """Name the columns whose items are asked."""
    stack = [(node, "")]
    while stack:
        part, outer = stack.pop()
        match part:
            case And(of=parts) | Or(of=parts):
                stack.extend((one, "") for one in parts)
            case Not(of=inner):
                stack.append((inner, ""))
            case Items(column=name):
                yield outer or name
            case Member(column=name, of=inner):
                stack.append((inner, outer or name))


def assemble(parts: Parts, notes: Sequence[str], last: str) -> str:
    """Return imports, helpers, fixed values and the function or class, as PEP 8 sets them apart."""
    first = "\n\n".join(filter(None, ["\n".join(notes), import_block(parts.imports)]))
    fixed = "\n".join(parts.before.values())
    if not parts.helpers:
        first, fixed = "\n\n".join(filter(None, [first, fixed])), ""
    return "\n\n\n".join(filter(None, [first, *parts.helpers.values(), fixed, last]))
