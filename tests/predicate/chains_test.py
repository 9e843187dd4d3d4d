# ruff: noqa: S301, S307, S608 (what we wrote ourselves is read)
"""Thousands of conditions in one chain: printed code compiles, engines run it, and it is read back."""

import functools
import itertools
import operator
import pickle

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import datalens
from datalens.predicate import Or, Predicate, col
from datalens.predicate.chains import CHAIN, groups, ungrouped
from datalens.predicate.dialects import DIALECTS, SQL

MANY = 3000
TABLE = pa.table(
    {
        "n": np.arange(0, 2 * MANY, 7) + 0.5,
        "t": [f"text {number} " for number in range(0, 2 * MANY, 7)],
        "row": np.arange(-(-2 * MANY // 7)),
    }
)
CHAINS = {
    "or": functools.reduce(operator.or_, [col("n") == k + 0.5 for k in range(MANY)]),
    "texts": ~functools.reduce(operator.or_, [col("t").contains(f"t {k} ") for k in range(MANY)]),
    "and": functools.reduce(operator.and_, [col("n") != k + 0.5 for k in range(MANY)]),
    "pairs": functools.reduce(operator.or_, [(col("n") == k + 0.5) & (col("row") > 9) for k in range(MANY)]),
}
chains = pytest.mark.parametrize("predicate", [pytest.param(made, id=name) for name, made in CHAINS.items()])


def _rows(predicate):
    return np.flatnonzero(predicate.mask(TABLE)).tolist()


def _run(code, frame):
    namespace = {"df": frame}
    exec(code, namespace)  # noqa: S102 - what is printed runs alone
    return namespace["selected"]


@chains
@pytest.mark.parametrize("typed", [False, True])
def printed_python_runs_test(predicate, typed):
    schema = TABLE.schema if typed else None
    expected = _rows(predicate)
    assert 0 < len(expected) < len(TABLE)
    frames = {"pandas": TABLE.to_pandas(), "polars": pl.from_arrow(TABLE), "pyarrow": TABLE}
    for dialect, frame in frames.items():
        assert (
            list(map(int, _run(predicate.code(dialect, schema=schema), frame)["row"].to_numpy())) == expected
        )
    selected = _run(predicate.code("python", schema=schema), None)
    assert [row["row"] for row in TABLE.to_pylist() if selected(row)] == expected


@chains
@pytest.mark.parametrize("typed", [False, True])
def printed_sql_runs_test(predicate, typed):
    schema = TABLE.schema if typed else None
    connection = duckdb.connect()
    connection.register("df", TABLE)
    found = connection.execute(
        f"SELECT row FROM df WHERE {predicate.code('duckdb', schema=schema)}"
    ).fetchall()
    assert [row for (row,) in found] == _rows(predicate)
    lance = pytest.importorskip("lance", reason="the extra 'lance' is not installed")
    dataset = lance.write_dataset(TABLE, f"memory://{id(predicate)}-{typed}")
    condition = predicate.code("lance", schema=schema)
    assert dataset.to_table(columns=["row"], filter=condition)["row"].to_pylist() == _rows(predicate)


@chains
def expressions_run_test(predicate):
    expected = _rows(predicate)
    assert (
        pl.from_arrow(TABLE).filter(predicate.expression("polars", frame=TABLE))["row"].to_list() == expected
    )
    assert TABLE.filter(predicate.expression("pyarrow", frame=TABLE))["row"].to_pylist() == expected
    assert predicate.filter(duckdb.from_arrow(TABLE)).fetchnumpy()["row"].tolist() == expected


@chains
def chains_are_read_back_test(predicate):
    for text in (repr(predicate), predicate.to_text(), predicate.code("pandas")):
        assert Predicate.parse(text) == predicate
    assert eval(repr(predicate), {"dl": datalens}) == predicate
    for dialect in SQL:
        assert Predicate.parse(predicate.code(dialect), dialect=dialect) == predicate


@chains
def chains_are_kept_test(predicate):
    assert Predicate.from_json(predicate.to_json()) == predicate
    assert pickle.loads(pickle.dumps(predicate)) == predicate
    assert _rows(predicate.simplify()) == _rows(predicate)


def twenty_thousand_conditions_test():
    predicate = functools.reduce(operator.or_, [col("n") == k + 0.5 for k in range(20_000)])
    frame = pd.DataFrame({"n": [0.5, 19_999.5, 20_000.5]})
    for frame_kind in (frame, pl.from_pandas(frame)):
        assert predicate.mask(frame_kind).tolist() == [True, True, False]
    assert list(_run(predicate.code("pandas"), frame).index) == [0, 1]
    assert _run(predicate.code("polars"), pl.from_pandas(frame)).height == 2
    assert pl.from_pandas(frame).filter(predicate.expression("polars")).height == 2
    # Arrow itself would crash, of one chain.
    table = pa.Table.from_pandas(frame)
    assert _run(predicate.code("pyarrow"), table).num_rows == 2
    for asked, count in ((predicate, 2), (~predicate, 1)):
        assert table.filter(asked.expression("pyarrow", frame=table)).num_rows == count
    assert Predicate.from_json(predicate.to_json()) == pickle.loads(pickle.dumps(predicate)) == predicate
    assert hash(predicate) == hash(pickle.loads(pickle.dumps(predicate)))
    assert eval(repr(predicate), {"dl": datalens}) == predicate
    assert predicate.simplify().mask(frame).tolist() == [True, True, False]


def a_chain_of_a_hundred_is_printed_without_groups_test():
    for word in (operator.and_, operator.or_):
        predicate = functools.reduce(word, [col("t").contains(f"{k}") for k in range(CHAIN)])
        for dialect in DIALECTS:
            assert not any(
                line.strip() in ("(", "| (", "& (", "OR (", "AND (")
                for line in predicate.code(dialect).splitlines()
            )


@pytest.mark.parametrize("count", [2, 100, 101, 199, 201, 10_000, 10_001, 25_000, 1_000_001])
def groups_hold_all_parts_test(count):
    parted = groups(range(count))
    assert list(itertools.chain(*parted)) == (list(range(count)) if count > CHAIN else [])
    assert len(parted) <= CHAIN or count > CHAIN**3
    sizes = set(map(len, parted))
    assert not sizes or max(sizes) - min(sizes) <= 1


def conditions_in_brackets_of_their_own_stay_test():
    pairs = [col("n").is_null() | (col("n") > k) for k in range(150)]
    assert ungrouped(Or, pairs) == tuple(pairs)
    nested = Or((Or(tuple(pairs[:2])), Or(tuple(pairs[2:]))))
    assert Predicate.parse(repr(nested)) == nested
