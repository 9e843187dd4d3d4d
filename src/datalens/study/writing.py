"""What a lens writes as Parquet files: all rows, computed columns, and keys of selected rows."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from datalens.core.errors import MissingFileError, UnfitError, missing_column
from datalens.study.selection import mask_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from datalens.predicate import Predicate
    from datalens.study.selection import RowSet
    from datalens.study.study import Study

    StrPath = str | os.PathLike[str]

# What the key is called where no column of the data is one.
KEY = "key"


def key_name(study: Study) -> str:
    """Return what the column of keys is called in the files: as the data's key column, else "key"."""
    identity = study.source.identity
    if identity.scheme == "column":
        return identity.columns[0]
    name, number = KEY, 2
    while name in study.derived:
        name, number = f"{KEY}_{number}", number + 1
    return name


def write_columns(study: Study, path: StrPath, names: Sequence[str] | None = None) -> Path:
    """Write computed columns with the key of each row; see `Lens.write_columns`."""
    import pyarrow as pa

    with study.lock:
        target = target_of(study, path)
        if isinstance(names, str):
            msg = f"names={names!r} is one text: give a list of columns, names=[{names!r}]."
            raise UnfitError(msg)
        for name in names or ():
            if name not in study.derived:
                own = " The data itself has that column." if name in study.source.schema.names else ""
                raise missing_column(name, study.derived, f"Only computed columns are written.{own}")
        chosen = list(study.derived if names is None else dict.fromkeys(names))
        columns = {key_name(study): _keys(study), **{name: study.derived[name].data for name in chosen}}
    _write(pa.table(columns), target)
    return target


def write_keys(study: Study, rows: RowSet | Predicate, path: StrPath) -> Path:
    """Write the keys of selected rows; see `Lens.write_keys`."""
    import pyarrow as pa

    with study.lock:
        target = target_of(study, path)
        keys = _keys(study).filter(pa.array(mask_in(rows, study, "Keys are written of")))
        table = pa.table({key_name(study): keys})
    _write(table, target)
    return target


def to_parquet(study: Study, path: StrPath, *, vectors: bool = False) -> Path:
    """Write all rows with their computed columns; see `Lens.to_parquet`."""
    import pyarrow.parquet as pq

    with study.lock:
        target = target_of(study, path)
    parts = _parts(study, vectors=vectors)
    first = next(parts)
    with (
        whole_or_nothing(target) as partial,
        pq.ParquetWriter(partial, first.schema, compression="zstd") as writer,
    ):
        for part in chain([first], parts):
            writer.write_table(part)
    return target


def _parts(study: Study, *, vectors: bool) -> Iterator[pa.Table]:
    """Yield all rows with their computed columns: of Parquet, which may be larger than memory, part by part."""
    import pyarrow as pa

    from datalens.study.export import computed_columns
    from datalens.table.parquet import ParquetSource

    source = study.source
    names, computed = source.schema.names, computed_columns(study, vectors=vectors)
    if not isinstance(source, ParquetSource) or not study.rows or not names:
        own = {name: study.column(name) for name in names}
        yield pa.table({**own, **{name: computed.column(name) for name in computed.column_names}})
        return
    start = 0
    for part in source.parts(names):
        extra = computed.slice(start, part.num_rows)
        start += part.num_rows
        columns = [*part.columns, *extra.columns]
        yield pa.table(columns, names=[*names, *computed.column_names])


def _keys(study: Study) -> pa.ChunkedArray:
    """Return the key of every row, in a type that every reader of Parquet knows."""
    import pyarrow as pa

    identity = study.source.identity
    if identity.scheme != "column":
        kind = pa.string() if identity.scheme == "content" else pa.int64()
        return pa.chunked_array([pa.array(study.source.keys(), kind)])
    keys = study.column(identity.columns[0])
    # A dictionary of unique values only costs, and would come back as categories.
    return keys.cast(keys.type.value_type) if pa.types.is_dictionary(keys.type) else keys


def target_of(study: Study, path: StrPath) -> Path:
    """Return where to write, which is never one of the files that the rows are read from."""
    target = Path(path).expanduser()
    if target.is_dir():
        msg = f"{os.fspath(path)!r} is a folder: name a file in it, such as {os.fspath(target / 'columns.parquet')!r}."
        raise IsADirectoryError(msg)
    if not target.absolute().parent.is_dir():
        msg = f"There is no folder {os.fspath(target.absolute().parent)!r}. Make it first."
        raise MissingFileError(msg)
    files: tuple[Path, ...] = getattr(study.source, "files", ())
    if target.exists() and any(file.exists() and target.samefile(file) for file in files):
        msg = f"{os.fspath(path)!r} is a file of the data, which is never written over. Give another name."
        raise FileExistsError(msg)
    return target


def _write(table: pa.Table, target: Path) -> None:
    import pyarrow.parquet as pq

    with whole_or_nothing(target) as partial:
        pq.write_table(table, partial, compression="zstd")


@contextmanager
def whole_or_nothing(target: Path) -> Iterator[Path]:
    """Write beside the target and rename at the end; readers never meet half a file."""
    partial = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        yield partial
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
