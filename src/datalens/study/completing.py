"""What may be typed next in the predicate bar: columns, operators, and values, the most frequent first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datalens.core.words import plural
from datalens.table.columns import SAMPLE_ROWS, is_wide

if TYPE_CHECKING:
    import pyarrow as pa

    from datalens.study.study import Study

    Counted = list[tuple[Any, int]]

# A list is looked through, not read.
MOST = 50
# Values of a column that are kept to choose from.
VALUES_KEPT = 5_000
# A longer value is nobody's category.
VALUE_CHARACTERS = 80


@dataclass(frozen=True)
class Candidate:
    """One of the things that may come next.

    Attributes
    ----------
    text : str
        What is put in place of what was typed.
    about : str
        What helps to choose: a column's kind, in how many rows a value is.
    """

    text: str
    about: str = ""


@dataclass(frozen=True)
class Candidates:
    """What may come next, and which code points it replaces: from `start` to before `end`."""

    start: int
    end: int
    of: tuple[Candidate, ...]


class Completer:
    """Knows what may be typed about a study's rows.

    Parameters
    ----------
    study : Study
        Whose columns.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self._counted: dict[str, tuple[str | None, Counted, bool]] = {}

    def complete(self, text: str, cursor: int) -> Candidates:
        """Return what may come where the cursor stands, before that code point of the text."""
        from datalens.predicate.parse.complete import complete

        with self.study.lock:
            found = complete(text, cursor, kinds(self.study))
            if found.kind == "column" and found.column is None:
                of = [
                    Candidate(insert, self._about(name))
                    for name, insert in zip(found.candidates, found.inserts, strict=True)
                ]
            elif found.kind == "value" and found.column is not None and not found.fields:
                of = self._values(found.column, found.prefix)
                there = {one.text for one in of}
                of += [Candidate(insert) for insert in found.inserts if insert not in there]
            else:
                of = [Candidate(insert) for insert in found.inserts]
            # What stands there already is no proposal.
            typed = "".join(list(text)[found.start : found.end])
            of = [one for one in of if one.text != typed]
            return Candidates(found.start, found.end, tuple(of[:MOST]))

    def _about(self, name: str) -> str:
        kind = self.study.describe(name).kind
        if self.study.live([name]):
            return f"{kind}, marked"
        return f"{kind}, computed" if name in self.study.derived else kind

    def _values(self, name: str, prefix: str) -> list[Candidate]:
        if name not in self.study.names():
            return []
        counted, whole = self._count(name)
        wanted = prefix.lower()
        fitting = [(value, n) for value, n in counted if wanted in str(value).lower()]
        # Those that begin with it first, and the most frequent first.
        fitting.sort(key=lambda one: not str(one[0]).lower().startswith(wanted))
        # A list may hold a value twice.
        noun = "item" if self.study.describe(name).kind == "nested" else "row"
        return [
            Candidate(said, plural(n, noun) if whole else f"{plural(n, noun)} of a sample")
            for value, n in fitting[: 2 * MOST]
            if (said := _said(value)) is not None
        ]

    def _count(self, name: str) -> tuple[Counted, bool]:
        """Return a column's values with how often each is there, and whether all rows were counted."""
        version = self.study.version(name)
        if name not in self._counted or self._counted[name][0] != version:
            schema = self.study.source.schema
            # Texts on disk are not read from end to end for a list of proposals.
            whole = name in self.study.derived or not is_wide(schema.field(name).type)
            column = self.study.column(name) if whole else self.study.source.sample(name, SAMPLE_ROWS)
            whole = whole or len(column) >= self.study.rows
            self._counted[name] = (version, _counts(column), whole)
        return self._counted[name][1:]


def kinds(study: Study) -> dict[str, pa.DataType]:
    """Return the type of every column of a study, computed or not."""
    schema = study.source.schema
    own = dict(zip(schema.names, schema.types, strict=True))
    return own | {name: derived.type for name, derived in study.derived.items()}


def _counts(column: pa.ChunkedArray) -> Counted:
    """Count the values of a column, or of its lists; the most frequent first, equal ones in their order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        column = pc.list_flatten(column)
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type) or pa.types.is_null(column.type):
        return []
    counted = pc.value_counts(column.drop_null())
    counts = counted.field("counts")
    order = pc.array_sort_indices(counts, order="descending")[:VALUES_KEPT]
    try:
        values = counted.field("values").take(order).to_pylist()
    except (ValueError, OverflowError):  # times beyond Python's
        return []
    return list(zip(values, counts.take(order).to_pylist(), strict=True))


def _said(value: Any) -> str | None:
    """Return a value as it is typed; None where nobody would type it."""
    from datalens.predicate.parse.scalars import written
    from datalens.predicate.scalars import normalize

    try:
        normal = normalize(value, "a value")
    except (TypeError, ValueError):
        return None
    if isinstance(normal, str) and (len(normal) > VALUE_CHARACTERS or "\n" in normal):
        return None
    if isinstance(normal, float) and normal != normal:  # noqa: PLR0124 - NaN
        return None
    return written(normal)
