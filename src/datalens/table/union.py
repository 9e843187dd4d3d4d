"""One schema for many files: columns by name, types as wide as they need to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa


def union_schema(schemas: Iterable[tuple[str, pa.Schema]]) -> pa.Schema:
    """Return the columns of all files, in the order they are met.

    Parameters
    ----------
    schemas : iterable of (str, pyarrow.Schema)
        Each file's name and columns.

    Returns
    -------
    pyarrow.Schema
        A column that a file lacks is null there; null becomes anything, integers become floats where a file has
        floats, dictionaries become their values where a file has plain values.

    Raises
    ------
    ValueError
        When two files have types for a column that no type holds; it names the column, both types and both files.

    Examples
    --------
    >>> import pyarrow as pa
    >>> one, two = pa.schema([("n", pa.int64())]), pa.schema([("n", pa.float64()), ("t", pa.string())])
    >>> union_schema([("one.parquet", one), ("two.parquet", two)]).types
    [DataType(double), DataType(string)]
    """
    import pyarrow as pa

    types: dict[str, pa.DataType] = {}
    files: dict[str, str] = {}  # the file that gave a column its type so far
    for file, schema in schemas:
        for field in schema:
            known = types.get(field.name)
            if known is None:
                types[field.name], files[field.name] = field.type, file
                continue
            common = common_type(known, field.type)
            if common is None:
                msg = (
                    f"Column {field.name!r} is {known} in {files[field.name]} and {field.type} in {file}, which are "
                    "not one column. Make them one type in the files, or open the files apart."
                )
                raise ValueError(msg)
            if common != known:
                types[field.name], files[field.name] = common, file
    return pa.schema(list(types.items()))


def common_type(one: pa.DataType, other: pa.DataType) -> pa.DataType | None:
    """Return the type that holds the values of both, or None where there is none.

    Parameters
    ----------
    one, other : pyarrow.DataType
        Plain types.

    Returns
    -------
    pyarrow.DataType or None
        What both cast to.
    """
    import pyarrow as pa

    if one == other:
        return one
    if pa.types.is_dictionary(one) and pa.types.is_dictionary(other):
        # Files have dictionaries of their own; together they may need a wider index.
        values = common_type(one.value_type, other.value_type)
        return None if values is None else pa.dictionary(pa.int32(), values, one.ordered and other.ordered)
    one, other = (kind.value_type if pa.types.is_dictionary(kind) else kind for kind in (one, other))
    try:
        both = [pa.schema([("column", kind)]) for kind in (one, other)]
        common = pa.unify_schemas(both, promote_options="permissive").field(0).type
        for kind in (one, other):
            pa.array([], kind).cast(common)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return None
    return common
