"""The real corpus that is everywhere: the docstrings of the packages installed on this machine."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

from datalens.core.cache import load_table, save_table
from datalens.core.fingerprint import fingerprint
from datalens.core.progress import progress
from datalens.demo.pool import read_files
from datalens.demo.sources import MAX_FILE_BYTES, SourceFile, installed, source_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    import pyarrow as pa

    from datalens.demo.pool import Answer

# Counted up when the same files would give other rows.
FORMAT = 1

# A laptop stays usable meanwhile, and the whole default corpus takes seconds.
WORKERS = 2

_log = logging.getLogger(__name__)


def docstrings(
    packages: Sequence[str] | None = None, *, limit: int | None = None, cache: bool = True
) -> pd.DataFrame:
    """Gather the docstrings of installed packages: a real corpus without a download.

    Source files are read and parsed, never imported or run. Like anyone's corpus this one has near-duplicates,
    boilerplate, generated text, code, tables, other languages and odd ones out.

    Every docstring counts, those of private names and of functions inside functions too; blank ones don't.
    Copies of other packages that a package ships (``externals``, ``_vendor``) are part of it, since duplicates
    from there are worth finding. Left out are tests (folders such as ``tests`` and ``testing``, files such as
    ``test_*.py``), hidden folders, ``site-packages`` and ``node_modules`` inside a package, compiled modules,
    files over 4 MB, and files that are not Python of this version.

    Parameters
    ----------
    packages : sequence of str, optional
        Names as they are imported, top-level only, such as ``["numpy", "sklearn"]``. By default the well-known
        scientific packages, those of them that are installed.
    limit : int, optional
        At most this many documents, taken at even distances, so that every package keeps its share.
    cache : bool, default True
        Read and write the cache on disk. It holds each package apart and notices when its files change.

    Returns
    -------
    pandas.DataFrame
        One row a docstring, in the order of package, file and line, with these columns of text (`n_chars`
        is int64):

        - ``id``: the full name, such as ``"numpy.linalg.svd"``, with ``"#2"`` behind its second occurrence;
        - ``text``: the docstring, cleaned of indentation as by `inspect.cleandoc`;
        - ``source``: the package;
        - ``module``: the dotted name of the file;
        - ``kind``: ``"module"``, ``"class"``, ``"function"`` or ``"method"``;
        - ``name``: the last part of the name;
        - ``n_chars``: characters of `text`.

        ``frame.attrs["files"]`` and ``frame.attrs["skipped"]`` count the files and those that could not be parsed.

    Raises
    ------
    ModuleNotFoundError
        When there is no package of a given name; the sentence names those that there are.
    ValueError
        When `limit` is negative.

    Notes
    -----
    Two worker processes parse the files. They are plain subprocesses: a script needs no
    ``if __name__ == "__main__"``, and an interrupt ends them at once.

    Examples
    --------
    >>> import datalens.demo
    >>> frame = datalens.demo.docstrings(["json"], cache=False)
    >>> frame.set_index("id").loc["json.dumps", ["source", "module", "kind", "name"]].tolist()
    ['json', 'json', 'function', 'dumps']
    """
    import pyarrow as pa

    if limit is not None and limit < 0:
        msg = f"limit= is a number of documents, not {limit}; leave it out for all of them."
        raise ValueError(msg)
    names = [packages] if isinstance(packages, str) else installed() if packages is None else packages
    tables = _tables({name: source_files(name) for name in sorted(set(names))}, cache=cache)
    table = pa.concat_tables([_empty(), *tables.values()])
    if limit is not None and limit < len(table):
        table = table.take(pa.array([i * len(table) // limit for i in range(limit)], pa.int64()))
    frame: pd.DataFrame = table.replace_schema_metadata(None).to_pandas()
    counts = [_counts(table) for table in tables.values()]
    frame.attrs |= {"files": sum(files for files, _ in counts), "skipped": sum(bad for _, bad in counts)}
    return frame


def _tables(packages: Mapping[str, list[SourceFile]], *, cache: bool) -> dict[str, pa.Table]:
    """Return each package's table: from the cache, or from its files, all of them parsed in one go."""
    keys = {name: _key(name, files) for name, files in packages.items()}
    stored = {name: load_table(keys[name]) if cache else None for name in packages}
    wanted = {name: packages[name] for name, table in stored.items() if table is None}
    read = [file for files in wanted.values() for file in files if file.size <= MAX_FILE_BYTES]
    answers: dict[str, Answer] = {}
    if read:
        with progress("reading docstrings", total=len(read), unit="file") as bar:
            paths, sizes = [file.path for file in read], [file.size for file in read]
            answers = dict(zip(paths, read_files(paths, sizes, bar.update, workers=WORKERS), strict=True))
    for name, files in wanted.items():
        stored[name] = table = _table(name, [(file, answers.get(file.path, "TooLarge")) for file in files])
        if cache:
            save_table(keys[name], table)
    return {name: table for name, table in stored.items() if table is not None}


def _key(package: str, files: Sequence[SourceFile]) -> str:
    """Return the cache's key, which changes when a file is added, removed or written, or Python is another."""
    facts = [[file.path, file.size, file.modified] for file in files]
    return f"docstrings-{package}-{fingerprint(FORMAT, MAX_FILE_BYTES, sys.version_info[:2], package, facts)}"


def _table(package: str, answers: Sequence[tuple[SourceFile, Answer]]) -> pa.Table:
    """Return the rows of one package; how many files there were, and were skipped, goes into the metadata."""
    rows: list[dict[str, Any]] = []
    taken: set[str] = set()
    skipped = 0
    for file, answer in answers:
        if isinstance(answer, str):
            skipped += 1
            _log.debug("skipped %s: %s", file.path, answer)
            continue
        for kind, name, text in answer:
            full = f"{file.module}.{name}" if name else file.module
            row = {"id": _unique(full, taken), "text": text, "source": package, "module": file.module}
            rows.append(row | {"kind": kind, "name": full.rpartition(".")[2], "n_chars": len(text)})
    import pyarrow as pa

    metadata = {"files": str(len(answers)), "skipped": str(skipped)}
    return pa.Table.from_pylist(rows, schema=_empty().schema).replace_schema_metadata(metadata)


def _unique(name: str, taken: set[str]) -> str:
    """Return `name`, or with ``#2`` and so on behind it what is not taken yet, and take it."""
    candidate, count = name, 1
    while candidate in taken:
        count += 1
        candidate = f"{name}#{count}"
    taken.add(candidate)
    return candidate


def _counts(table: pa.Table) -> tuple[int, int]:
    metadata = table.schema.metadata or {}
    return int(metadata.get(b"files", 0)), int(metadata.get(b"skipped", 0))


def _empty() -> pa.Table:
    import pyarrow as pa

    texts = ("id", "text", "source", "module", "kind", "name")
    types: dict[str, pa.DataType] = dict.fromkeys(texts, pa.string())
    return pa.schema(types | {"n_chars": pa.int64()}).empty_table()
