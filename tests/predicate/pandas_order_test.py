import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from datalens.predicate import And, Predicate, col
from predicate.pandas_code_test import run

#: Text of three kinds and numbers of two, whose masks pandas holds in three ways.
MIXED = pd.DataFrame(
    {
        "a": pd.array([None, None, ""], "string[pyarrow]"),
        "b": pd.array(["", "x", ""], "str"),
        "c": pd.array([None, "x", ""], pd.ArrowDtype(pa.string())),
        "n": pd.array([1, None, 3], "Int64"),
        "m": pd.array([None, 2, 3], pd.ArrowDtype(pa.int64())),
    }
)


#: As it comes from JSON; & makes one And of it.
NESTED = And((And((col("a").contains(""), col("b") == "")), col("a") == ""))


@pytest.mark.parametrize(
    "predicate",
    [
        NESTED,
        (col("a").contains("") | (col("b") == "")) & (col("a") == ""),
        (col("a").contains("") | (col("b") == "")) | (col("a") == ""),
        ~(col("a").contains("") & (col("b") == "")) & (col("a") == ""),
        ((col("n") > 0) | (col("b") == "")) & ((col("n") > 1) | (col("c") == "")),
        (col("n") > 1) & (col("m") > 1),
        (col("n") > 1) | (col("m") != 2),
        (col("n") <= col("n")) & (col("a") == col("c")),
    ],
    ids=repr,
)
@pytest.mark.parametrize("told", [lambda frame: frame, pa.Schema.from_pandas], ids=["frame", "schema"])
def typed_masks_of_three_kinds_are_applied_to_one_another_test(predicate, told):
    frame = MIXED.assign(row=range(len(MIXED)))
    code = predicate.code("pandas", schema=told(frame))
    wanted = np.flatnonzero(predicate.mask(frame)).tolist()
    assert run(predicate, frame, schema=told(frame))["row"].tolist() == wanted
    assert Predicate.parse(code, dialect="pandas").mask(frame).tolist() == predicate.mask(frame).tolist()


def brackets_of_one_kind_are_ordered_without_types_test():
    frame = MIXED.assign(a=pd.array([None] * 3, "string[pyarrow]"), row=range(3))
    assert run(NESTED, frame)["row"].tolist() == []


def masks_that_pandas_applies_as_they_are_stay_so_test():
    frame = pd.DataFrame({"n": [1, None], "m": [2, 3], "t": ["a", None]}).convert_dtypes()
    both = (col("n") > 1) & ((col("t") == "a") | (col("m") > 2)) & ((col("n") < 9) | (col("t") == "b"))
    assert "fillna" not in both.code("pandas", schema=frame)
