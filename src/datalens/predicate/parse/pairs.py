"""Two columns that pandas code brings to one type before it compares them: read in the very forms that are printed."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from datalens.predicate.dialects.pandas_helpers import HELPERS, MODULES
from datalens.predicate.dialects.parts import Parts

if TYPE_CHECKING:
    from collections.abc import Collection

    from datalens.predicate.parse.frame import Sides


def is_exact(node: ast.expr) -> bool:
    """Say whether this is a type of decimals in pandas, as integers and decimals are brought to.

    Examples
    --------
    >>> is_exact(ast.parse("pd.ArrowDtype(pa.decimal128(20, 0))", mode="eval").body)
    True
    """
    match node:
        case ast.Call(
            func=ast.Attribute(attr="ArrowDtype"),
            args=[
                ast.Call(
                    func=ast.Attribute(attr="decimal128" | "decimal256"),
                    args=[ast.Constant(value=int()), ast.Constant(value=int())],
                    keywords=[],
                )
            ],
            keywords=[],
        ):
            return True
    return False


def columns(code: Sides, left: ast.expr, right: ast.expr) -> tuple[str, str] | None:
    """Return the columns that are brought to one type on both sides of a comparison; None where they aren't.

    Parameters
    ----------
    code : Sides
    left, right : ast.expr
    """
    (form, one), (other_form, other) = (_brought(code, side) for side in (left, right))
    # Beside a column as floats another may be one already.
    if form == "float64" and other is None:
        other_form, other = form, _plain(right)
    elif other_form == "float64" and one is None:
        form, one = other_form, _plain(left)
    if one is None or other is None or form != other_form:
        return None
    names = (code.name(one), code.name(other))
    # As floats some integers are equal that aren't; as decimals, some floats.
    if _may_round(code.columns, names, as_floats=form == "float64"):
        return None
    return names


def _plain(node: ast.expr) -> ast.expr | None:
    """Return a column as it is, nothing else."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=str())):
            return node
    return None


def _brought(code: Sides, node: ast.expr) -> tuple[str, ast.expr | None]:
    """Return what a column is brought to, and the column."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Subscript() as of, attr="astype"),
            args=[ast.Constant(value="float64")],
            keywords=[],
        ):
            return "float64", of
        case ast.Call(
            func=ast.Attribute(value=ast.Subscript() as of, attr="astype"),
            args=[ast.Name(id=name)],
            keywords=[],
        ) if name in code.exact:
            return name, of
        case ast.Call(func=ast.Name(id=name), args=[ast.Subscript() as of], keywords=[]) if (
            name in code.helpers and code.helper(name) == "nanoseconds"
        ):
            return name, of
    return "", None


def _may_round(known: Collection[str] | None, names: tuple[str, str], *, as_floats: bool) -> bool:
    """Say whether the columns are known to be of types of which values are rounded."""
    floats = getattr(known, "floats", None)
    if floats is None or not isinstance(known, dict):
        return False
    kinds = [known.get(name) for name in names]
    if as_floats:
        return "decimal" in kinds or (set(kinds) == {"number"} and floats.isdisjoint(names))
    return not floats.isdisjoint(names)


def printed_helper(frame: str, result: str) -> str:
    """Return the function that counts times in nanoseconds, as a tree; it is printed only where types are known.

    Examples
    --------
    >>> printed_helper("df", "selected")[:30]
    "FunctionDef(name='nanoseconds'"
    """
    parts = Parts([frame.partition(".")[0], result])
    parts.helper("nanoseconds", HELPERS, MODULES)
    return ast.dump(ast.parse(parts.helpers["nanoseconds"]).body[0])
