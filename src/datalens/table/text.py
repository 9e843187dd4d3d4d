"""Text files: unpacked as they are read, and what is wrong in them told by file and line."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

OnBadLines = Literal["error", "skip"]

# Half of a pair: no text, and nothing that Arrow holds.
SURROGATES = re.compile("[\ud800-\udfff]")
REPLACEMENT = "\ufffd"


class Trouble:
    """What could not be read of a file: raised at once, or counted where bad lines are to be skipped.

    Parameters
    ----------
    file : str
        The file's name, for sentences.
    on_bad_lines : {"error", "skip"}
        What to do with a line that is no record.

    Attributes
    ----------
    skipped : int
        Lines left out.
    mended : int
        Records in which text that is not Unicode was replaced by U+FFFD.
    """

    def __init__(self, file: str, on_bad_lines: OnBadLines) -> None:
        self.file = file
        self.on_bad_lines = on_bad_lines
        self.skipped = 0
        self.mended = 0

    def bad_line(self, line: int, what: str) -> None:
        """Raise, or count the line as skipped.

        Raises
        ------
        ValueError
            Naming file, line and reason, and both ways on.
        """
        if self.on_bad_lines == "skip":
            self.skipped += 1
            return
        msg = (
            f"{self.file}, line {line} {what}. Mend the line, or leave such lines out: "
            'dl.Lens(..., on_bad_lines="skip").'
        )
        raise ValueError(msg)

    def refuse(self, what: str, remedy: str, *, line: int | None = None) -> NoReturn:
        """Raise for a file that can't be read at all.

        Raises
        ------
        ValueError
            Naming the file, the line if there is one, what it is and the remedy.
        """
        place = "" if line is None else f", line {line}"
        msg = f"{self.file}{place} {what}. {remedy}"
        raise ValueError(msg)

    def refuse_utf16(self, head: bytes) -> None:
        """Raise for a file in UTF-16, which would come out as NULs between letters."""
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self.refuse("is in UTF-16", "Write it in UTF-8.")


def mended(value: Any, trouble: Trouble) -> Any:
    """Return a record without lone surrogates, counted where it had any.

    Parameters
    ----------
    value : object
        What `json.loads` gives.
    trouble : Trouble
        Counts the record.

    Returns
    -------
    object
        The same where it had none.

    Examples
    --------
    >>> mended({"a": "x" + chr(0xD800)}, Trouble("f", "error")) == {"a": "x" + chr(0xFFFD)}
    True
    """
    clean, changed = _mended(value)
    trouble.mended += changed
    return clean


def _mended(value: Any) -> tuple[Any, bool]:
    if isinstance(value, str):
        clean = SURROGATES.sub(REPLACEMENT, value)
        return clean, clean != value
    if isinstance(value, list):
        parts = [_mended(item) for item in value]
        return [part for part, _ in parts], any(changed for _, changed in parts)
    if isinstance(value, dict):
        pairs = [(_mended(name), _mended(item)) for name, item in value.items()]
        changed = any(name[1] or item[1] for name, item in pairs)
        return {name[0]: item[0] for name, item in pairs}, changed
    return value, False


@contextmanager
def unpacked(path: Path, raw: BinaryIO) -> Iterator[BinaryIO]:
    """Read a file through its compression, if it has one.

    Parameters
    ----------
    path : pathlib.Path
        Its suffix tells the compression: .gz, .zst, or none.
    raw : binary file
        The open file.

    Yields
    ------
    binary file
        Its content.

    Raises
    ------
    ValueError
        When the file is cut short or damaged; it names the file.
    """
    import pyarrow as pa

    suffix = path.suffix.lower()
    try:
        if suffix == ".gz":
            with gzip.open(raw) as stream:
                yield stream  # type: ignore[misc]
        elif suffix == ".zst":
            with pa.CompressedInputStream(raw, "zstd") as stream:
                yield stream
        else:
            yield raw
    except (EOFError, zlib.error, OSError) as error:
        if suffix not in (".gz", ".zst") or getattr(error, "errno", None) is not None:
            raise  # the disk's, not the file's
        msg = (
            f"{path} is cut short or damaged: it can't be unpacked to its end ({str(error)[:160]}). "
            "Fetch or write it again."
        )
        raise ValueError(msg) from error
