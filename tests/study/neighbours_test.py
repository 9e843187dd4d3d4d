"""What a query is taken for, and what the answer is made of. Distances are held by tests/space/search_test.py."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import datalens as dl

VECTORS = [[1, 0], [3, 4], [0, 1], [-1, 0], [1, 0], [0, 0], None]


def frame(keys=("a", "b", "c", "d", "e", "zero", "null")):
    return pd.DataFrame({"id": list(keys), "text": [f"text {key}" for key in keys]}, index=range(10, 17))


@pytest.fixture
def lens():
    return dl.Lens(frame(), key="id", text="text", embedding=VECTORS)


def rows(answer):
    return dict(zip(answer["id"], answer["distance"].round(6), strict=True))


def nearest_first_without_the_query_and_rows_without_a_vector_test(lens):
    assert rows(lens.similar("a")) == {"e": 0.0, "b": 0.4, "c": 1.0, "d": 2.0}
    assert list(lens.similar("a")["id"]) == ["e", "b", "c", "d"]
    assert list(lens.similar("a", k=2)["id"]) == ["e", "b"]


def farthest_first_test(lens):
    assert list(lens.dissimilar("a")["id"]) == ["d", "c", "b", "e"]
    assert list(lens.dissimilar([1, 0], k=1)["id"]) == ["d"]


def euclidean_has_zero_vectors_test(lens):
    assert rows(lens.similar("a", k=3, metric="euclidean")) == {"e": 0.0, "zero": 1.0, "c": 1.414214}
    assert list(lens.dissimilar("a", k=1, metric="euclidean")["id"]) == ["b"]


def equal_distances_stand_in_the_order_of_the_data_test():
    lens = dl.Lens(frame(), key="id", embedding=np.ones((7, 3)))
    assert list(lens.similar("c")["id"]) == ["a", "b", "d", "e", "zero", "null"]
    assert list(lens.dissimilar("c", k=2)["id"]) == ["a", "b"]


def nothing_given_means_the_row_in_focus_test(lens):
    with pytest.raises(ValueError, match="no row is in focus"):
        lens.similar()
    lens.focus = "d"
    assert list(lens.similar()["id"]) == ["c", "b", "a", "e"]


def a_vector_of_any_kind_test(lens):
    for vector in (
        [0, 2],
        (0.0, 1.0),
        np.array([0, 5]),
        pd.Series([0, 1]),
        pl.Series([0, 1]),
        pa.array([0, 1]),
    ):
        assert list(lens.similar(vector, k=1)["id"]) == ["c"]


def a_selection_or_a_predicate_means_its_centre_test(lens):
    predicate = dl.col("id").is_in(["a", "c", "null"])
    # Of (1, 0) and (0, 1); "null" has no vector and plays no part.
    expected = {"b": round(1 - 1.4 / 2**0.5, 6), "e": round(1 - 0.5**0.5, 6), "d": round(1 + 0.5**0.5, 6)}
    assert rows(lens.similar(predicate)) == expected
    lens.selection = predicate
    assert rows(lens.similar(lens.selection)) == expected


def a_selection_of_another_lens_means_its_predicate_test(lens):
    other = dl.Lens(frame().iloc[::-1], key="id")
    other.selection = dl.col("id") == "a"
    assert list(lens.similar(other.selection)["id"]) == ["e", "b", "c", "d"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (dl.col("id") == "nobody", "No row is selected"),
        (dl.col("id") == "null", "None of the 1 selected rows has a vector in 'embedding'"),
        (dl.col("id").is_in(["a", "d"]), "The vectors of the 2 selected rows cancel out"),
        ("zero", "The row zero has no vector in 'embedding': it is null, zero"),
        ("null", "The row null has no vector"),
        ([1, 2, 3], r"The vector has 3 numbers, those of 'embedding' have 2\. Give one .*embedding="),
        ([0, 0], "The vector is zero"),
        ([1, float("nan")], "The vector has NaN"),
        ([[1, 0]], "not list"),
        (["a", "b"], "A query is a key, a text, a vector of 2 numbers"),
        ("words", r"given without the function .* lens.embed\(vectors, encoder=function\)"),
    ],
)
def what_has_no_answer_is_said_test(lens, query, sentence):
    with pytest.raises(ValueError, match=sentence):
        lens.similar(query)


@pytest.mark.parametrize("key", ["x", 3, 2.5, float("nan"), pd.NaT, ["a"], {}, True])
def an_unknown_key_is_a_key_error_test(lens, key):
    with pytest.raises(KeyError, match="No row has the key"):
        lens.similar(key=key)


@pytest.mark.parametrize(
    ("data", "key", "sentence"),
    [
        ({"id": ["n17", "n18"]}, "id", r"key 0\. Keys here are of the column 'id' and look like 'n17': lens\.sel.*them\.$"),
        ({"a": [1, 2]}, None, r"Keys here are made of content and look like '[0-9a-f]{16}-0': .*dl\.Lens\(data, key="),
        ({"id": []}, "id", r"No row has the key 0: there are no rows\.$"),
    ],
)  # fmt: skip
def an_unknown_key_says_what_keys_look_like_test(data, key, sentence):
    lens = dl.Lens(pd.DataFrame(data), key=key, embedding=np.ones((len(next(iter(data.values()))), 2)))
    with pytest.raises(KeyError) as error:
        lens.similar(0)
    assert re.search(sentence, str(error.value))  # plain, not the repr that a KeyError shows
    with pytest.raises(KeyError, match="No row has the key 0"):
        lens.focus = 0


def an_unknown_row_number_says_which_there_are_test(tmp_path):
    path = tmp_path / "a.parquet"
    pd.DataFrame({"a": [1, 2]}).to_parquet(path)
    with pytest.raises(KeyError, match=r"by their number in the file here, 0 to 1: .*key="):
        dl.Lens(path, embedding=np.eye(2)).similar(7)


def an_error_about_a_text_is_the_only_one_shown_test(lens):
    with pytest.raises(ValueError, match="can't be compared") as error:
        lens.similar("some text")
    assert error.value.__context__ is None


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"k": 0}, "k= is how many rows to find, a whole number from 1, not '0'"),
        ({"k": True}, "whole number from 1"),
        ({"k": "9"}, "whole number from 1"),
        ({"key": "b"}, "Give one of query, key= and text=, not query and key"),
        ({"metric": "dot"}, "'cosine' or 'euclidean', not 'dot'"),
        (
            {"embedding": "text"},
            "names a column of kind .*, not of vectors. Columns of vectors are: 'embedding'",
        ),
        ({"text": 3}, "not query and text"),
    ],
)
def options_are_checked_test(lens, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        lens.similar("a", **options)


def no_vectors_and_no_such_column_test():
    with pytest.raises(ValueError, match=r"Call lens.embed\(\) first"):
        dl.Lens(frame(), key="id").similar("a")
    with pytest.raises(dl.ColumnError, match="no column 'embeding'"):
        dl.Lens(frame(), key="id").similar("a", embedding="embeding")


def a_text_that_is_a_key_means_the_row_unless_forced_test():
    lens = dl.Lens(frame(), key="id", text="text")
    lens.embed(lambda texts: [[len(text), 1] for text in texts])
    assert "a" not in set(lens.similar("a")["id"])
    # The text "a" has one letter, and no row is left out.
    assert lens.similar(text="a")["distance"].iloc[0] > 0
    assert set(lens.similar(text="a")["id"]) == set(frame()["id"])
    assert set(lens.similar("text a", k=5)["id"]) == {"a", "b", "c", "d", "e"}
    with pytest.raises(KeyError, match="No row has the key 'text a'"):
        lens.similar(key="text a")


def integer_keys_test():
    lens = dl.Lens(pd.DataFrame({"id": [30, 10, 20]}), key="id", embedding=[[1, 0], [1, 0.1], [0, 1]])
    assert lens.similar(30)["id"].tolist() == [10, 20]
    assert lens.similar(key=np.int64(20))["id"].tolist() == [10, 30]


def keys_made_of_content_test():
    lens = dl.Lens(pd.DataFrame({"text": ["x", "x", "y"]}), embedding=[[1, 0], [1, 0], [0, 1]])
    lens.selection = dl.col("text") == "y"
    assert lens.similar(lens.selection.keys()[0])["text"].tolist() == ["x", "x"]
    lens.selection = dl.col("text") == "x"
    assert lens.similar(lens.selection.keys()[1])["distance"].tolist() == [0.0, 1.0]


WORDS = ["red apple pie", "green apple pie", "fast car race", "slow car race", "apple pie and car race"]


@pytest.mark.parametrize("cached", [False, True])
def tfidf_encodes_typed_text_also_from_the_cache_test(tmp_path, monkeypatch, cached):
    monkeypatch.setenv("DATALENS_CACHE", str(tmp_path) if cached else "off")
    words = pd.DataFrame({"text": WORDS})
    lens = dl.Lens(words, text="text").embed()
    if cached:
        monkeypatch.setattr("datalens.signals.tfidf.fit", None)
        lens = dl.Lens(words, text="text").embed()
    assert lens.similar("the car")["text"].tolist()[:2] == ["fast car race", "slow car race"]
    assert lens.similar(text="red apple pie", k=1)["distance"].tolist() == [0.0]
    with pytest.raises(
        ValueError, match='The text "zebra" has no vector: the encoder knows none of its words'
    ):
        lens.similar("zebra")


def vectors_with_an_encoder_test(lens):
    lens.embed([[1, 0]] * 6 + [[0, 1]], encoder=lambda texts: [[0, len(texts)]])
    assert lens.similar("words", k=1)["id"].tolist() == ["null"]
    lens.embed([[1, 0]] * 7, encoder=lambda _: [[1, 2, 3]])
    with pytest.raises(
        ValueError, match="The encoder gave a vector of 3 numbers, those of 'embedding' have 2"
    ):
        lens.similar("words")
    with pytest.raises(ValueError, match="encoder= is a function"):
        lens.embed([[1, 0]] * 7, encoder="a model")


def a_column_of_vectors_says_how_to_name_an_encoder_test():
    lens = dl.Lens(frame().assign(v=VECTORS), key="id", text="text", embedding="v")
    with pytest.raises(ValueError, match=r"lens.embed\('v', encoder=function\)"):
        lens.similar("words")
    lens.embed("v", encoder=lambda _: [[0, 1]])
    assert lens.similar("words", k=1)["id"].tolist() == ["c"]


def which_vectors_can_be_named_and_newer_ones_are_searched_test(lens):
    lens.embed([[i, 1] for i in range(7)], name="other")
    assert lens.similar("a", k=1)["id"].tolist() == ["b"]
    assert lens.similar("a", k=1, embedding="embedding")["id"].tolist() == ["e"]
    lens.embed([[-i, -1] for i in (0, 3, 3, 3, 3, 3, 0)], name="other")
    assert lens.similar("a", k=1)["id"].tolist() == ["null"]


def a_row_that_a_stopped_step_left_out_test():
    calls = []

    def encode(texts):
        if calls:
            raise KeyboardInterrupt
        calls.append(texts)
        return [[1.0, 0.0]] * len(texts)

    lens = dl.Lens(frame(), key="id", text="text")
    with pytest.raises(KeyboardInterrupt):
        lens.embed(encode, batch_size=3)
    assert lens.similar("a")["id"].tolist() == ["b", "c"]
    with pytest.raises(ValueError, match="The row e has no vector in 'embedding': it is not computed yet"):
        lens.similar("e")


def the_callers_kind_of_frame_with_computed_columns_test(tmp_path):
    table = pa.table({"id": ["a", "b", "c"], "n": pa.array([1, None, 3])})
    pq.write_table(table, tmp_path / "f.parquet")
    given = {
        "pandas": (table.to_pandas().set_index(pd.Index([5, 6, 7])), pd.DataFrame),
        "polars": (pl.DataFrame(table), pl.DataFrame),
        "pyarrow": (table, pa.Table),
        "parquet": (tmp_path / "f.parquet", pd.DataFrame),
    }
    for data, kind in given.values():
        lens = dl.Lens(data, key="id", embedding=[[1, 0], [0, 1], [1, 1]])
        lens.join(pa.table({"id": ["c", "a"], "loss": [0.5, 1.5]}), on="id")
        answer = lens.similar("a", k=5)
        assert type(answer) is kind
        names = answer.column_names if kind is pa.Table else list(answer.columns)
        assert names == ["id", "n", "loss", "distance"]
        arrow = (
            answer
            if kind is pa.Table
            else pa.table(answer.to_dict(as_series=False) if kind is pl.DataFrame else answer)
        )
        assert arrow.column("id").to_pylist() == ["c", "b"]
        assert arrow.column("loss").to_pylist()[0] == 0.5
    pandas = dl.Lens(given["pandas"][0], key="id", embedding=[[1, 0], [0, 1], [1, 1]]).similar("a")
    assert pandas.index.tolist() == [7, 6]


def a_column_called_distance_is_left_alone_test():
    data = pd.DataFrame({"id": ["a", "b"], "distance": ["near", "far"]})
    answer = dl.Lens(data, key="id", embedding=[[1, 0], [0, 1]]).similar("a")
    assert answer.to_dict("list") == {"id": ["b"], "distance": ["far"], "distance_": [1.0]}
    assert list(data.columns) == ["id", "distance"]


@pytest.mark.parametrize("n", [1, 2])
def next_to_no_rows_test(n):
    lens = dl.Lens(frame().iloc[:n], key="id", embedding=np.ones((n, 2)))
    assert lens.similar("a")["id"].tolist() == ["b"][: n - 1]
    assert list(lens.dissimilar("a").columns) == ["id", "text", "distance"]


def no_rows_test():
    lens = dl.Lens(frame().iloc[:0], key="id", embedding=np.ones((0, 2)))
    assert len(lens.similar([1, 2])) == 0


def the_answer_on_real_vectors_is_brute_force_test(test_data):
    vectors = np.load(test_data / "noisyagnews_minilm.npy").astype(np.float64)
    lens = dl.Lens(pd.DataFrame({"row": np.arange(len(vectors))}), key="row", embedding=vectors)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    for row in (0, 17, 9_999):
        far = 1 - unit @ unit[row]
        far[row] = np.nan
        near, last = lens.similar(row, k=50), lens.dissimilar(row, k=50)
        assert near["row"].tolist() == np.argsort(far)[:50].tolist()
        assert last["row"].tolist() == np.argsort(np.where(np.isnan(far), -9, far))[::-1][:50].tolist()
        np.testing.assert_allclose(near["distance"], far[near["row"]], atol=1e-6)
