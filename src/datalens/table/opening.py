"""Open what the user has: a frame, or the path of a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datalens.table.frames import FrameSource
from datalens.table.parquet import ParquetSource

if TYPE_CHECKING:
    from datalens.table.source import Source

PARQUET_SUFFIXES = (".parquet", ".pq")


def open_source(data: Any, *, key: str | None = None) -> Source:
    """Open a frame or a Parquet file.

    Parameters
    ----------
    data : frame or path
        A pandas, polars or pyarrow table, anything with ``__arrow_c_stream__``, or a Parquet file's path.
    key : str, optional
        A column whose values name the rows.

    Returns
    -------
    Source
        The rows, in a fixed order.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    ValueError
        When the input can't be opened; the sentence names the column or the kind, and the remedy.

    Examples
    --------
    >>> import pandas as pd
    >>> open_source(pd.DataFrame({"a": [1, 2]})).rows
    2
    """
    if isinstance(data, (str, os.PathLike)):
        return _open_path(Path(data).expanduser(), key)
    if type(data).__module__.partition(".")[0] == "pandas" and type(data).__name__ == "DataFrame":
        return FrameSource(data, key=key)
    if hasattr(data, "__arrow_c_stream__"):
        return FrameSource(data, key=key)
    msg = (
        f"DataLens can't open {type(data).__name__}. "
        "Give a pandas, polars or pyarrow table, or the path of a Parquet file."
    )
    raise ValueError(msg)


def open_folder(path: str | os.PathLike[str], role: str) -> Path:
    """Return a folder as an absolute path.

    Raises
    ------
    NotADirectoryError
        When there is no such folder; it names the argument.
    """
    folder = Path(path).expanduser().absolute()
    if not folder.is_dir():
        msg = f"{role}={os.fspath(path)!r} is not a folder. Make it first."
        raise NotADirectoryError(msg)
    return folder


def _open_path(path: Path, key: str | None) -> Source:
    if not path.exists():
        msg = f"There is no file {os.fspath(path)!r}."
        raise FileNotFoundError(msg)
    if path.suffix.lower() in PARQUET_SUFFIXES:
        return ParquetSource(path, key=key)
    msg = (
        f"{path.name!r} is not a Parquet file (.parquet). "
        f"Read it with pandas first: dl.Lens(pd.read_csv(...)) or pd.read_json(..., lines=True)."
    )
    raise ValueError(msg)
