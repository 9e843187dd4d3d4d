"""Keys made from content: exact for every kind of cell, the same in another interpreter."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import warnings
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import datalens as dl
from datalens.core.keys import Identity, content_keys
from datalens.predicate import Keys

CELLS = {
    "bytes": [b"\xc8\x01", b"\xff", None],
    "arrays": [np.array([1 / 3]), np.array([1 / 7]), None],
    "long arrays": [np.arange(5_000), np.arange(5_000) + 1, np.arange(5_000) + 2],
    "lists of arrays": [[np.array([1 / 3])], [np.array([1 / 7])], []],
    "dicts": [{"a": np.array([0.1])}, {"a": np.array([0.2])}, {}],
    "mixed": [1, "1", None],
    "dates": pd.to_datetime(["2026-01-01", "2026-01-02", None]),
    "categories": pd.Categorical(["a", "b", None]),
    "nullable": pd.array([1, 2, None], dtype="Int64"),
    "arrow lists": pd.Series(pa.array([[1], [2], None]), dtype=pd.ArrowDtype(pa.list_(pa.int64()))),
}


@pytest.mark.parametrize("cells", CELLS.values(), ids=CELLS.keys())
def content_tells_rows_apart_whatever_their_order_test(cells):
    frame = pd.DataFrame({"a": cells})
    keys = content_keys(frame, ("a",))
    assert all(key.endswith("-0") for key in keys)
    assert content_keys(frame.iloc[::-1], ("a",)).tolist() == keys.tolist()[::-1]


def print_options_do_not_change_keys_test():
    frame = pd.DataFrame({"v": [np.array([1 / 3, i / 7]) for i in range(4)], "n": range(4)})
    before = content_keys(frame, ("v",)).tolist()
    with np.printoptions(precision=2):
        assert content_keys(frame, ("v",)).tolist() == before


def keys_code_of_bytes_and_arrays_runs_in_a_fresh_interpreter_test():
    make = (
        "import numpy as np, pandas as pd\n"
        "o, v = [bytes([200, i]) for i in range(4)], [np.array([i, 7]) for i in range(4)]\n"
        "df = pd.DataFrame({'o': o, 'v': v, 'n': range(4)})"
    )
    scope = {}
    exec(make, scope)  # noqa: S102 - the lines above
    lens = dl.Lens(scope["df"])
    lens.selection = dl.col("n") > 1
    code = lens.selection.code("pandas", form="keys")
    script = f"{make}\n{code}\nprint(selected['n'].tolist())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[2, 3]"


def another_table_is_refused_for_row_numbers_test():
    identity = Identity("row", (), 3, "corpus.parquet", "f")
    with pytest.raises(
        ValueError, match=r"rows of corpus\.parquet by number \(3 rows\), but the frame has 2"
    ):
        identity.keys(pd.DataFrame({"a": [1, 2]}))


@pytest.mark.parametrize("identity", [Identity("column", ("id",)), Identity("row", (), 3, "f", "x")])
def identity_round_trip_test(identity):
    assert Identity.from_dict(identity.to_dict()) == identity


@pytest.mark.parametrize(
    "data", [{}, {"scheme": "exec", "columns": []}, {"scheme": "column", "columns": "id"}]
)
def hostile_identity_test(data):
    with pytest.raises(ValueError, match="not an identity"):
        Identity.from_dict(data)


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(), max_size=5), st.binary(max_size=4),
    st.decimals(allow_nan=False), st.dates(), st.datetimes(), st.timedeltas(), st.uuids(), st.complex_numbers(),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.frozensets(st.one_of(st.integers(), st.text(max_size=3)), max_size=3),
    ),
    max_leaves=6,
)


@settings(max_examples=40)
@given(st.lists(st.tuples(VALUES, SCALARS), min_size=1, max_size=6))
def copied_code_names_the_rows_as_the_lens_does_whatever_they_hold_test(rows):
    frame = pd.DataFrame(
        {name: pd.Series([row[i] for row in rows], dtype=object) for i, name in enumerate("ab")}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        lens = dl.Lens(frame)
    keys = lens._study.source.keys().tolist()
    assert len(set(keys)) == len(frame)
    lens.selection = Keys(lens._study.source.identity, tuple(keys[::2]))
    scope = {"df": frame}
    exec(lens.selection.code("pandas", form="keys"), scope)  # noqa: S102 - the code under test
    assert scope["selected"].index.tolist() == list(range(len(frame)))[::2]


def sets_have_the_same_key_in_any_process_test():
    code = (
        "import pandas as pd; from datalens.core.keys import content_keys\n"
        "print(content_keys(pd.DataFrame({'s': [{'b', 'a', 'c', 'd'}, frozenset('xyz')]}), ('s',)).tolist())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(outputs) == 1


MOMENTS = {
    "dates": pd.Series([dt.date(2020, 1, i) for i in (1, 2, 3)], dtype=object),
    "times": pd.date_range("2020", periods=3),
    "times in a zone": pd.date_range("2020", periods=3, tz="Asia/Tokyo"),
    "durations": pd.to_timedelta([1, 2, 3], unit="h"),
    "large integers": pd.Series([2**64, 2**64 + 1, 5], dtype=object),
    "decimals": pd.Series([Decimal(1), Decimal("2.5"), Decimal(3)], dtype=object),
    "categories": pd.Categorical(["a", "b", "c"]),
}


@pytest.mark.parametrize("kind", ["pandas", "polars", "arrow"])
@pytest.mark.parametrize("values", MOMENTS.values(), ids=MOMENTS.keys())
def columns_of_all_kinds_name_rows_test(values, kind):
    frame = pd.DataFrame({"id": values, "n": range(3)})
    if kind == "arrow":
        try:
            frame = pa.Table.from_pandas(frame)
        except OverflowError:
            pytest.skip("Arrow itself converts no integers beyond 64 bits")
    elif kind == "polars":
        try:
            frame = pl.from_pandas(frame)
        except (OverflowError, TypeError, pl.exceptions.PolarsError):
            pytest.skip("polars itself converts no integers beyond 64 bits")
    lens = dl.Lens(frame, key="id")
    lens.selection = dl.col("n") >= 1
    keys = lens.selection.keys()
    plain = frame if kind == "pandas" else frame.to_pandas()
    scope = {"df": plain}
    exec(lens.selection.code("pandas", form="keys"), scope)  # noqa: S102 - the code under test
    assert scope["selected"]["n"].tolist() == [1, 2]
    lens.focus = keys[1]
    assert lens._study.focus == 2


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([b"a", b"b"], "'id' holds binary, which can't name rows"),
        ([[1], [2]], "'id' holds list.*, which can't name rows"),
        ([1j, 2j], "'id' can't name rows: it holds complex numbers.*astype"),
        (
            pd.period_range("2020", periods=2, freq="M"),
            r"'id' can't name rows: it holds values of type period",
        ),
        (pd.Series(["a\ud800", "b"], dtype=object), "'id' can't name rows: it holds lone surrogates"),
        (pd.to_datetime([1, 2], unit="ns"), "'id' can't be the key: it holds times with nanoseconds"),
        (
            np.array(["30000-01-01", "2020-01-01"], "datetime64[s]"),
            "'id' can't be the key: .* beyond the year 9999",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:Column 'id'")
def columns_that_cannot_name_rows_test(values, sentence):
    with pytest.raises(ValueError, match=sentence):
        dl.Lens(pd.DataFrame({"id": values}), key="id")
