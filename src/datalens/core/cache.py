"""The cache on disk: arrays and tables by content hash, so that running a cell again is instant."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    import pyarrow as pa

CACHE_VARIABLE = "DATALENS_CACHE"


def cache_folder() -> Path | None:
    """Return the folder of the cache, or None where the environment says ``DATALENS_CACHE=off``.

    Returns
    -------
    pathlib.Path or None
        ``$DATALENS_CACHE`` where that is set, else the user's cache folder as platformdirs says.
    """
    setting = os.environ.get(CACHE_VARIABLE, "")
    if setting.lower() == "off":
        return None
    if setting:
        return Path(setting).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("datalens", appauthor=False))


def load_arrays(key: str) -> dict[str, np.ndarray[Any, Any]] | None:
    """Return the arrays stored under `key`, or None. Files are never unpickled.

    Parameters
    ----------
    key : str
        What `save_arrays` was given: a step's name and a fingerprint.

    Returns
    -------
    dict of str to numpy.ndarray, or None
        None where nothing is stored, the cache is off or the file is damaged.
    """
    import numpy as np

    path = _path(key, ".npz")
    if path is None or not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, KeyError, EOFError):
        return None  # a damaged entry is a missing one: it is computed and written anew


def save_arrays(key: str, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
    """Store numpy arrays under `key`; does nothing where the cache is off or can't be written.

    Parameters
    ----------
    key : str
        A step's name and a fingerprint of all that the arrays were computed from.
    arrays : mapping of str to numpy.ndarray
        The arrays.

    Raises
    ------
    TypeError
        When an array holds Python objects: the cache holds no pickles.
    """
    import numpy as np

    for name, array in arrays.items():
        if array.dtype.hasobject:
            msg = f"Array {name!r} holds Python objects, which are never written."
            raise TypeError(msg)
    named: dict[str, Any] = dict(arrays)
    _write(_path(key, ".npz"), lambda file: np.savez(file, **named))


def load_table(key: str) -> pa.Table | None:
    """Return the Arrow table stored under `key`, or None.

    Parameters
    ----------
    key : str
        What `save_table` was given.

    Returns
    -------
    pyarrow.Table or None
        None where nothing is stored, the cache is off or the file is damaged.
    """
    import pyarrow as pa

    path = _path(key, ".arrow")
    if path is None or not path.exists():
        return None
    try:
        with pa.OSFile(os.fspath(path)) as source:
            return pa.ipc.open_file(source).read_all()
    except (OSError, pa.ArrowInvalid):
        return None


def save_table(key: str, table: pa.Table) -> None:
    """Store an Arrow table under `key`; does nothing where the cache is off or can't be written.

    Parameters
    ----------
    key : str
        A name and a fingerprint of all that the table was made from.
    table : pyarrow.Table
        The table.
    """
    import pyarrow as pa

    def write(file: Any) -> None:
        with pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)

    _write(_path(key, ".arrow"), write)


def _path(key: str, suffix: str) -> Path | None:
    folder = cache_folder()
    return None if folder is None else folder / f"{key}{suffix}"


def _write(path: Path | None, write: Callable[[Any], None]) -> None:
    """Write beside the target and rename, so that a reader never meets half a file."""
    if path is None:
        return
    temporary: Path | None = None
    # A full disk or a read-only home costs the cache, not the result.
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False, suffix=".part") as file:
            temporary = Path(file.name)
            write(file)
        temporary.replace(path)
        temporary = None
    if temporary is not None:
        with suppress(OSError):
            temporary.unlink()
