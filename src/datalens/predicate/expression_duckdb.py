"""What narwhals can't ask of DuckDB: nanoseconds, and decimals of more digits than it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.errors import NotExpressibleError
from datalens.predicate.dialects.columns import Column, digits_of, is_on_grid, on_grid
from datalens.predicate.dialects.sql_text import MAX_DIGITS

if TYPE_CHECKING:
    from datalens.predicate.scalars import Scalar


def known(name: str, op: str, value: Scalar, dtype: Any) -> bool | None:
    """Say what is known of all that is not null, since DuckDB brings no year beyond 2262 to nanoseconds.

    Examples
    --------
    >>> import datetime as dt
    >>> import narwhals as nw
    >>> known("t", "lt", dt.date(9999, 1, 1), nw.Datetime("ns"))
    True
    """
    if not is_fine(name, dtype):
        return None
    found = on_grid(op, value, Column(name, "", dtype))
    return found if isinstance(found, bool) else None


def held(name: str, values: list[Any], dtype: Any) -> list[Any]:
    """Return which of some values DuckDB can look for in a column.

    Examples
    --------
    >>> import datetime as dt
    >>> import narwhals as nw
    >>> held("t", [dt.date(9999, 1, 1)], nw.Datetime("ns"))
    []
    """
    if not is_fine(name, dtype):
        return values
    return [value for value in values if is_on_grid(value, Column(name, "", dtype))]


def is_fine(name: str, dtype: Any) -> bool:
    """Say whether a column counts nanoseconds, and refuse moments, which DuckDB compares with none of narwhals'."""
    if getattr(dtype, "time_unit", "") != "ns":
        return False
    if getattr(dtype, "time_zone", None):
        msg = (
            f"Column {name!r} holds moments in nanoseconds ({dtype}), which narwhals can't compare in DuckDB: collect "
            "the frame first, or cast the column to microseconds."
        )
        raise NotExpressibleError(msg)
    return True


def check_two(left: str, right: str, dtypes: list[Any]) -> None:
    """Refuse two columns of which DuckDB brings one to a type that can't hold it."""
    units = {getattr(dtype, "time_unit", "") for dtype in dtypes}
    why = ""
    if "ns" in units and len(units) > 1 and "" not in units:
        why = "of which one counts nanoseconds"
    elif all(hasattr(dtype, "scale") for dtype in dtypes) and digits_of(*dtypes)[0] > MAX_DIGITS:
        why = f"which take more than {MAX_DIGITS} digits together"
    if why:
        msg = (
            f"The columns {left!r} ({dtypes[0]}) and {right!r} ({dtypes[1]}), {why}, can't be compared in DuckDB through "
            "narwhals: collect the frame first, or cast one to the other's type."
        )
        raise NotExpressibleError(msg)
