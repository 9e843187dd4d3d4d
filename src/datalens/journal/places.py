"""Where a journal is, or will be: beside the files, in a folder that the user names, or in the user's data folder."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from datalens.core.fingerprint import fingerprint as digest

if TYPE_CHECKING:
    from collections.abc import Sequence

SUFFIX = ".datalens.sqlite"
STORE_VARIABLE = "DATALENS_STORE"
#: Bytes. File systems take 255 for all of a name, and it has to be read.
MAX_SLUG = 120


@dataclass(frozen=True)
class Place:
    """Where a journal is or will be.

    Attributes
    ----------
    path : pathlib.Path
        The SQLite file.
    printed : bool
        Whether the user has to be told where it is: nobody would look for it there.
    """

    path: Path
    printed: bool


def place_beside(paths: Sequence[Path]) -> Place:
    """Return the place beside the files of a dataset.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        One file or folder, or the files that a glob matched.

    Returns
    -------
    Place
        Beside one file or folder, under its name; in the common folder of many, under what their names share.

    Raises
    ------
    ValueError
        When there is no path.

    Examples
    --------
    >>> place_beside([Path("/data/corpus.parquet")]).path.as_posix()
    '/data/corpus.parquet.datalens.sqlite'
    >>> place_beside([Path("/data/part-00.parquet"), Path("/data/part-01.parquet")]).path.as_posix()
    '/data/part-0x.parquet.datalens.sqlite'
    """
    if not paths:
        msg = "A journal beside files needs at least one file."
        raise ValueError(msg)
    # Not resolved: a link's own folder is where the user looks, and the link may be renamed with what it points to.
    absolute = [Path(path).absolute() for path in paths]
    if len(absolute) == 1:
        return Place(absolute[0].with_name(absolute[0].name + SUFFIX), printed=False)
    folder = Path(os.path.commonpath([path.parent for path in absolute]))
    return Place(folder / f"{_shared([path.name for path in absolute])}{SUFFIX}", printed=False)


def place_in(store: Path, title: str) -> Place:
    """Return the place in a folder that the user named.

    Parameters
    ----------
    store : pathlib.Path
        The folder; it may have to be made.
    title : str
        What the dataset is called.

    Examples
    --------
    >>> place_in(Path("/notes"), "Web corpus, März").path.as_posix()
    '/notes/web-corpus-märz.datalens.sqlite'
    """
    return Place(Path(store).expanduser().absolute() / f"{slug(title)}{SUFFIX}", printed=False)


def place_of_frame(fingerprint: str, columns: Sequence[str]) -> Place:
    """Return the place for a frame, which has no file: in the user's data folder, or in ``$DATALENS_STORE``.

    Parameters
    ----------
    fingerprint : str
        A hash of what makes the frame the same one the next time.
    columns : sequence of str
        Its columns: the first ones are in the name, so that a person can tell journals apart.

    Returns
    -------
    Place
        One that has to be printed, since nobody would look there.
    """
    setting = os.environ.get(STORE_VARIABLE, "")
    if setting:
        folder = Path(setting).expanduser()
    else:
        import platformdirs

        folder = Path(platformdirs.user_data_dir("datalens", appauthor=False))
    shown = slug(" ".join(str(column) for column in columns[:4]))
    # Hashed anew, so that a fingerprint of any form makes a file's name.
    return Place(folder.absolute() / f"{shown}-{digest(fingerprint)[:16]}{SUFFIX}", printed=True)


def slug(title: str) -> str:
    """Return a title as part of a file's name: letters and digits of any script, and dashes.

    Titles that differ only in what is left out get different names.

    Examples
    --------
    >>> slug("Web corpus"), slug("../../etc/passwd") != slug("etc passwd")
    ('web-corpus', True)
    """
    plain = re.sub(r"[^\w]+", "-", title.lower()).strip("-_")
    if re.sub(r"[\s,]+", "-", title.lower()) == plain and len(plain.encode()) <= MAX_SLUG and plain:
        return plain
    start = plain.encode()[:MAX_SLUG].decode(errors="ignore")
    return f"{start or 'data'}-{digest(title)[:8]}"


def _shared(names: list[str]) -> str:
    """Return what many names share: their start and their end, with an x between."""
    first, last = min(names), max(names)  # what these two share at the start, all share
    most = min(map(len, names))
    start = next((i for i in range(most) if first[i] != last[i]), most)
    rest = [name[start:] for name in names]
    most = min(map(len, rest))
    end = next((i for i in range(most) if len({name[-1 - i] for name in rest}) > 1), most)
    return f"{first[:start]}x{first[len(first) - end :]}"
