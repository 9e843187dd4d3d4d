"""The languages a predicate is printed in. A dialect is a module here with `render`, and a line in `DIALECTS`."""

from __future__ import annotations

import builtins
import difflib
import importlib
import keyword
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datalens.predicate.base import Predicate

#: Name to the module that prints it.
DIALECTS = {
    "pandas": "datalens.predicate.dialects.pandas",
    "polars": "datalens.predicate.dialects.polars",
    "duckdb": "datalens.predicate.dialects.duckdb",
    "lance": "datalens.predicate.dialects.lance",
    "pyarrow": "datalens.predicate.dialects.pyarrow",
    "python": "datalens.predicate.dialects.python",
    "datatrove": "datalens.predicate.dialects.datatrove",
    "spark": "datalens.predicate.dialects.spark",
    "trino": "datalens.predicate.dialects.trino",
    "postgres": "datalens.predicate.dialects.postgres",
}
#: Those whose rows have numbers of 64 bits only, or may have.
WIDE = ("datatrove", "python")
#: Those that print one condition for a WHERE.
SQL = ("duckdb", "lance", "postgres", "spark", "trino")
#: Those that print shorter code where they know the columns' types.
TYPED = (*SQL, "pandas", "polars", "pyarrow")


def render(
    node: Predicate,
    dialect: str,
    *,
    frame: str,
    result: str,
    schema: Any = None,
    required: Sequence[str] = (),
    otherwise: str = "",
    attributes: Mapping[str, str] | None = None,
) -> str:
    """Print a predicate in a dialect.

    Parameters
    ----------
    node : Predicate
    dialect : str
        One of `DIALECTS`.
    frame, result : str
        Names of the frame that is filtered (dots allowed) and of what comes out.
    schema : dataframe or pyarrow.Schema, optional
        Where SQL, Polars and pyarrow read the columns' types, and where literals are rounded as columns of fewer bits round them.

    required : sequence of str, optional
        Columns that a row has to have, where rows come one by one and one without a column counts as null there.
    otherwise : str, optional
        Where rows have those.
    attributes : dict of str to str, optional
        The columns that are attributes of datatrove's documents, and which.

    Returns
    -------
    str
        Code that runs alone, without a newline at the end.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> render(col("loss") > 3.2, "cobol", frame="df", result="selected")
    Traceback (most recent call last):
    ValueError: There is no dialect 'cobol'. There are: datatrove, duckdb, lance, pandas, polars, postgres, ...
    """
    if dialect not in DIALECTS:
        near = difflib.get_close_matches(str(dialect).lower(), DIALECTS, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(sorted(DIALECTS))}."
        msg = f"There is no dialect {dialect!r}. {hint}"
        raise ValueError(msg)
    for name, parts in (("frame", frame.split(".")), ("result", [result])):
        if not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
            msg = f"{name}={'.'.join(parts)!r} is not a name in Python."
            raise ValueError(msg)
    for name, given in (("frame", frame.partition(".")[0]), ("result", result)):
        if dialect in ("pandas", "polars", "pyarrow") and hasattr(builtins, given):
            msg = f"{name}={given!r} would hide Python's own {given}, which printed code may call: give another name."
            raise ValueError(msg)
    if schema is not None:
        from datalens.predicate.check import check_types, frame_of

        check_types(node, schema)
        schema = frame_of(schema)
    options: dict[str, Any] = {"schema": schema} if dialect in TYPED else {}
    if dialect in WIDE:
        options = {"schema": schema, "required": required, "otherwise": otherwise}
    if dialect == "datatrove":
        options["attributes"] = attributes
    if schema is not None and dialect in WIDE:
        from datalens.predicate.precision import in_column_precision

        node = in_column_precision(node, schema)
    module = importlib.import_module(DIALECTS[dialect])
    printed: str = module.render(node, frame=frame, result=result, **options)
    return printed
