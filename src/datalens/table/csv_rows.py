"""Rows of a CSV or TSV file, a batch at a time, and the types of columns that are all text."""

from __future__ import annotations

import csv
import io
import itertools
from typing import TYPE_CHECKING, Any

from datalens.table.shapes import EXACT_IN_FLOAT
from datalens.table.text import REPLACEMENT, SURROGATES, Trouble

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import BinaryIO

    import pyarrow as pa

BATCH_CHARACTERS = 16 << 20
# A quote that nobody closes takes in all that follows: beyond this the rest of the file is not read into memory.
LONGEST_FIELD = 64 << 20
OPEN, CLOSE = "opens a quote that no line closes", "Mend the line: close its quote."
BATCH_ROWS = 50_000
# Null among numbers, dates and booleans, as pandas reads them; among texts only nothing is null ("NA" is Namibia).
NULL_WORDS = ("", "NA", "N/A", "n/a", "<NA>", "null", "NULL", "NaN", "nan", "None", "#N/A")

_WHOLE = r"-?(0|[1-9][0-9]*)"  # 007 is a name, not the number 7
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
# From the narrowest to the widest: the first that all values match is the column's.
PATTERNS = {
    "boolean": r"^(true|false|True|False|TRUE|FALSE)$",
    "integer": rf"^{_WHOLE}$",
    "number": rf"^(({_WHOLE})?\.[0-9]+|{_WHOLE}\.?)([eE][+-]?[0-9]+)?$|^-?(inf|Infinity)$",
    "date": rf"^{_DAY}$",
    "moment": rf"^{_DAY}({_TIME})?$",
    "moment with zone": rf"^{_DAY}{_TIME}(Z|[+-][0-9]{{2}}:?[0-9]{{2}})$",
}


def read_csv(stream: BinaryIO, trouble: Trouble, delimiter: str) -> Generator[dict[str, list[Any]]]:
    """Yield the columns of the next rows; the first row holds the names.

    Parameters
    ----------
    stream : binary file
        The text, unpacked.
    trouble : Trouble
        Told of rows that are shorter or longer than the header, and of a quote that is not closed.
    delimiter : str
        What stands between fields.

    Yields
    ------
    dict of str to list
        Equally long lists of text, None for nothing. At first the names alone.

    Raises
    ------
    ValueError
        Naming the first line that has another number of fields or opens a quote that is never closed, unless
        such lines are to be skipped.
    """
    head = stream.peek(2) if isinstance(stream, io.BufferedReader) else b""
    trouble.refuse_utf16(head[:2])
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    limit = csv.field_size_limit(LONGEST_FIELD)
    lines = _Lines(_clean(text, trouble), delimiter)
    try:
        names = _names(_header(lines, trouble))
        yield {name: [] for name in names}
        yield from _batches(lines, names, trouble)
    except csv.Error:
        what = f"opens a quote that is not closed within {LONGEST_FIELD:,} characters"
        trouble.refuse(what, CLOSE, line=lines.start)
    finally:
        csv.field_size_limit(limit)  # the process's, not ours
        text.detach()  # who opened the stream closes it


class _Lines:
    """A reader of rows that knows the line of each, and whether the file ended within a quote.

    A whole row ends before its reader asks for a line that is not there: `is_over` then tells the one that is open.
    """

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        self._delimiter = delimiter
        self._read_from(lines, 0)

    def _read_from(self, lines: Iterator[str], before: int) -> None:
        self.is_over = False
        self.before = before  # lines that earlier readers have taken
        self.start = before + 1  # of the row that comes next
        self.reader = csv.reader(itertools.chain(lines, self._over()), delimiter=self._delimiter)

    def _over(self) -> Iterator[str]:
        self.is_over = True
        yield from ()

    def opened(self, row: list[str]) -> int:
        """Return the line of the quote that a row leaves open."""
        lines = sum(1 for _ in io.StringIO(row[-1], newline=""))
        return self.before + self.reader.line_num + 1 - max(1, lines)

    def read_on(self, row: list[str]) -> None:
        """Read the lines that an open quote has taken in, after the one that it stands in."""
        rest = io.StringIO(row[-1].replace('"', '""'), newline="")  # inside a quote they can but be doubled
        opened = self.opened(row)
        next(rest, None)
        self._read_from(rest, opened)


def _header(lines: _Lines, trouble: Trouble) -> list[str]:
    row = next((row for row in lines.reader if row), [])
    if lines.is_over and row:
        trouble.refuse(OPEN, CLOSE, line=lines.opened(row))
    lines.start = lines.reader.line_num + 1
    return row


def _batches(lines: _Lines, names: list[str], trouble: Trouble) -> Iterator[dict[str, list[Any]]]:
    rows: list[list[str]] = []
    size = 0
    for row, start in _rows(lines, trouble):
        if len(row) != len(names):
            if row:  # a blank line is none
                trouble.bad_line(start, f"has {len(row):,} fields where the header has {len(names):,}")
            continue
        rows.append(row)
        size += sum(map(len, row))
        if size >= BATCH_CHARACTERS or len(rows) >= BATCH_ROWS:
            yield _columns(names, rows)
            rows, size = [], 0
    if rows:
        yield _columns(names, rows)


def _rows(lines: _Lines, trouble: Trouble) -> Iterator[tuple[list[str], int]]:
    """Yield each whole row and the line that it begins in."""
    reader = lines.reader
    for row in reader:
        start = lines.start
        if lines.is_over:
            trouble.bad_line(lines.opened(row), OPEN)
            lines.read_on(row)
            yield from _rows(lines, trouble)  # once: what an open quote has taken in leaves none open
            return
        lines.start = lines.before + reader.line_num + 1
        yield row, start


def _columns(names: list[str], rows: list[list[str]]) -> dict[str, list[Any]]:
    columns = zip(*rows, strict=True)
    return {name: [value or None for value in column] for name, column in zip(names, columns, strict=True)}


def _clean(lines: Iterator[str], trouble: Trouble) -> Iterator[str]:
    """Replace bytes that are not UTF-8, which came in as lone surrogates, and count their lines."""
    for line in lines:
        if not line.isascii() and SURROGATES.search(line):
            trouble.mended += 1
            yield SURROGATES.sub(REPLACEMENT, line)
        else:
            yield line


def _names(header: list[str]) -> list[str]:
    """Return a name for each column, as pandas names those that have none or that of another."""
    names: dict[str, None] = {}
    for place, given in enumerate(header):
        name = tried = given or f"Unnamed: {place}"
        number = 1
        while tried in names:
            tried, number = f"{name}.{number}", number + 1
        names[tried] = None
    return list(names)


class TextShape:
    """What the texts of a column have been so far: all numbers, all dates, or text.

    Examples
    --------
    >>> shape = TextShape()
    >>> shape.add(["1", None])
    >>> shape.add(["2.5"])
    >>> shape.type(), shape.array(["1", "NA"]).to_pylist()
    (DataType(double), [1.0, None])
    """

    def __init__(self) -> None:
        self._possible = list(PATTERNS)
        self._words = self._values = False

    def add(self, values: list[str | None]) -> None:
        """Take more values into account."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if self._values and not self._possible:
            return
        texts = _trimmed(values)
        known = texts.filter(pc.invert(pc.is_in(texts, value_set=pa.array(NULL_WORDS, pa.large_string()))))
        self._words = self._words or len(known) < len(texts)
        if not len(known):
            return
        self._values = True
        self._possible = [
            name
            for name in self._possible
            if pc.all(pc.match_substring_regex(known, PATTERNS[name])).as_py() and _casts(known, name)
        ]

    def type(self) -> pa.DataType:
        """Return the Arrow type of all values so far; text where nothing narrower holds them."""
        import pyarrow as pa

        if not self._values:
            return pa.string() if self._words else pa.null()
        return _type_of(self._possible[0]) if self._possible else pa.string()

    def array(self, values: list[str | None]) -> pa.Array:
        """Return values as an Arrow array of this type; all of them have been added before."""
        import pyarrow as pa
        import pyarrow.compute as pc

        kind = self.type()
        if pa.types.is_string(kind) or pa.types.is_null(kind):
            return pa.array(values, kind)
        texts = pc.utf8_trim_whitespace(pa.array(values, pa.large_string()))
        words = pc.is_in(texts, value_set=pa.array(NULL_WORDS, pa.large_string()))
        return pc.if_else(words, pa.scalar(None, texts.type), texts).cast(kind)

    def mixed(self) -> str:
        """Return nothing: in a file of texts, text is no surprise."""
        return ""


def _trimmed(values: list[str | None]) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.utf8_trim_whitespace(pa.array(values, pa.large_string()).drop_null())


def _type_of(name: str) -> pa.DataType:
    import pyarrow as pa

    return {
        "boolean": pa.bool_(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "date": pa.date32(),
        "moment": pa.timestamp("us"),
        "moment with zone": pa.timestamp("us", "UTC"),
    }[name]


def _casts(texts: pa.Array, name: str) -> bool:
    """Say whether the values are what they look like: no thirteenth month, no digits lost."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        values = texts.cast(_type_of(name))
    except pa.ArrowInvalid:
        return False
    if name != "number":
        return True
    whole = pc.match_substring_regex(texts, PATTERNS["integer"])
    return not pc.any(pc.and_(whole, pc.greater_equal(pc.abs(values), float(EXACT_IN_FLOAT)))).as_py()
