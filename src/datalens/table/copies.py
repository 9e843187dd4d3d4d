"""Files that can't be read by column (JSON, CSV, Arrow) become Parquet once, in the cache."""

from __future__ import annotations

import functools
import json
import os
import tempfile
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datalens.core.cache import cache_folder
from datalens.core.fingerprint import fingerprint
from datalens.core.progress import progress
from datalens.table.csv_rows import TextShape, read_csv
from datalens.table.json_lines import BATCH_BYTES, read_json
from datalens.table.piece import Piece
from datalens.table.plain import plain_table, plain_type
from datalens.table.shapes import Shape
from datalens.table.text import OnBadLines, Trouble, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    import pyarrow as pa

    from datalens.table.files import Format

# Another version when the same file would be read as other rows or types: older copies are then not taken.
CONVERTER = 2
# What was left out or replaced is kept in the copy's own metadata, for the next time it is opened.
REPORT = b"datalens"
MEGABYTE = 1 << 20


def converted(path: Path, kind: Format, on_bad_lines: OnBadLines) -> tuple[Piece, dict[str, Any]]:
    """Return a file's rows as Parquet, made at the first call, in bounded memory; the file itself stays as it is.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    kind : str
        Its format.
    on_bad_lines : {"error", "skip"}
        What to do with lines that are no rows.

    Returns
    -------
    piece : Piece
        The converted copy.
    report : dict
        ``skipped`` and ``mended`` count lines; ``mixed`` says of which kinds the values are of columns that
        are kept as text.

    Raises
    ------
    ValueError
        When the file can't be read; it names the file, the line where there is one, and what to do.
    """
    stat = path.stat()
    name = fingerprint(
        os.fspath(path.absolute()), stat.st_size, stat.st_mtime_ns, kind, on_bad_lines, CONVERTER
    )
    target = _folder() / f"{name}.parquet"
    if target.exists():
        with suppress(ValueError):  # a damaged copy is a missing one
            return _opened(target, path)
    with _whole_or_nothing(target) as partial:
        if kind == "Arrow":
            _convert_arrow(path, partial)
        else:
            _convert_text(path, kind, on_bad_lines, partial)
        after = path.stat()
        if (after.st_size, after.st_mtime_ns) != (stat.st_size, stat.st_mtime_ns):
            msg = f"{path} changed while it was read. Open it again when nobody writes to it."
            raise ValueError(msg)
    return _opened(target, path)


def _opened(target: Path, origin: Path) -> tuple[Piece, dict[str, Any]]:
    piece = Piece(target, origin)
    report = json.loads((piece.metadata.metadata or {}).get(REPORT, b"{}"))
    return piece, report


def _folder() -> Path:
    folder = cache_folder()
    if folder is not None:
        with suppress(OSError):  # a read-only home costs the next opening, not this one
            place = folder / "converted"
            place.mkdir(parents=True, exist_ok=True)
            if os.access(place, os.W_OK):
                return place
    return Path(_folder_of_this_process().name)


@functools.cache
def _folder_of_this_process() -> tempfile.TemporaryDirectory[str]:
    """Return a folder that goes away when the process ends."""
    return tempfile.TemporaryDirectory(prefix="datalens-")


@contextmanager
def _whole_or_nothing(target: Path) -> Iterator[Path]:
    """Write beside the target and rename at the end; an interruption leaves nothing behind."""
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
    os.close(handle)
    partial = Path(name)
    try:
        yield partial
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _convert_text(path: Path, kind: Format, on_bad_lines: OnBadLines, target: Path) -> None:
    """Write while the types hold that the first rows have; where later ones widen them, read once more."""
    shapes: dict[str, Shape | TextShape] = {}
    make: Callable[[], Shape | TextShape] = Shape if kind == "JSON" else TextShape
    settled = _written(path, kind, on_bad_lines, target, shapes, make)
    if not settled:
        _written(path, kind, on_bad_lines, target, shapes, None)


def _written(
    path: Path,
    kind: Format,
    on_bad_lines: OnBadLines,
    target: Path,
    shapes: dict[str, Shape | TextShape],
    make: Callable[[], Shape | TextShape] | None,
) -> bool:
    """Read a file once, learning types where `make` is given, and say whether all of it was written.

    Types learnt so far that later rows widen end the writing, not the learning.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    trouble = Trouble(path.name, on_bad_lines)
    writer = None
    settled = True
    label = f"{'reading' if make else 'converting'} {path.name}"
    total = -(-path.stat().st_size // MEGABYTE)
    with (
        path.open("rb") as raw,
        progress(label, total, "MB") as bar,
        unpacked(path, raw) as stream,
        closing(_batches(kind, stream, trouble)) as batches,
    ):
        try:
            for columns in batches:
                if make is not None:
                    for name, values in columns.items():
                        if name not in shapes:
                            shapes[name] = make()
                        shapes[name].add(values)
                if settled and (make is None or any(columns.values())):
                    schema = pa.schema([(name, shape.type()) for name, shape in shapes.items()])
                    if writer is None:
                        writer = pq.ParquetWriter(target, schema, compression="zstd")
                    if writer.schema != schema:
                        settled = False
                    else:
                        writer.write_table(_table(columns, shapes, schema))
                bar.update(raw.tell() // MEGABYTE - bar.done)
            if settled:
                if writer is None:
                    schema = pa.schema([(name, shape.type()) for name, shape in shapes.items()])
                    writer = pq.ParquetWriter(target, schema)
                mixed = {name: shape.mixed() for name, shape in shapes.items() if shape.mixed()}
                report = {"skipped": trouble.skipped, "mended": trouble.mended, "mixed": mixed}
                writer.add_key_value_metadata({REPORT: json.dumps(report).encode()})
        finally:
            if writer is not None:
                writer.close()
    return settled


def _batches(kind: Format, stream: Any, trouble: Trouble) -> Generator[dict[str, list[Any]]]:
    if kind == "JSON":
        return read_json(stream, trouble)
    return read_csv(stream, trouble, "," if kind == "CSV" else "\t")


def _table(
    columns: dict[str, list[Any]], shapes: dict[str, Shape | TextShape], schema: pa.Schema
) -> pa.Table:
    import pyarrow as pa

    rows = len(next(iter(columns.values()), []))
    arrays = [
        shapes[field.name].array(columns[field.name]) if field.name in columns else pa.nulls(rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _convert_arrow(path: Path, target: Path) -> None:
    """Copy the batches of an Arrow file or stream."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pa.OSFile(os.fspath(path)) as source:
            schema, count, batches = _arrow_batches(path, source)
            plain = pa.schema([pa.field(field.name, plain_type(field.type)) for field in schema])
            with (
                pq.ParquetWriter(target, plain, compression="zstd") as writer,
                progress(f"reading {path.name}", count, "batch") as bar,
            ):
                for batch in batches:
                    table = plain_table(pa.Table.from_batches([batch]))
                    share = BATCH_BYTES * table.num_rows // max(1, table.nbytes)
                    writer.write_table(table, row_group_size=max(1, share))
                    bar.update()
    except pa.ArrowNotImplementedError as error:
        msg = f"{path} holds what Parquet can't ({str(error)[:160]}). Read it yourself, and give the table: dl.Lens(table)."
        raise ValueError(msg) from error
    except (pa.ArrowException, OSError) as error:
        if getattr(error, "errno", None) is not None:
            raise  # the disk's, not the file's
        what = "is empty" if not path.stat().st_size else "is not a whole Arrow or Feather file"
        msg = f"{path} {what} ({str(error).splitlines()[0][:160]}). Write it again."
        raise ValueError(msg) from error


def _arrow_batches(path: Path, source: Any) -> tuple[pa.Schema, int | None, Iterator[pa.RecordBatch]]:
    import pyarrow as pa

    magic = source.read(6)
    source.seek(0)
    if magic == b"ARROW1":
        file = pa.ipc.open_file(source)
        count = file.num_record_batches
        return file.schema, count, (file.get_batch(place) for place in range(count))
    if magic.startswith(b"FEA1"):
        msg = f"{path} is in Feather's first version. Read it with pandas: dl.Lens(pd.read_feather({os.fspath(path)!r}))."
        raise ValueError(msg)
    stream = pa.ipc.open_stream(source)
    return stream.schema, None, iter(stream)
