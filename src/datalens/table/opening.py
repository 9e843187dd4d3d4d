"""Open what the user has: data in memory, or the paths of files."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from datalens.core.errors import NotAFolderError
from datalens.table.containers import open_container
from datalens.table.copies import converted
from datalens.table.files import find_files
from datalens.table.lance import LanceSource, is_lance
from datalens.table.parquet import ParquetSource
from datalens.table.piece import Piece
from datalens.table.text import REPLACEMENT, OnBadLines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datalens.table.files import Found
    from datalens.table.source import Source

# How far up the call of `Lens` is: a warning points at the caller's line.
CALLER = 4


SEPARATED = ("CSV", "TSV")
# What stands between fields in files that are called .csv or .tsv all the same.
SEPARATORS = (";", "\t", "|", ",")


def open_source(data: Any, *, key: str | None = None, on_bad_lines: OnBadLines = "error") -> Source:
    """Open data in memory or on disk.

    Parameters
    ----------
    data : frame, list of dicts, path, glob, folder, or list of paths
        A pandas, polars or pyarrow table, a Hugging Face ``Dataset``, anything with ``__arrow_c_stream__`` or
        ``__arrow_c_array__``, a list of dicts; or files: Parquet, JSON (lines, or one array of objects), CSV, TSV,
        Arrow and Feather, of one format and as many as there are. Text may be packed (.gz, .zst). A glob and a
        folder are sorted by path; a list keeps its order. Or a Lance dataset: its folder, or the object.
    key : str, optional
        A column whose values name the rows.
    on_bad_lines : {"error", "skip"}, default "error"
        What to do with a line of a JSON, CSV or TSV file that is no row. Skipped lines are counted in a warning
        and in the title.

    Returns
    -------
    Source
        The rows, in a fixed order.

    Raises
    ------
    MissingFileError
        When there is no such file (a kind of FileNotFoundError, and of ValueError).
    ValueError
        When the input can't be opened; the sentence names the file, line, column or kind, and the remedy.

    Examples
    --------
    >>> import pandas as pd
    >>> open_source(pd.DataFrame({"a": [1, 2]})).rows
    2
    """
    if on_bad_lines not in get_args(OnBadLines):
        msg = f'on_bad_lines={on_bad_lines!r} is neither "error" nor "skip".'
        raise ValueError(msg)
    if is_lance(data):
        return LanceSource(data, key=key)
    is_list = isinstance(data, (list, tuple)) and len(data) > 0
    if isinstance(data, (str, os.PathLike)) or (
        is_list and all(isinstance(p, (str, os.PathLike)) for p in data)
    ):
        return _open_files(find_files(data), key, on_bad_lines)
    return open_container(data, key=key)


def open_folder(path: str | os.PathLike[str], role: str) -> Path:
    """Return a folder as an absolute path.

    Raises
    ------
    NotAFolderError
        When there is no such folder; it names the argument (a kind of NotADirectoryError, and of ValueError).
    """
    folder = Path(path).expanduser().absolute()
    if not folder.is_dir():
        msg = f"{role}={os.fspath(path)!r} is not a folder. Make it first."
        raise NotAFolderError(msg)
    return folder


def _open_files(found: Found, key: str | None, on_bad_lines: OnBadLines) -> Source:
    pieces: list[Piece] = []
    counts: Counter[str] = Counter()
    mixed: dict[str, str] = {}
    for path in found.paths:
        if found.format == "Parquet":
            pieces.append(Piece(path))
            continue
        piece, report = converted(path, found.format, on_bad_lines)
        pieces.append(piece)
        counts.update({name: report.get(name, 0) for name in ("skipped", "mended")})
        mixed |= report.get("mixed", {})
    one = pieces[0].schema.names if found.format in SEPARATED else []
    for note in [*_notes(counts, mixed), *_one_column(found, one)]:
        warnings.warn(f"{found.title}: {note}", stacklevel=CALLER)
    skipped = f", {_lines(counts['skipped'])} skipped" if counts["skipped"] else ""
    return ParquetSource(pieces, title=found.title + skipped, key=key)


def _notes(counts: Mapping[str, int], mixed: Mapping[str, str]) -> list[str]:
    """Return a sentence for each thing that is not as it stands in the files."""
    notes = []
    if counts["skipped"]:
        notes.append(f"{_lines(counts['skipped'])} skipped, as on_bad_lines='skip' says.")
    if counts["mended"]:
        rows = f"{counts['mended']:,} " + ("row" if counts["mended"] == 1 else "rows")
        notes.append(f"characters that are no text (lone surrogates, not UTF-8) are {REPLACEMENT} in {rows}.")
    notes += [f"column {name!r} holds {kinds}, and is kept as text." for name, kinds in mixed.items()]
    return notes


def _one_column(found: Found, names: Sequence[str]) -> list[str]:
    """Return the sentence for a file whose fields another character keeps apart: all of it is one column then."""
    other = next((mark for mark in SEPARATORS if len(names) == 1 and mark in names[0]), None)
    if other is None:
        return []
    remedy = f"dl.Lens(pd.read_csv({os.fspath(found.paths[0])!r}, sep={other!r}))"
    return [f"all of it is one column, {names[0]!r}. If {other!r} stands between fields: {remedy}."]


def _lines(count: int) -> str:
    return f"{count:,} bad {'line' if count == 1 else 'lines'}"
