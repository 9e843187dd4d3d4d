"""What is computed from columns before it is compared: lengths, arithmetic, items of lists, fields of structs, products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError
from datalens.predicate.compare import OPERATORS, kind_in_words
from datalens.predicate.operands import ITEM, Arithmetic, Field, Length, Literal, Operand
from datalens.predicate.values import Values, from_arrow

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from datalens.predicate.nodes import Compare, Linear

    Array = np.ndarray[Any, Any]
    Read = Callable[[str], Values]


def computed_mask(node: Compare, read: Read) -> Array:
    """Return which rows compare as asked where a side is computed: as 64-bit floats; nulls and NaN never do.

    Parameters
    ----------
    node : Compare
        With a `Length` or `Arithmetic` on a side.
    read : callable
        From a column's name to its values.
    """
    import numpy as np

    with np.errstate(all="ignore"):
        left, right = numbers(node.left, read), numbers(node.right, read)
        mask = OPERATORS[node.op](left, right)
        if node.op == "ne":
            mask = mask & (left == left) & (right == right)  # noqa: PLR0124 - NaN is not itself
    return np.asarray(mask)


def numbers(side: Operand, read: Read) -> Any:
    """Return an operand as 64-bit floats, NaN where it is null.

    Examples
    --------
    >>> import pyarrow as pa
    >>> numbers(Length("a"), lambda name: from_arrow(pa.array(["é", None]), name)).tolist()
    [1.0, nan]
    """
    match side:
        case Literal(value=value):
            return float(value)  # type: ignore[arg-type]
        case Field(name=name):
            return _plain(read(name))
        case Length(name=name):
            return _lengths(read(name))
        case Arithmetic(op=op, left=left, right=right):
            import numpy as np

            ufunc = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.true_divide}[op]
            return np.asarray(ufunc(numbers(left, read), numbers(right, read)))


def _plain(values: Values) -> Array:
    import numpy as np

    values = values.decoded()
    if values.kind == "null":
        return np.full(len(values.valid if values.valid is not None else values.data), np.nan)
    if values.kind != "number":
        msg = (
            f"Column {values.name!r} holds {kind_in_words(values.kind)} ({values.dtype}), and arithmetic is done with "
            "integers and floats: cast it to float first."
        )
        raise UnfitError(msg)
    plain: Array = values.data.astype(np.float64)
    if values.valid is not None:
        plain[~values.valid] = np.nan
    return plain


def _lengths(values: Values) -> Array:
    import numpy as np
    import pyarrow.compute as pc

    values = values.decoded()
    if values.kind == "null":
        return np.full(len(values.valid if values.valid is not None else values.data), np.nan)
    if values.kind == "text":
        if isinstance(values.data, np.ndarray):
            lengths = np.array(
                [len(text) if isinstance(text, str) else 0 for text in values.data], dtype=np.float64
            )
        else:
            lengths = pc.utf8_length(values.data).fill_null(0).to_numpy().astype(np.float64)
    elif values.kind == "nested" and _is_list(values.data.type):
        lengths = _list_lengths(values.data).astype(np.float64)
    else:
        msg = (
            f"Column {values.name!r} holds {kind_in_words(values.kind)} ({values.dtype}): only texts and lists have a "
            "length."
        )
        raise UnfitError(msg)
    if values.valid is not None:
        lengths[~values.valid] = np.nan
    return lengths


def _is_list(kind: Any) -> bool:
    import pyarrow as pa

    lists = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    return any(check(kind) for check in lists)


def _list_lengths(column: Any) -> Array:
    import pyarrow.compute as pc

    lengths: Array = pc.list_value_length(column).fill_null(0).to_numpy(zero_copy_only=False)
    return lengths


def items_mask(values: Values, which: str, match: Callable[[Values], Array]) -> Array:
    """Return in which rows any, or all, of a list's items match.

    Parameters
    ----------
    values : Values
        A column of lists.
    which : {"any", "all"}
    match : callable
        From the items of all rows, one after another, to which of them match.
    """
    import numpy as np
    import pyarrow.compute as pc

    length = _rows(values)
    if values.kind == "null":
        return np.zeros(length, dtype=bool)
    if values.kind != "nested" or not _is_list(values.data.type):
        msg = f"Column {values.name!r} holds {kind_in_words(values.kind)} ({values.dtype}), not lists: it has no items."
        raise UnfitError(msg)
    lengths = _list_lengths(values.data)
    # list_flatten leaves out the items that lie behind a null list.
    matched = match(from_arrow(pc.list_flatten(values.data), f"{values.name}[...]"))
    if values.valid is not None:
        lengths = np.where(values.valid, lengths, 0)
    ends = np.cumsum(lengths)
    hits = np.concatenate([[0], np.cumsum(matched)])
    found = hits[ends] - hits[ends - lengths]
    mask = found > 0 if which == "any" else found == lengths
    return np.asarray(mask if values.valid is None else mask & values.valid)


def member_values(values: Values, name: str) -> Values:
    """Return a field of a struct, null where the struct is.

    Examples
    --------
    >>> import pyarrow as pa
    >>> member_values(from_arrow(pa.array([{"a": 1}, None]), "meta"), "a").valid.tolist()
    [True, False]
    """
    import pyarrow as pa

    if values.kind == "null":
        return values
    if values.kind != "nested" or not pa.types.is_struct(values.data.type):
        msg = f"Column {values.name!r} holds {kind_in_words(values.kind)} ({values.dtype}), not structs: it has no fields."
        raise UnfitError(msg)
    fields = [field.name for field in values.data.type]
    if name not in fields:
        from datalens.core.errors import missing_column

        sentence = (
            str(missing_column(name, fields))
            .replace("There is no column", "there is no field")
            .replace("column", "field")
        )
        msg = f"In column {values.name!r} {sentence}"
        raise UnfitError(msg)
    return from_arrow(values.data.flatten()[fields.index(name)], f"{values.name}.{name}")


def linear_mask(values: Values, node: Linear) -> Array:
    """Return which rows' vectors have a product with the weights as asked."""
    import numpy as np

    vectors = vectors_of(values, len(node.weights))
    with np.errstate(all="ignore"):
        products = vectors @ np.array(node.weights)
        if node.cosine:
            products = products / np.sqrt((vectors * vectors).sum(axis=1))
        return np.asarray(OPERATORS[node.op](products, node.threshold) & np.isfinite(products))


def vectors_of(values: Values, width: int) -> Array:
    """Return a column of lists of numbers as an array (rows, width), NaN where there is no vector of that width."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = _rows(values)
    out = np.full((rows, width), np.nan)
    if values.kind == "null":
        return out
    if (
        values.kind != "nested"
        or not _is_list(values.data.type)
        or not (
            pa.types.is_integer(values.data.type.value_type)
            or pa.types.is_floating(values.data.type.value_type)
        )
    ):
        msg = f"Column {values.name!r} holds {kind_in_words(values.kind)} ({values.dtype}), not vectors."
        raise UnfitError(msg)
    lengths = _list_lengths(values.data)
    if values.valid is not None:
        lengths = np.where(values.valid, lengths, 0)
    if rows and not (lengths == width).any() and lengths.any():
        msg = f"The vectors of column {values.name!r} have {int(lengths.max()):,} dimensions, the weights {width:,}."
        raise UnfitError(msg)
    flat = pc.list_flatten(values.data).cast(pa.float64()).to_numpy(zero_copy_only=False)
    starts = np.cumsum(lengths) - lengths
    fits = lengths == width
    if fits.all():
        return np.asarray(flat.reshape(rows, width))
    out[fits] = flat[starts[fits][:, None] + np.arange(width)]
    return out


def _rows(values: Values) -> int:
    if values.codes is not None:
        return len(values.codes)
    return len(values.data if values.valid is None else values.valid)


def reader_of(values: Values) -> Read:
    """Return what reads the one column that a condition on an item or a field knows."""

    def read(name: str) -> Values:
        if name != ITEM:  # never: the nodes check it
            msg = f"A condition on what is inside a column is about {ITEM!r}, not {name!r}."
            raise ValueError(msg)
        return values

    return read
