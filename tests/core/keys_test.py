"""Keys made from content: exact for every kind of cell, the same in another interpreter."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import datalens as dl
from datalens.core.keys import Identity, content_keys

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
