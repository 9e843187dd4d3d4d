"""The rows that a notebook keeps for reading without a kernel: a stratified sample, small enough to save."""

from __future__ import annotations

import json
import logging
import zlib
from typing import TYPE_CHECKING, Any

from datalens.widgets.marks import shown_marks
from datalens.widgets.protocol import ALIGNMENT, packed, wire_points
from datalens.widgets.state import default_color

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pyarrow as pa

    from datalens.study.study import Study
    from datalens.table.columns import Kind
    from datalens.widgets.desk import Desk

    Array = np.ndarray[Any, Any]

log = logging.getLogger("datalens")

# What the notebook's file can bear: about 2 MB for a corpus of texts.
MAX_ROWS = 20_000
# Columns beside the key and the text: what a person would colour by.
MAX_COLUMNS = 8
TEXT_CHARACTERS = 200
TEXT_BUDGET = 2_400_000  # characters of all rows, before compression
CELL_CHARACTERS = 60
MAX_LABELS = 500  # of one column's legend
# Beyond this the texts stay out: 20,000 rows spread over a large file would read all of it.
MAX_TEXT_ROWS = 1_000_000
# More makes it a tenth smaller and takes three times as long.
ZLIB_LEVEL = 1
EXACT = 2**53
NUMBERS = ("number", "integer", "datetime")


def stratified(strata: Array, most: int) -> Array:
    """Choose rows such that every stratum is present and large ones are so in proportion.

    Parameters
    ----------
    strata : numpy.ndarray of unsigned integers, shape (rows,)
        The stratum of each row.
    most : int
        How many rows at most, as long as there are not more strata.

    Returns
    -------
    numpy.ndarray of int64
        Ordinals, ascending; the same for the same strata.

    Examples
    --------
    >>> import numpy as np
    >>> strata = np.array([0] * 97 + [1, 1, 2], dtype=np.uint8)
    >>> chosen = stratified(strata, 10)
    >>> len(chosen), sorted(set(strata[chosen].tolist()))
    (10, [0, 1, 2])
    """
    import numpy as np

    rows = len(strata)
    if rows <= most:
        return np.arange(rows)
    counts = np.bincount(strata)
    exact = counts * (most / rows)
    quota = np.maximum(np.floor(exact), counts > 0).astype(np.int64)
    spare = most - int(quota.sum())
    if spare > 0:  # to those whose share was cut most
        quota[np.argsort(quota - exact, kind="stable")[:spare]] += 1
    while spare < 0 and (quota > 1).any():  # rows lent to rare strata come from the largest
        largest = int(quota.argmax())
        given = min(-spare, int(quota[largest]) - 1)
        quota[largest] -= given
        spare += given
    # Sorted by stratum, in random order within it: the first of each are an even choice.
    chance = np.random.default_rng(0).integers(0, 2**32, rows, dtype=np.uint64)
    share, few = quota / np.maximum(counts, 1), 20 / np.maximum(counts, 1)
    while True:
        # Only what may be among the first is sorted: of ten million rows that takes a second and more.
        some = np.flatnonzero(chance < np.minimum(1, 2 * share + few)[strata] * 2**32)
        there = np.bincount(strata[some], minlength=len(counts))
        if (there >= quota).all():
            break
        few = few * 2
    order = some[np.argsort((strata[some].astype(np.uint64) << np.uint64(32)) | chance[some])]
    starts = np.concatenate([[0], np.cumsum(there)[:-1]])
    within = np.arange(len(some)) - np.repeat(starts, there)
    return np.sort(order[within < np.repeat(quota, there)])


def sample_version(study: Study, color: str | None, size: str | None = None) -> str:
    """Return what changes when a sample would."""
    marks = study.live(study.names()) - {color, size}
    columns = [[name, study.version(name)] for name in study.names() if name not in marks]
    roles = [study.column_of(role) for role in ("x", "y", "text")]
    return json.dumps([color, size, default_color(study), roles, columns])


def choose_rows(desk: Desk, color: str | None) -> Array:
    """Return the ordinals of a sample, stratified by a column (or the one that colours by default)."""
    import numpy as np

    study = desk.study
    name = color if color in study.names() else default_color(study)
    if name is None or study.rows <= MAX_ROWS:
        return stratified(np.zeros(study.rows, dtype=np.uint8), MAX_ROWS)
    codes, _ = desk.coloring(name, None)
    return stratified(codes, MAX_ROWS)


def pack_sample(desk: Desk, ordinals: Array, color: str | None, size: str | None = None) -> bytes:
    """Return the sample as `js/src/host/sample.ts` reads it.

    Parameters
    ----------
    desk : Desk
        Answers for the study; the caller holds its lock.
    ordinals : numpy.ndarray of int64
        The rows.
    color : str or None
        The column that a view is coloured by.
    size : str, optional
        The column that sizes its points.

    Returns
    -------
    bytes
        zlib over: the length of the JSON (uint32), the JSON, then arrays at multiples of 8.
    """
    import numpy as np

    study = desk.study
    arrays: dict[str, Any] = {"ordinals": ordinals.astype(np.uint32)}
    header: dict[str, Any] = {
        "rows": len(ordinals),
        "of": study.rows,
        "keys": [str(key) for key in study.source.keys()[ordinals].tolist()],
        "map": _map(study, ordinals, arrays),
    }
    names = chosen_columns(study, color, size)
    table = study.take(ordinals, names)
    # Coloured as the views do it, so that a colour means the same with and without the kernel.
    shown = color if color in names else default_color(study)
    header["columns"] = [
        _column(desk, name, table.column(name), ordinals, arrays, f"c{i}", shared=name == shown)
        for i, name in enumerate(names)
    ]
    payload, infos = packed(arrays)
    header["arrays"] = infos
    text = json.dumps(header, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    head = len(text).to_bytes(4, "little") + text
    head += bytes(-len(head) % ALIGNMENT)
    return zlib.compress(head + bytes(payload), ZLIB_LEVEL)


def chosen_columns(study: Study, color: str | None, size: str | None = None) -> list[str]:
    """Return the columns that a sample holds, in the order of the data."""
    # Marks change all the time: only those that colour a view are kept. The journal has all.
    marks = study.live(study.names()) - {color, size}
    kinds = {name: study.describe(name).kind for name in study.names() if name not in marks}
    roles = [study.column_of(role) for role in ("cluster", "label", "source")]
    clusters = [name for name, derived in study.derived.items() if derived.role == "cluster"]
    numbers = [name for name, kind in kinds.items() if kind in NUMBERS]
    others = [name for name, kind in kinds.items() if kind in ("category", "boolean")]
    wished = [color, size, *roles, *clusters, *others[:2], *numbers, *others]
    text = study.column_of("text")
    apart = (text, study.column_of("x"), study.column_of("y"))
    plain = [
        n
        for n in dict.fromkeys(wished)
        if n is not None and (n == size or n not in apart) and kinds.get(n, "vector") != "vector"
    ]
    kept = set(plain[:MAX_COLUMNS])
    if text is not None and study.rows <= MAX_TEXT_ROWS:
        kept.add(text)
    key = study.roles.get("key")
    if key is not None:
        kept.add(key)
    return [name for name in study.names() if name in kept]


def _map(study: Study, ordinals: Array, arrays: dict[str, Any]) -> dict[str, Any] | None:
    from datalens.space.points import place_points

    x, y = study.column_of("x"), study.column_of("y")
    if x is None or y is None:
        return None
    points = place_points(study.floats(x)[ordinals], study.floats(y)[ordinals])
    # Rows of the sample, not ordinals: the page works with places in the sample.
    result, found = wire_points(x, y, points, len(ordinals))
    arrays |= found
    return result


def _column(
    desk: Desk,
    name: str,
    values: pa.ChunkedArray,
    ordinals: Array,
    arrays: dict[str, Any],
    place: str,
    *,
    shared: bool,
) -> dict[str, Any]:
    from datalens.table.colors import color_codes
    from datalens.table.display import cells

    study = desk.study
    kind = study.describe(name).kind
    missing = study.missing(name)
    missing = None if missing is None else missing[ordinals]
    tags = name == study.marks.names.get("tags") and shared
    if tags or kind in ("category", "boolean", *NUMBERS):
        try:
            if shared:
                codes, legend = desk.coloring(name, None)
                codes = codes[ordinals]
                legend = {k: v for k, v in legend.items() if k not in ("column", "selected")}
            else:
                codes, legend = color_codes(values, kind, scale=study.scale(name), missing=missing)
            coded = _coded(kind, values, codes, legend, arrays, place)
            if tags:  # a row has the colour of one tag, and may have more
                coded["cells"] = cells(shown_marks(values), characters=CELL_CHARACTERS)
        except ValueError:
            log.debug("%r has no colours: it is kept as text", name, exc_info=True)
        else:
            return {"name": name, **coded}
    room = TEXT_CHARACTERS if len(values) == 0 else max(20, TEXT_BUDGET // len(values))
    found = cells(values, characters=min(room, TEXT_CHARACTERS) if kind == "text" else CELL_CHARACTERS)
    if missing is not None:
        found = [
            {"state": "not computed"} if gone else cell for cell, gone in zip(found, missing, strict=True)
        ]
    return {"name": name, "cells": found}


def _coded(
    kind: Kind,
    values: pa.ChunkedArray,
    codes: Array,
    legend: dict[str, Any],
    arrays: dict[str, Any],
    place: str,
) -> dict[str, Any]:
    """Return the legend of a column that has colours, and put its codes and numbers among the arrays."""
    import numpy as np

    from datalens.table.colors import as_floats
    from datalens.table.display import TABLE_DIGITS, cells

    if kind not in NUMBERS:
        found: dict[str, Any] = {"legend": _shortened(codes, legend)}
        arrays[f"{place}.codes"] = codes
        if len(legend["values"]) > MAX_LABELS:  # the legend no longer says what each row has
            found["cells"] = cells(values, characters=CELL_CHARACTERS)
        return found
    floats = as_floats(values)
    arrays |= {f"{place}.codes": codes, f"{place}.values": floats.view("uint8")}
    if kind != "datetime" and (np.abs(floats[~np.isnan(floats)]) < EXACT).all():
        return {"legend": legend}
    # What a float of the browser can't say, or not as the table does.
    return {"legend": legend, "cells": cells(values, characters=CELL_CHARACTERS, digits=TABLE_DIGITS)}


def _shortened(codes: Array, legend: dict[str, Any]) -> dict[str, Any]:
    """Return a legend whose names and number are bounded; changes the codes of what is left out to "other"."""
    from datalens.table.colors import CODE_FIRST, CODE_OTHER

    values: Sequence[dict[str, Any]] = legend["values"]
    left = sum(value["count"] for value in values[MAX_LABELS:])
    codes[codes >= CODE_FIRST + MAX_LABELS] = CODE_OTHER
    short = [
        {
            "value": value["value"][:TEXT_CHARACTERS] if isinstance(value["value"], str) else value["value"],
            "label": value["label"][:TEXT_CHARACTERS],
            "count": value["count"],
            **({"color": value["color"]} if "color" in value else {}),
        }
        for value in values[:MAX_LABELS]
    ]
    other = legend["other"]
    return {
        **legend,
        "values": short,
        "other": {"values": other["values"] + len(values) - len(short), "count": other["count"] + left},
    }
