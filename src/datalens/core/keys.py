"""What a row is called at every boundary: the user's key, or one made from content or place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from datalens.core.errors import MissingRowError, missing_column

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

# Half a surrogate pair, as broken JSON has them: no valid Unicode, so that neither UTF-8 nor Arrow can hold it.
SURROGATES = re.compile("[\ud800-\udfff]")

SHOWN = 60  # characters of a key in a sentence

Scheme = Literal["column", "content", "row"]
KeyValues: TypeAlias = "np.ndarray[Any, Any] | ContentKeys"


@dataclass(frozen=True)
class Identity:
    """How the rows of a dataset are named, so that a selection holds on the caller's own frame.

    Parameters
    ----------
    scheme : {"column", "content", "row"}
        ``column``: the values of a unique column. ``content``: a hash of the row's content and, after a
        dash, how many equal rows stand before it. ``row``: the number of the row in a file.
    columns : tuple of str
        The key column; the columns that are hashed; or nothing.
    rows : int, default 0
        For ``row``: how many rows the file has.
    file, fingerprint : str, default ""
        For ``row``: the file's name, and a hash of its footer and time.

    Examples
    --------
    >>> import pandas as pd
    >>> Identity("column", ("id",)).keys(pd.DataFrame({"id": ["a", "b"]})).tolist()
    ['a', 'b']
    """

    scheme: Scheme
    columns: tuple[str, ...] = ()
    rows: int = 0
    file: str = ""
    fingerprint: str = ""

    def keys(self, frame: pd.DataFrame) -> np.ndarray[Any, Any]:
        """Return the key of every row of a pandas frame.

        Parameters
        ----------
        frame : pandas.DataFrame
            A frame with this identity's columns.

        Returns
        -------
        numpy.ndarray
            One key a row: the column's own values, text such as ``"9ae16a3b2f90404f-0"``, or int64 numbers.

        Raises
        ------
        ColumnError
            When a column that the keys are made of is missing.
        ValueError
            When rows are named by their number and the frame has another number of rows.
        """
        import numpy as np

        for name in self.columns:
            if name not in frame.columns:
                raise missing_column(name, frame.columns, "The rows are named by it.")
        if self.scheme == "column":
            return frame[self.columns[0]].to_numpy()
        if self.scheme == "content":
            return content_keys(frame, self.columns)
        if len(frame) != self.rows:
            msg = (
                f"This selection names rows of {self.file or 'a file'} by number ({self.rows:,} rows), but the "
                f"frame has {len(frame):,}. Give the lens a column of unique values as key= to select anywhere."
            )
            raise ValueError(msg)
        return np.arange(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the identity as JSON values."""
        data: dict[str, Any] = {"scheme": self.scheme, "columns": list(self.columns)}
        if self.scheme == "row":
            data |= {"rows": self.rows, "file": self.file, "fingerprint": self.fingerprint}
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Identity:
        """Return the identity that `to_dict` wrote; the input is untrusted."""
        scheme, columns = data.get("scheme"), data.get("columns")
        if scheme not in ("column", "content", "row") or not isinstance(columns, list):
            msg = f"not an identity of rows: {str(data)[:80]}"
            raise ValueError(msg)
        return cls(
            scheme,
            tuple(str(c) for c in columns),
            int(data.get("rows", 0)),
            str(data.get("file", "")),
            str(data.get("fingerprint", "")),
        )


def missing_row(key: Any, keys: KeyValues, identity: Identity) -> MissingRowError:
    """Return the error for a key that no row has, with what keys look like and where to take one from.

    Parameters
    ----------
    key : object
        What was asked for.
    keys : numpy.ndarray
        The keys there are.
    identity : Identity
        How they name rows.

    Returns
    -------
    MissingRowError
        To be raised by the caller.

    Examples
    --------
    >>> import numpy as np
    >>> str(missing_row(0, np.array(["n17"], dtype=object), Identity("column", ("id",))))
    "No row has the key 0. Keys here are of the column 'id' and look like 'n17': lens.selection.keys() lists them."
    """
    if not len(keys):
        return MissingRowError(f"No row has the key {_short(key)}: there are no rows.")
    if identity.scheme == "row":
        named = f"Rows are named by their number in the file here, 0 to {len(keys) - 1}"
    else:
        by = (
            f"are of the column {identity.columns[0]!r} and"
            if identity.scheme == "column"
            else "are made of content and"
        )
        named = f"Keys here {by} look like {_short(keys[0])}"
    remedy = "" if identity.scheme == "column" else "; or name rows by a column: dl.Lens(data, key=...)"
    return MissingRowError(
        f"No row has the key {_short(key)}. {named}: lens.selection.keys() lists them{remedy}."
    )


def _short(key: Any) -> str:
    shown = repr(key.item() if hasattr(key, "item") and getattr(key, "ndim", 0) == 0 else key)
    return shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"


def content_keys(frame: pd.DataFrame, columns: tuple[str, ...]) -> np.ndarray[Any, Any]:
    """Hash each row's content, and count equal rows, so that no two keys are the same.

    The same few lines of plain pandas stand in exported code: `pandas.util.hash_pandas_object` over
    the columns (anything that is not a number, date or text as its repr), then the occurrence among equals.

    Parameters
    ----------
    frame : pandas.DataFrame
        The rows.
    columns : tuple of str
        What is hashed, in this order.

    Returns
    -------
    numpy.ndarray of str
        ``"<16 hex digits>-<occurrence>"`` for each row.

    Examples
    --------
    >>> import pandas as pd
    >>> keys = content_keys(pd.DataFrame({"a": [1, 2, 1]}), ("a",))
    >>> keys[0].endswith("-0"), keys[2].endswith("-1"), keys[0][:16] == keys[2][:16]
    (True, True, True)
    """
    keys: np.ndarray[Any, Any] = ContentKeys(frame, columns)[:]
    return keys


class ContentKeys:
    """The keys that `content_keys` makes, written only for those rows that are asked for: like an array of texts.

    Parameters
    ----------
    frame : pandas.DataFrame
        The rows.
    columns : tuple of str
        What is hashed, in this order.

    Examples
    --------
    >>> import pandas as pd
    >>> keys = ContentKeys(pd.DataFrame({"a": [1, 2, 1]}), ("a",))
    >>> len(keys), keys[2].endswith("-1"), keys[[0, 1]].shape
    (3, True, (2,))
    """

    def __init__(self, frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
        import numpy as np
        import pandas as pd

        if not len(frame):
            frame, columns = pd.DataFrame({"": np.array([], dtype=np.int64)}), ("",)
        rows = pd.util.hash_pandas_object(_hashable(frame[list(columns)]), index=False)
        self._hashes = rows.to_numpy()
        #: How many equal rows stand before each; None where no two are equal.
        self._before = None if rows.is_unique else rows.groupby(rows).cumcount().to_numpy()

    def __len__(self) -> int:
        return len(self._hashes)

    def __getitem__(self, index: Any) -> Any:
        """Return one key, or an array of some."""
        import numpy as np

        hashes = self._hashes[index]
        before = np.zeros_like(hashes) if self._before is None else self._before[index]
        if not getattr(hashes, "shape", ()):
            return f"{hashes:016x}-{before}"
        pairs = zip(hashes.tolist(), before.tolist(), strict=True)
        found = np.empty(len(hashes), dtype=object)
        found[:] = [f"{row:016x}-{k}" for row, k in pairs]
        return found

    def tolist(self) -> list[str]:
        """Return all keys."""
        return list(self[:].tolist())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:  # noqa: FBT001
        found: np.ndarray[Any, Any] = self[:]
        return found if dtype is None else found.astype(dtype)

    def __arrow_array__(self, type: pa.DataType | None = None) -> pa.Array:  # noqa: A002 - Arrow's own name
        import pyarrow as pa

        return pa.array(self[:], type)


def _hashable(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn columns that hold lists, arrays, dicts, bytes or other objects into their text."""
    import pandas as pd

    nested = [name for name in frame.columns if needs_text(frame[name])]
    if not nested:
        return frame
    texts = {name: frame[name].map(lambda value: repr(plain(value))) for name in nested}
    return pd.DataFrame({name: texts.get(name, frame[name]) for name in frame.columns})


def plain(value: Any) -> Any:
    """Turn arrays and sets, however deep, into lists: their repr is exact and the same in any process.

    Parameters
    ----------
    value : object
        A cell.

    Returns
    -------
    object
        The same with lists in place of arrays and tuples, and sets as the sorted reprs of their members.

    Examples
    --------
    >>> import numpy as np
    >>> plain({"a": np.array([1 / 3])})
    {'a': [0.3333333333333333]}
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(repr(plain(item)) for item in value)
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def needs_text(column: pd.Series[Any]) -> bool:
    """Say whether a column holds values that have no hash of their own (lists, dicts, mixed objects).

    Parameters
    ----------
    column : pandas.Series
        Any column.

    Returns
    -------
    bool
        True for object columns that are not all text or null, for text with lone surrogates (which has no
        bytes to hash), and for nested Arrow columns and Arrow's views.
    """
    import pandas as pd

    if isinstance(column.dtype, pd.ArrowDtype):
        import pyarrow as pa

        kind = column.dtype.pyarrow_dtype
        return bool(pa.types.is_nested(kind)) or "view" in str(kind)
    if column.dtype != object:
        return False
    if pd.api.types.infer_dtype(column, skipna=True) not in ("string", "empty"):
        return True
    try:
        for text in column:
            if isinstance(text, str):
                text.encode()
    except UnicodeEncodeError:
        return True
    return False
