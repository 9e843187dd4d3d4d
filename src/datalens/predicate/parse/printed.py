"""What stands beside a mask in printed pandas code, to be known again when it is read."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from datalens.predicate.dialects.pandas import render
from datalens.predicate.parse.pairs import printed_helper
from datalens.predicate.parse.rows import likely_types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datalens.predicate.base import Predicate


#: The lines that join computed columns from their file, which a predicate names as any other.
JOINS = re.compile(
    r"(\w+) = pd\.read_parquet\((['\"]).*\2, columns=\[.*\]\)"
    r"|(\w+) = \3\.set_index\((['\"]).*\4\)"
    r"|(\w+) = \5\.reindex\(.*\)\.set_axis\(\w+\.index\)"
    r"|\w+ = pd\.concat\(\[\w+, \w+\], axis=1\)",
    re.DOTALL,
)


def printed_functions(predicates: Sequence[Predicate], frame: str, result: str) -> set[str]:
    """Return the functions that predicates are printed with, as trees.

    Parameters
    ----------
    predicates : sequence of Predicate
    frame, result : str
        Names of frames in the code.

    Returns
    -------
    set of str
        What `ast.dump` says of each.
    """
    return {printed_helper(frame, result)} | {
        ast.dump(node)
        for predicate in predicates
        for schema in (None, *likely_types(predicate))
        for node in ast.walk(ast.parse(render(predicate, frame=frame, result=result, schema=schema)))
        if isinstance(node, (ast.FunctionDef, ast.Lambda))
    }
