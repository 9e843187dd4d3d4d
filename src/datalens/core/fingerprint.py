"""Content hashes: the same content gives the same text, in any process and on any machine."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

# 16 bytes: two different contents meet by accident once in 2**64 tries, and the text stays readable.
DIGEST_BYTES = 16


def fingerprint(*parts: Any) -> str:
    """Hash JSON values, bytes, numpy arrays and Arrow columns into 32 hexadecimal digits.

    Arrow data is hashed by its logical content: how it is cut into chunks or sliced plays no part.

    Parameters
    ----------
    *parts : JSON values, bytes, numpy.ndarray, pyarrow.Array, pyarrow.ChunkedArray or pyarrow.Table
        What the hash is made of, in order.

    Returns
    -------
    str
        32 hexadecimal digits (BLAKE2b).

    Examples
    --------
    >>> fingerprint("tfidf", {"n_components": 64}) == fingerprint("tfidf", {"n_components": 64})
    True
    >>> fingerprint("a") == fingerprint("b")
    False
    """
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for part in parts:
        _add(digest, part)
    return digest.hexdigest()


def _add(digest: hashlib.blake2b, part: Any) -> None:
    kind = type(part).__module__.partition(".")[0]
    if isinstance(part, (bytes, bytearray, memoryview)):
        digest.update(b"b%d:" % len(part))
        digest.update(part)
    elif kind == "numpy" and hasattr(part, "dtype"):
        _add_array(digest, part)
    elif kind == "pyarrow":
        _add_arrow(digest, part)
    else:
        text = json.dumps(part, sort_keys=True, separators=(",", ":"), default=str)
        digest.update(b"j%d:" % len(text))
        digest.update(text.encode("utf-8", "surrogatepass"))


def _add_array(digest: hashlib.blake2b, array: np.ndarray[Any, Any]) -> None:
    import numpy as np

    digest.update(f"n{array.dtype.str}{array.shape}:".encode())
    if array.dtype.hasobject:
        digest.update(json.dumps(array.tolist(), default=str).encode("utf-8", "surrogatepass"))
    else:
        digest.update(np.ascontiguousarray(array).data.cast("B") if array.size else b"")


def _add_arrow(digest: hashlib.blake2b, data: pa.Array | pa.ChunkedArray | pa.Table) -> None:
    import pyarrow as pa

    if isinstance(data, pa.Table):
        for name, column in zip(data.column_names, data.columns, strict=True):
            digest.update(f"t{name}:".encode("utf-8", "surrogatepass"))
            _add_arrow(digest, column)
        return
    column = data if isinstance(data, pa.ChunkedArray) else pa.chunked_array([data])
    digest.update(f"a{column.type}{len(column)}:".encode("utf-8", "surrogatepass"))
    sink = _Sink(digest)
    # A fixed batch size, so that the caller's chunks leave no trace in the bytes.
    table = pa.table({"c": column}).combine_chunks()
    with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), table.schema) as writer:
        writer.write_table(table, max_chunksize=65_536)


class _Sink:
    """A file that hashes what is written to it."""

    closed = False

    def __init__(self, digest: hashlib.blake2b) -> None:
        self._digest = digest
        self._written = 0

    def write(self, data: Any) -> int:
        self._digest.update(data)
        self._written += len(data)
        return len(data)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        """Do nothing: the hash has no buffer."""

    def close(self) -> None:
        self.closed = True
