"""Arrow's variants of one kind of value (views, run-end encoding, extensions), as the types every kernel knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def plain_table(table: pa.Table) -> pa.Table:
    """Return a table whose columns have plain types; the same columns where they have them already.

    Parameters
    ----------
    table : pyarrow.Table
        Any table.

    Returns
    -------
    pyarrow.Table
        Without metadata.

    Examples
    --------
    >>> import pyarrow as pa
    >>> plain_table(pa.table({"a": pa.array(["x"], pa.string_view())})).schema.field("a").type
    DataType(large_string)
    """
    import pyarrow as pa

    columns = [plain_column(column) for column in table.columns]
    fields = [pa.field(name, column.type) for name, column in zip(table.column_names, columns, strict=True)]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def plain_type(kind: pa.DataType) -> pa.DataType:
    """Return the type that holds the same values and that Arrow's kernels, Parquet and pandas all know.

    Parameters
    ----------
    kind : pyarrow.DataType
        Any type, nested ones too.

    Returns
    -------
    pyarrow.DataType
        The same where it is plain.

    Examples
    --------
    >>> import pyarrow as pa
    >>> plain_type(pa.list_view(pa.run_end_encoded(pa.int32(), pa.int64())))
    ListType(list<item: int64>)
    """
    import pyarrow as pa
    from pyarrow import types

    if isinstance(kind, pa.BaseExtensionType):
        return plain_type(kind.storage_type)
    if types.is_run_end_encoded(kind):
        return plain_type(kind.value_type)
    if types.is_string_view(kind):
        return pa.large_string()
    if types.is_binary_view(kind):
        return pa.large_binary()
    if types.is_interval(kind):
        return pa.string()  # months and days have no length of their own
    if types.is_decimal(kind) and kind.bit_width < 128:  # noqa: PLR2004 - the width that all functions know
        return pa.decimal128(kind.precision, kind.scale)
    if types.is_dictionary(kind):
        return pa.dictionary(kind.index_type, plain_type(kind.value_type), kind.ordered)
    if types.is_map(kind):
        return pa.map_(plain_type(kind.key_type), plain_type(kind.item_type))
    if types.is_fixed_size_list(kind):
        return pa.list_(plain_type(kind.value_type), kind.list_size)
    if types.is_list(kind) or types.is_list_view(kind):
        return pa.list_(plain_type(kind.value_type))
    if types.is_large_list(kind) or types.is_large_list_view(kind):
        return pa.large_list(plain_type(kind.value_type))
    if types.is_struct(kind):
        return pa.struct([pa.field(field.name, plain_type(field.type)) for field in kind])
    return kind


def plain_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the same values in the plain type; a null in a dictionary becomes a null of the column.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Any column.

    Returns
    -------
    pyarrow.ChunkedArray
        The same where it is plain.
    """
    import pyarrow as pa

    kind = plain_type(column.type)
    if kind != column.type:
        try:
            if pa.types.is_interval(column.type):
                texts = [None if value is None else str(value) for value in column.to_pylist()]
                column = pa.chunked_array([pa.array(texts, kind)], kind)
            elif _has_list_view(column.type):  # its cast leaves invalid offsets behind where lists are null
                column = pa.chunked_array([pa.array(column.to_pylist(), kind)], kind)
            else:
                column = _decoded(column).cast(kind)
        except pa.ArrowNotImplementedError:
            # Run-end encoding inside something nested: rare, so value by value will do.
            column = pa.chunked_array([pa.array(column.to_pylist(), kind)], kind)
    if pa.types.is_dictionary(kind) and any(chunk.dictionary.null_count for chunk in column.chunks):
        column = column.cast(kind.value_type).dictionary_encode().cast(kind)
    return column


def _has_list_view(kind: pa.DataType) -> bool:
    from pyarrow import types

    if types.is_list_view(kind) or types.is_large_list_view(kind):
        return True
    return types.is_nested(kind) and any(
        _has_list_view(kind.field(place).type) for place in range(kind.num_fields)
    )


def _decoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_run_end_encoded(column.type):
        return column
    kind = column.type.value_type
    return pa.chunked_array([pc.run_end_decode(chunk) for chunk in column.chunks], kind)
