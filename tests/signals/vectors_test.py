import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from datalens.signals.vectors import as_vectors, missing_vectors

NAN = float("nan")


class Tensor:
    """Like a tensor of torch: it can only be turned into an array."""

    def __init__(self, values, error=None):
        self.values, self.error = values, error

    def __array__(self, dtype=None, copy=None):
        if self.error:
            raise TypeError(self.error)
        return np.asarray(self.values)


@pytest.mark.parametrize(
    "data",
    [
        np.array([[1, 2], [3, 4]], dtype=np.float16),
        np.array([[1, 2], [3, 4]], dtype=np.float64),
        np.array([[1, 2], [3, 4]], dtype=np.int64),
        np.asfortranarray(np.array([[1.0, 2], [3, 4]], dtype=np.float32)),
        np.array([[1, 2], [3, 4]], dtype=object),
        [[1, 2], [3, 4]],
        [np.array([1.0, 2.0]), np.array([3.0, 4.0])],
        [Tensor([1, 2]), Tensor([3, 4])],
        Tensor([[1, 2], [3, 4]]),
        pd.Series([[1, 2], [3, 4]]),
        pd.Series([np.array([1, 2]), np.array([3, 4])], index=[7, 7]),
        pd.Series(pd.arrays.ArrowExtensionArray(pa.array([[1, 2], [3, 4]]))),
        pa.array([[1, 2], [3, 4]]),
        pa.array([[9, 9], [1, 2], [3, 4]]).slice(1),
        pa.chunked_array([[[1.0, 2.0]], [[3.0, 4.0]]]),
        pa.array([[1, 2], [3, 4]], pa.list_(pa.float16(), 2)),
        pa.array([[1, 2], [3, 4]], pa.large_list(pa.float32())),
        pa.ExtensionArray.from_storage(
            pa.fixed_shape_tensor(pa.float32(), [2]), pa.array([[1, 2], [3, 4]], pa.list_(pa.float32(), 2))
        ),
    ],
    ids=lambda data: type(data).__name__,
)
def as_vectors_test(data):
    vectors = as_vectors(data, rows=2)
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    assert vectors.tolist() == [[1, 2], [3, 4]]


def polars_test():
    pl = pytest.importorskip("polars")
    assert as_vectors(pl.Series([[1.0, 2.0], None]), rows=2)[0].tolist() == [1, 2]
    assert as_vectors(pl.Series([[1, 2]], dtype=pl.Array(pl.Float32, 2)), rows=1).tolist() == [[1, 2]]


def no_copy_test(tmp_path):
    np.save(tmp_path / "v.npy", np.ones((3, 2), dtype=np.float32))
    stored = np.load(tmp_path / "v.npy", mmap_mode="r")
    assert np.shares_memory(as_vectors(stored, rows=3), stored)


@pytest.mark.parametrize(
    "data",
    [
        [[1, 2], None],
        pd.Series([np.array([1, 2]), NAN], dtype=object),
        pa.array([[1, 2], None]),
        pa.array([[1, 2], None], pa.list_(pa.int8(), 2)),
        pa.array([[1, 2], [3, None]]),
        np.array([[1, 2], [np.inf, 2]]),
        np.ma.masked_array([[1, 2], [3, 4]], mask=[[0, 0], [1, 0]]),
        [[1, 2], [1e300, 2]],
    ],
)
def missing_vectors_test(data):
    assert missing_vectors(as_vectors(data, rows=2)).tolist() == [False, True]


def all_null_test():
    vectors = as_vectors([None, None], rows=2)
    assert vectors.shape == (2, 1)
    assert missing_vectors(vectors).all()


def no_rows_test():
    assert len(as_vectors([], rows=0)) == 0
    assert as_vectors(np.zeros((0, 5)), rows=0).shape == (0, 5)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (np.ones((3, 2)), "'emb' has 3 vectors, the dataset has 2 rows. Give one vector a row"),
        ([[1, 2], [3]], "differ in length: row 0 has 2 numbers, row 1 has 1. Give vectors of one length"),
        (pa.array([None, [1, 2], [3]]), "differ in length: row 1 has 2 numbers, row 2 has 1"),
        ([[1, 2], ["a", "b"]], r"'emb' must hold vectors of numbers.*not \['a', 'b'\] in row 1"),
        (["ab", "cd"], "not 'ab' in row 0. Name a column of vectors"),
        ([b"ab", b"cd"], "not b'ab' in row 0"),
        (np.array(["a", "b"]), "not an array of <U1"),
        (np.array([[1j, 2]] * 2), "not an array of complex128"),
        (pa.array(["a", "b"]), "not values of type string"),
        (pa.array([["a"], ["b"]]), "not lists of string"),
        ([[[1]], [[2]]], r"not \[\[1\]\] in row 0"),
        (np.ones(2), r"'emb' has 1 dimension\(s\), shape \(2,\); it must be \(rows, dimensions\)"),
        ([[], []], "The vectors of 'emb' are empty"),
        (None, "not None"),
        (Tensor(0, error="can't convert cuda:0 device type tensor."), r"cuda:0.*\.detach\(\)\.cpu\(\)"),
    ],
)
def as_vectors_error_test(data, message):
    with pytest.raises(ValueError, match=message):
        as_vectors(data, rows=2, name="emb")
