"""Which files a path, a glob, a folder or a list of paths names, and of which one format they are."""

from __future__ import annotations

import glob
import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from datalens.core.errors import MissingFileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    StrPath = str | os.PathLike[str]

Format = Literal["Parquet", "JSON", "CSV", "TSV", "Arrow"]

SUFFIXES: dict[str, Format] = {
    ".parquet": "Parquet", ".pq": "Parquet",
    ".jsonl": "JSON", ".ndjson": "JSON", ".json": "JSON",
    ".csv": "CSV", ".tsv": "TSV",
    ".arrow": "Arrow", ".feather": "Arrow", ".ipc": "Arrow",
}  # fmt: skip
# Text compresses well and is read from end to end; Parquet and Arrow compress inside.
PACKED = (".gz", ".zst")
PACKED_FORMATS = ("JSON", "CSV", "TSV")
# Hugging Face writes these beside the Arrow files of `Dataset.save_to_disk`: they are no rows.
NO_ROWS = ("dataset_info.json", "state.json", "dataset_dict.json")
READ_INSTEAD = {
    ".xlsx": "pd.read_excel(...)", ".xls": "pd.read_excel(...)", ".pkl": "pd.read_pickle(...)",
    ".pickle": "pd.read_pickle(...)", ".orc": "pd.read_orc(...)", ".txt": "pd.read_csv(..., sep=...)",
}  # fmt: skip
# What looks like a file's name and not like a text: a suffix at its end, or folders and no spaces.
_FILE = re.compile(r"^\S*[/\\]\S*$|^[^\n]*\w\.\w{1,8}$", re.ASCII)
SHOWN = 120  # characters of what was given; a whole text given as a path would drown the sentence


@dataclass(frozen=True)
class Found:
    """Files that make one dataset.

    Attributes
    ----------
    paths : tuple of pathlib.Path
        The files: sorted by name, or in the order of a list that was given.
    format : str
        "Parquet", "JSON" (lines, or one array), "CSV", "TSV" or "Arrow".
    title : str
        What to call them.
    """

    paths: tuple[Path, ...]
    format: Format
    title: str


def find_files(given: StrPath | Sequence[StrPath]) -> Found:
    """Return the files that a path, a glob, a folder or a list of paths names.

    Parameters
    ----------
    given : str, path-like or sequence of them
        A file; a folder, searched with all folders in it for files of known suffixes; a glob such as
        ``"data/**/*.parquet"``. Both come sorted by path. A list keeps its order.

    Returns
    -------
    Found
        At least one file, all of one format.

    Raises
    ------
    MissingFileError
        When there is no such file, or none matches (a kind of FileNotFoundError, and of ValueError).
    ValueError
        When a suffix is unknown or formats are mixed; the sentence says what to do.
    """
    if isinstance(given, (str, os.PathLike)):
        paths, title = _files_of(given)
    else:
        paths = [path for one in given for path in _files_of(one)[0]]
        title = f"{paths[0].name} and others"
    if len(paths) > 1:
        title = f"{title} ({len(paths):,} files)"
    elif paths:
        title = paths[0].name
    return Found(tuple(paths), _one_format(paths, title), title)


def format_of(path: Path) -> Format | None:
    """Return the format that a file's suffix names, or None.

    Parameters
    ----------
    path : pathlib.Path
        A file.

    Returns
    -------
    str or None
        One of the formats.

    Examples
    --------
    >>> format_of(Path("corpus.jsonl.gz")), format_of(Path("corpus.parquet.gz")), format_of(Path("a.docx"))
    ('JSON', None, None)
    """
    suffix = path.suffix.lower()
    if suffix not in PACKED:
        return SUFFIXES.get(suffix)
    inner = SUFFIXES.get(Path(path.stem).suffix.lower())
    return inner if inner in PACKED_FORMATS else None


def _files_of(given: StrPath) -> tuple[list[Path], str]:
    text = os.path.expanduser(os.fspath(given))  # noqa: PTH111 - Path would turn "" into "."
    path = Path(text)
    try:
        is_folder, exists = path.is_dir(), bool(text) and path.exists()
    except (OSError, ValueError):  # a text far too long for a name, or one with NUL
        is_folder = exists = False
    if exists and not is_folder:
        return [path], path.name
    if exists:
        inside = sorted(p for p in path.rglob("*") if _holds_rows(p.relative_to(path)) and p.is_file())
        if inside:
            return inside, f"{path.name or path.absolute().name}/"
        msg = f"The folder {text!r} holds no file that DataLens reads: {_known()}."
        raise MissingFileError(msg)
    if glob.has_magic(text):
        found = sorted(p for p in map(Path, glob.glob(text, recursive=True)) if p.is_file())  # noqa: PTH207
        if found:
            return found, text
        msg = f"No file matches {_short(text)}, looked for from {Path.cwd()}. Check the pattern: ** takes in all folders."
        raise MissingFileError(msg)
    if "://" in text[:12]:
        msg = (
            f"{_short(text)} is an address, and DataLens opens files of this machine only. Download it first."
        )
        raise ValueError(msg)
    remedy = 'To look at texts, give rows: dl.Lens([{"text": text} for text in texts]).'
    if isinstance(given, os.PathLike) or _FILE.search(text):
        remedy = "Check the path."
    msg = f"There is no file {_short(text)}, looked for from {Path.cwd()}. {remedy}"
    raise MissingFileError(msg)


def _holds_rows(path: Path) -> bool:
    """Say whether a file in a folder is one to open: not hidden, not a marker such as _SUCCESS, of known suffix."""
    hidden = any(part.startswith((".", "_")) for part in path.parts)
    return not hidden and path.name not in NO_ROWS and format_of(path) is not None


def _one_format(paths: Sequence[Path], title: str) -> Format:
    formats = [_format_or_refuse(path) for path in paths]
    counts = Counter(formats)
    if len(counts) > 1:
        kinds = " and ".join(f"{count:,} {name}" for name, count in counts.most_common())
        most = counts.most_common(1)[0][0]
        suffixes = Counter(_suffix(path) for path in paths if format_of(path) == most)
        example = paths[formats.index(most)].parent / f"*{suffixes.most_common(1)[0][0]}"
        msg = (
            f"{title} mixes formats: {kinds} files, which are not one dataset. "
            f"Give those of one kind, e.g. {os.fspath(example)!r}."
        )
        raise ValueError(msg)
    return formats[0]


def _format_or_refuse(path: Path) -> Format:
    known = format_of(path)
    if known is None:
        suffix = _suffix(path).lower()
        read = READ_INSTEAD.get(suffix, "a_frame_or_a_list_of_dicts")
        what = f"has the suffix {suffix!r}" if suffix else "has no suffix"
        msg = f"{path.name!r} {what}, and DataLens reads {_known()}. Read it yourself: dl.Lens({read})."
        raise ValueError(msg)
    return known


def _suffix(path: Path) -> str:
    """Return what tells the format: the last suffix, and the one before a compression's."""
    return "".join(path.suffixes[-2 if path.suffix.lower() in PACKED else -1 :])


def _known() -> str:
    return f"{', '.join(SUFFIXES)} (JSON and CSV also with {' or '.join(PACKED)})"


def _short(text: str) -> str:
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "…")
