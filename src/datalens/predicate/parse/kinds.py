"""What kinds of values columns hold, where the reader is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datalens.predicate.parse.scalars import no_day, typed

if TYPE_CHECKING:
    from datalens.predicate.builder import Column

_WORDS = {
    "float": "number", "int": "number", "uint": "number", "double": "number", "halffloat": "number",
    "str": "text", "string": "text", "large_string": "text", "large_utf8": "text", "string_view": "text",
    "utf8": "text", "categorical": "text", "category": "text", "enum": "text",
    "bool": "boolean", "boolean": "boolean",
    "date": "date", "date32": "date", "date64": "date", "timedelta": "timedelta", "duration": "timedelta",
    "list": "list", "large_list": "list", "array": "list", "fixed_size_list": "list", "struct": "struct",
    "decimal": "decimal", "decimal128": "decimal", "decimal256": "decimal",
}  # fmt: skip
KINDS = frozenset(
    {"number", "text", "boolean", "date", "datetime", "instant", "timedelta", "decimal", "list", "struct"}
)
_FLOATS = ("float", "double", "halffloat")
#: How values of a kind are written, for errors.
_TIMES = {
    "date": "'2024-02-29'",
    "datetime": "'2024-02-29 12:30:00'",
    "instant": "'2024-02-29 12:30:00+00:00', with its zone",
    "timedelta": "'90s' or '1d 2h'",
}


class Kinds(dict[str, str]):
    """Columns' names and what they hold; of numbers also which are floats.

    Attributes
    ----------
    floats : frozenset of str
    """

    floats: frozenset[str] = frozenset()


def kinds_of(columns: Any) -> dict[str, str]:
    """Return columns' names, and what they hold: an empty text where that is not known.

    Parameters
    ----------
    columns : iterable of str, mapping of str, pyarrow.Schema or dataframe
        Names; or names to types: one of `KINDS`, or a type of pyarrow, narwhals or pandas.

    Examples
    --------
    >>> kinds_of(["loss"]), kinds_of({"loss": "double", "day": "date32[day]"})
    ({'loss': ''}, {'loss': 'number', 'day': 'date'})
    """
    if hasattr(columns, "field") and hasattr(columns, "types"):
        columns = dict(zip(columns.names, columns.types, strict=True))
    elif not isinstance(columns, (Mapping, str)) and hasattr(type(columns), "columns"):
        import narwhals as nw

        columns = dict(nw.from_native(columns).collect_schema())
    if isinstance(columns, Mapping):
        kinds = Kinds((str(name), _kind(kind)) for name, kind in columns.items())
        kinds.floats = frozenset(
            str(name) for name, kind in columns.items() if str(kind).lower().startswith(_FLOATS)
        )
        return kinds
    if isinstance(columns, (str, bytes)) or not hasattr(columns, "__iter__"):
        msg = f"columns= are names, types by name, a schema or a frame, not {type(columns).__name__} {columns!r:.40}."
        raise TypeError(msg)
    return dict.fromkeys(map(str, columns), "")


def _kind(kind: Any) -> str:
    if isinstance(kind, str) and kind in KINDS:
        return kind
    said = str(kind).lower()
    word = said.partition("[")[0].partition("(")[0].partition("<")[0]
    if word == "dictionary":
        return _kind(getattr(kind, "value_type", "string"))
    if word in ("datetime", "timestamp", "datetime64"):
        has_zone = any(zone in said for zone in ("tz=", "utc", "/")) or (
            "time_zone=" in said and "none" not in said
        )
        return "instant" if has_zone else "datetime"
    return _WORDS.get(word) or _WORDS.get(word.rstrip("0123456789"), "")


def kind_of(columns: Collection[str] | None, column: Column) -> str:
    """Return what a column holds, nothing where that isn't known, or for what is inside lists and structs.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> kind_of({"loss": "number"}, col("loss")), kind_of({"tags": "list"}, col("tags").any())
    ('number', '')
    """
    if not isinstance(columns, dict):
        return ""
    return str(columns.get(column.name, ""))


def fitted(value: Any, kind: str) -> Any:
    """Return a text or number as the time or decimal that it stands for beside a column of a kind.

    Raises
    ------
    ValueError
        Where the text is none; with an example.

    Examples
    --------
    >>> fitted("2024-02-29", "date"), fitted(1.1, "decimal"), fitted("a", "text")
    (datetime.date(2024, 2, 29), Decimal('1.1'), 'a')
    """
    if kind == "decimal" and isinstance(value, float):
        return Decimal(repr(value))
    if not isinstance(value, str) or kind not in (*_TIMES, "decimal"):
        return value
    if kind == "decimal":
        return typed("decimal", value)
    try:
        if kind == "timedelta":
            return typed("duration", value)
        made = typed("date" if kind == "date" and len(value) == len("2024-02-29") else "timestamp", value)
    except ValueError:
        made = None
    if made is None or (kind == "instant" and getattr(made, "tzinfo", None) is None):
        msg = f"A column of {'dates' if kind == 'date' else 'times'} is compared with {_TIMES[kind]}, not with {value[:40]!r}."
        if day := no_day(value):
            msg = f"There is no day {day}."
        raise ValueError(msg)
    is_midnight = isinstance(made, dt.datetime) and made.time() == dt.time() and made.tzinfo is None
    return made.date() if kind == "date" and is_midnight and isinstance(made, dt.datetime) else made
