"""Open a frame, look at all of it as the views would, select in every way, take it away; and hold what must hold."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import warnings
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

import datalens as dl
from datalens.predicate import Predicate
from datalens.space.projection import MIN_ROWS
from datalens.widgets.desk import Desk

ROW = "the row's number, for the test"
#: What a caller can make wrong ends in one of these. A selection's predicate may not fit its column: then it says so in these.
SENTENCES = (ValueError, KeyError)

LITERALS: list[Any] = [
    "a", "\ud800", "a\x00b", "😀", 1, 0.25, -3.5, 2**64, float("inf"), True, Decimal("1.5"),
    dt.date(2020, 1, 1), dt.datetime(2020, 1, 1), dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.timedelta(1),  # noqa: DTZ001
]  # fmt: skip


def check(holds: Any, error: Exception) -> None:
    """Assert what an error's sentence must say."""
    assert holds, error


def open_lens(frame: Any, **roles: Any) -> tuple[dl.Lens, list[str]]:
    """Return a lens and the sentences of the warnings that opening it gave."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        lens = dl.Lens(frame, **roles)
    assert all(issubclass(w.category, UserWarning) for w in caught), [str(w.message) for w in caught]
    return lens, [str(w.message) for w in caught]


def ask(desk: Desk, verb: str, **args: Any) -> Any:
    """Return an answer; all that goes out is JSON."""
    result, arrays = desk.answer(verb, args)
    json.dumps(result, allow_nan=False).encode("utf-8", "surrogatepass")
    return result, arrays


def content(frame: Any) -> Any:
    """Return all of a frame as plain values that compare, whatever is in it."""
    if isinstance(frame, pa.Table):
        return [str(frame.schema), *(repr(column.to_pylist()) for column in frame.columns)]
    if isinstance(frame, pl.DataFrame):
        return [str(frame.schema), *(repr(column.to_list()) for column in frame)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cells = [[_shown(value) for value in frame.iloc[:, i]] for i in range(frame.shape[1])]
    return [
        repr(frame.index.tolist()),
        frame.index.names,
        repr(list(frame.columns)),
        list(frame.dtypes),
        cells,
    ]


def _shown(value: Any) -> str:
    try:
        return repr(value)
    except RuntimeError:
        return str(id(value))


def plain_frame(frame: Any) -> pd.DataFrame:
    """Return the caller's frame as the pandas frame that exported code runs on, with numbered rows."""
    plain = frame.copy() if isinstance(frame, pd.DataFrame) else frame.to_pandas()
    plain[ROW] = np.arange(len(plain))
    return plain


def look(lens: dl.Lens) -> None:
    """Ask every verb that shows data."""
    desk, study = Desk(lens._study), lens._study
    card = lens._repr_mimebundle_()
    assert f"{study.rows:,} row" in card["text/plain"]
    state, _ = ask(desk, "hello")
    assert state["rows"] == study.rows
    placed = None
    if state["map"]:
        points, arrays = ask(desk, "points")
        placed = points["n"]
        assert placed == state["map"]["placed"] == len(arrays["xy"])
    shown = [c["name"] for c in state["columns"] if c["kind"] != "vector"]
    page, _ = ask(desk, "page", start=0, count=25, sort=[], columns=None)
    assert [page["columns"], page["total"], len(page["rows"])] == [shown, study.rows, min(25, study.rows)]
    for column in state["columns"]:
        name = column["name"]
        legend, _ = ask(desk, "legend", column=name, scale=None)
        counted = (
            sum(legend["counts"]) if legend["kind"] == "number" else sum(v["count"] for v in legend["values"])
        )
        others = legend["other"]["count"] if legend["kind"] == "category" else 0
        assert counted + others + legend["nulls"] + legend["notComputed"] == study.rows, (name, legend)
        if placed is not None:
            assert len(ask(desk, "color", column=name, scale=None)[1]["codes"]) == study.rows
        cells = [row["cells"][shown.index(name)] for row in page["rows"]] if name in shown else []
        if study.rows <= len(page["rows"]) and column["kind"] not in ("number", "vector"):
            assert sum(cell is None for cell in cells) == column["nulls"], (name, cells)
        try:
            pages = [
                ask(desk, "page", start=0, count=25, sort=[{"column": name, "descending": d}]) for d in (0, 1)
            ]
        except SENTENCES as error:
            check(repr(name) in str(error), error)
            check("no order" in str(error), error)
        else:
            orders = [[row["ordinal"] for row in page["rows"]] for page, _ in pages]
            assert [sorted(order) for order in orders] == [list(range(study.rows))] * 2
    for ordinal in range(min(study.rows, 4)):
        row, _ = ask(desk, "row", ordinal=ordinal)
        assert row["key"] == study.key_of(ordinal)
        assert [c["cell"] is None for c in row["columns"]] == [
            c is None for c in page["rows"][ordinal]["cells"]
        ]
    ordinals = list(range(min(study.rows, 4)))
    assert len(ask(desk, "snippet", ordinals=ordinals)[0]["texts"]) == len(ordinals)
    select_from_legends(desk, state)


def select_from_legends(desk: Desk, state: Any) -> None:
    """Click the first entries of each legend, and brush it, as the browser does: counts are those it shows."""
    for column in state["columns"]:
        name = column["name"]
        legend, _ = ask(desk, "legend", column=name, scale=None)
        clauses: list[tuple[dict[str, Any], int]] = [({"op": "is_null", "column": name}, legend["nulls"])]
        if legend["kind"] == "category":
            clauses += [
                ({"op": "is_in", "column": name, "values": [entry["value"]]}, entry["count"])
                for entry in legend["values"][:3]
            ]
        for clause, count in clauses:
            try:
                ask(desk, "clause", source=f"column:{name}", predicate=clause, mode="replace")
            except SENTENCES as error:
                check(repr(name) in str(error), error)
                incomparable = column["kind"] in ("nested", "bytes", "vector") or "(duration[ns])" in str(
                    error
                )
                check(incomparable, error)
                continue
            assert ask(desk, "hello")[0]["selection"]["count"] == count, (column, clause)
            ask(desk, "undo")
        assert ask(desk, "hello")[0]["selection"]["count"] == state["rows"]


def predicates(name: str, mine: list[Any]) -> list[Predicate]:
    """Return predicates of every kind on a column: with values of its own, and with one of each kind of literal."""
    column = dl.col(name)
    made = [column.is_null(), ~column.is_null(), column.contains("a"), column.starts_with("\x00")]
    for value in (*mine, *LITERALS):
        for make in (
            lambda value: column == value,
            lambda value: column != value,
            lambda value: column >= value,
            lambda value: ~(column < value),
            lambda value: column.between(value, value),
            lambda value: column.is_in([value]),
        ):
            try:
                made.append(make(value))
            except SENTENCES as error:  # such as a boolean, which is never greater
                check("olumn" in str(error), error)
    return made


def own_values(lens: dl.Lens, name: str) -> list[Any]:
    """Return some values of a column that a predicate takes."""
    try:
        values = [value for value in lens._study.column(name).slice(0, 3).to_pylist() if value is not None]
    except OverflowError:  # beyond Python's calendar
        return []
    kinds = (str, int, float, bool, dt.date, dt.timedelta, Decimal)
    return [v for v in values if isinstance(v, kinds) and not (isinstance(v, float) and math.isnan(v))][:2]


def select(lens: dl.Lens, frame: Any, name: str, share: slice) -> None:
    """Select by a column in every way; both forms of the code select the same rows of the plain frame."""
    plain = plain_frame(frame)
    for predicate in predicates(name, own_values(lens, name))[share]:
        try:
            lens.selection = predicate
        except SENTENCES as error:
            check(repr(name) in str(error), error)
            continue
        run(lens, plain, "columns")
    lens.selection = ~dl.col(name).is_null()
    run(lens, plain, "keys")
    assert len(lens.selection.frame()) == lens.selection.count
    lens.selection = None


def place(frame: Any, text: str) -> None:
    """Make vectors of a column, a map of those and clusters on it; rows without a vector stay, and are counted."""
    try:
        lens, _ = open_lens(frame, text=text)
        study = lens._study
        assert study.column_of("text") == text
        lens.embed(name=study.free_name("embedding"))
    except SENTENCES as error:
        check(repr(text) in str(error), error)
        return
    vectors = study.column(study.column_of("embedding")).to_pylist()
    there = [any(vector) for vector in vectors]
    if len({tuple(vector) for vector in vectors}) >= MIN_ROWS:
        return  # umap-learn's own, which other tests run
    lens.project(name=(study.free_name("x"), study.free_name("y")))
    lens.cluster("kmeans", n_clusters=2, name=study.free_name("cluster", "cluster_name"))
    for role in ("x", "y", "cluster"):
        assert study.column(study.column_of(role)).is_valid().to_pylist() == there
    missing = len(there) - sum(there)
    said = f"{missing:,} of {len(there):,} rows not placed: {missing:,} with a zero vector"
    assert (said in lens._repr_mimebundle_()["text/plain"]) == bool(missing)
    look(lens)


def run(lens: dl.Lens, plain: pd.DataFrame, form: Any) -> None:
    code = lens.selection.code("pandas", form=form)
    scope: dict[str, Any] = {"df": plain}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(code, scope)  # noqa: S102 - the code under test
        except (pa.ArrowInvalid, pd.errors.OutOfBoundsDatetime) as error:
            # What pandas itself can't do, loudly: compare Arrow-backed integers beyond 2**53 with a fraction, and
            # before pandas 3 make times of days outside the years 1678 to 2262.
            check(
                re.search("not in range: 0 to 9007199254740992|Out of bounds nanosecond", str(error)), error
            )
            return
    expected = np.flatnonzero(lens.selection.mask()).tolist()
    assert scope["selected"][ROW].tolist() == expected, f"{code}\n{plain.dtypes}"


def named(error: Exception, sentence: str) -> bool:
    """Say whether an error is a sentence that says something."""
    return isinstance(error, SENTENCES) and re.search(sentence, str(error)) is not None
