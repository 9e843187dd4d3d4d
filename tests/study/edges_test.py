"""Steps on next to nothing, on vectors that are none, and on functions and frames that do not fit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import datalens as dl

NAN, INF = float("nan"), float("inf")


def make(texts, **roles):
    frame = pd.DataFrame({"id": range(len(texts)), "t": pd.Series(texts, dtype=object)})
    return dl.Lens(frame, text="t", key="id", **roles)


def card(lens):
    return lens._repr_mimebundle_()["text/plain"]


def placed(lens):
    return lens.to_frame()["x"].notna().tolist()


@pytest.mark.parametrize(
    ("texts", "there"),
    [
        ([], []),
        (["one text"], [True]),
        (["one text", "another text"], [True, True]),
        (["same words"] * 7, [True] * 7),
        (["", " "], [False, False]),
        ([None] * 3, [False] * 3),
        (["!!!", "???"], [False, False]),
        (["the and", "the and", "..."], [True, True, False]),
        (["red apple", None, "red car"], [True, False, True]),
    ],
)
def texts_of_next_to_nothing_test(texts, there):
    lens = make(texts).embed().project().cluster("kmeans", n_clusters=2)
    assert placed(lens) == there
    assert lens.to_frame()["cluster"].notna().tolist() == there
    assert len(lens) == len(texts)


def the_card_says_how_many_have_no_place_and_why_test():
    vectors = [[1.0, 0], None, [NAN, 1], [INF, 1], [0, 0], [0, 1]]
    lens = make(["a"] * 6).embed(vectors).project()
    assert placed(lens) == [True, False, False, False, False, True]
    why = "1 without a vector, 2 with NaN or infinite numbers, 1 with a zero vector"
    assert f"4 of 6 rows not placed: {why}" in card(lens)
    assert f"embed(array 6 x 2); {why}" in card(lens)


def a_zero_vector_has_a_place_where_distances_are_euclidean_test():
    lens = make(["a"] * 3).embed(np.array([[0.0, 0], [1, 0], [0, 1]])).project(metric="euclidean")
    assert placed(lens) == [True, True, True]
    assert "not placed" not in card(lens)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("value", [1.0, 1e38, 1e-44])
def equal_vectors_stand_apart_test(metric, value):
    lens = make(["a"] * 6).embed(np.full((6, 3), value)).project(metric=metric)
    assert len(lens.to_frame()[["x", "y"]].drop_duplicates()) == 6


@pytest.mark.slow
def the_largest_vectors_have_neighbours_test():
    vectors = np.random.default_rng(0).normal(size=(12, 3)) * 1e37
    assert all(placed(make(["a"] * 12).embed(vectors).project(metric="euclidean", n_epochs=2)))


def no_vector_at_all_is_a_map_without_points_test():
    lens = make(["a"] * 3).embed(np.full((3, 2), NAN)).project().cluster()
    assert placed(lens) == [False] * 3
    assert "3 of 3 rows not placed: 3 without a vector" in card(lens)


@pytest.mark.parametrize(
    ("vectors", "sentence"),
    [
        ([[1.0, 2.0], [1.0]], "'embedding' differ in length: row 0 has 2 numbers, row 1 has 1"),
        (np.ones((3, 2)), "'embedding' has 3 vectors, the dataset has 2 rows"),
        (np.ones(2), r"'embedding' has 1 dimension\(s\)"),
        (np.ones((2, 0)), "'embedding' are empty"),
        (np.array([["a"], ["b"]]), "'embedding' must hold vectors of numbers"),
        ("nope", r"embed\('nope'\): there is no such column"),
        ("t", "'t' must hold vectors of numbers"),
    ],
)
def vectors_that_do_not_fit_name_the_remedy_test(vectors, sentence):
    with pytest.raises(ValueError, match=sentence):
        make(["a", "b"]).embed(vectors)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1, 22, 22], [False, True, True]),
        (pd.Categorical(["red apple", "red car", None]), [True, True, False]),
        ([b"red apple", b"red car", b""], [True, True, False]),
        ([True, False, None], [True, True, False]),
        (pd.Series(["red", 5, None], dtype=object), [True, False, False]),
    ],
)
@pytest.mark.filterwarnings("ignore:Column 't'")
def whatever_reads_as_text_is_embedded_test(values, words):
    lens = dl.Lens(pd.DataFrame({"t": values}), text="t").embed()
    assert [any(v) for v in lens._study.column("embedding").to_pylist()] == words


def what_does_not_read_as_text_names_the_column_test():
    with pytest.raises(
        ValueError, match=r"Column 't' holds .*can't be read as text.*df\['t'\]\.astype\(str\)"
    ):
        dl.Lens(pd.DataFrame({"t": [b"\xff", b"\xfe"]}), text="t").embed()


@pytest.mark.parametrize("values", [[[1], [2]], [{"a": 1}, {"a": 2}]])
def what_can_never_read_as_text_names_the_column_test(values):
    with pytest.raises(ValueError, match=r"Column 't' was given as text= but .* Name another column"):
        dl.Lens(pd.DataFrame({"t": values}), text="t")


def clusters_of_lists_are_numbered_test():
    frame = pd.DataFrame({"t": [["a"]] * 6, "x": [0.0, 0, 0, 9, 9, 9], "y": [0.0] * 6})
    lens = dl.Lens(frame, text="t", x="x", y="y").cluster("kmeans", n_clusters=2)
    assert set(lens.to_frame()["cluster_name"]) == {"cluster 0", "cluster 1"}


def coordinates_that_are_not_finite_have_no_cluster_test():
    frame = pd.DataFrame({"x": [0.0, INF, NAN, 1.0], "y": [0.0, 1.0, 1.0, -INF]})
    lens = dl.Lens(frame, x="x", y="y").cluster("kmeans", n_clusters=1)
    assert lens.to_frame()["cluster"].notna().tolist() == [True, False, False, False]


@pytest.mark.parametrize("name", ["x", "y", "cluster", "embedding"])
def names_that_the_data_has_are_refused_with_the_remedy_test(name):
    frame = pd.DataFrame({"t": ["red apple", "red car"], name: ["a", "b"]})
    lens = dl.Lens(frame, text="t")
    with pytest.raises(ValueError, match=rf"already has a column '{name}'.*name="):
        lens.embed().project().cluster("kmeans")


@pytest.mark.parametrize("name", ["m", ("m",), ("m", "n", "o"), ("m", "m"), ("m", 1), 7])
def the_names_of_a_map_are_a_pair_test(name):
    lens = dl.Lens(pd.DataFrame({"x": [1, 2, 3]}), embedding=np.eye(3))
    with pytest.raises(ValueError, match=r'pair .*: name=\("m_x", "m_y"\)\.'):
        lens.project(name=name)


def a_taken_name_says_how_to_give_the_other_names_test():
    lens = dl.Lens(pd.DataFrame({"x": [1, 2, 3], "cluster_name": "a"}), embedding=np.eye(3))
    with pytest.raises(ValueError, match=r'column \'x\'\. .*: name=\("m_x", "m_y"\)\.$'):
        lens.project()
    assert list(lens.project(name=["m_x", "m_y"]).to_frame().columns)[-2:] == ["m_x", "m_y"]
    with pytest.raises(ValueError, match=r'column \'cluster_name\'\. .*name="group" makes "group" and'):
        lens.cluster()
    with pytest.raises(ValueError, match=r"name= of cluster\(\) is one text.*Not \('a', 'b'\)"):
        lens.cluster(name=("a", "b"))


def other_names_are_taken_instead_test():
    frame = pd.DataFrame({"t": ["red apple", "red car"], "x": ["a", "b"], "embedding": [1, 2]})
    lens = dl.Lens(frame, text="t").embed(name="e").project(name=("left", "up"))
    assert lens.to_frame().columns.tolist() == ["t", "x", "embedding", "left", "up"]


def batches_of_two_widths_are_refused_test():
    with pytest.raises(
        ValueError, match=r"'embedding' differ in length: .* 1 numbers, those from row 1 on 2"
    ):
        make(["a", "bb"]).embed(lambda texts: [[1.0] * len(texts[0])], batch_size=1)


@pytest.mark.parametrize("step", ["embed", "add_signal"])
def a_batch_of_nothing_would_never_end_test(step):
    with pytest.raises(ValueError, match="batch_size= must be at least 1, not 0"):
        getattr(make(["a"]), step)(len, batch_size=0)


@pytest.mark.parametrize("value", [2**70, "\ud800", object(), {1, "a"}, 1j])
def signals_that_no_column_holds_are_refused_test(value):
    with pytest.raises(
        ValueError, match="Signal 's' gave values of several types, or of one that a column can't"
    ):
        make(["a"]).add_signal(lambda _: value, name="s")


def a_signal_of_one_value_for_a_frame_is_refused_test():
    with pytest.raises(ValueError, match="Signal 's' gave 1 values for a frame of 2 rows"):
        make(["a", "b"]).add_signal(lambda _: 5, name="s", on="frame")


def a_signal_on_no_rows_is_a_column_of_nothing_test():
    assert make([]).add_signal(len).to_frame()["len"].tolist() == []


@pytest.mark.parametrize(
    ("other", "options", "sentence"),
    [
        ({"id": [1], "a": [1]}, {"columns": ["b"]}, "no column 'b'"),
        ({"id": [1], "a": [1]}, {"name": {"b": "c"}}, "no column 'b'.*name="),
        ({"id": [1], "a": [1], "b": [2]}, {"name": {"a": "z", "b": "z"}}, "Two columns would be called 'z'"),
        ({"id": [[1]], "a": [1]}, {}, "'id' holds list.* can't name rows"),
        ({"id": [None, 1], "a": [1, 2]}, {}, "'id' can't be the key: it is null in 1 of 2 rows"),
    ],
)
def joins_that_do_not_fit_name_the_column_test(other, options, sentence):
    with pytest.raises((ValueError, KeyError), match=sentence):
        make(["a", "b"]).join(pd.DataFrame(other), on="id", **options)


@pytest.mark.filterwarnings("ignore:Column 'id'")
def a_join_on_values_of_several_types_is_refused_test():
    frame = pd.DataFrame({"id": pd.Series([1, "a"], dtype=object), "n": [1, 2]})
    with pytest.raises(ValueError, match="Column 'id' can't name rows: it holds values of several types"):
        dl.Lens(frame).join(frame.rename(columns={"n": "m"}), on="id")


def a_join_of_one_column_by_its_name_test():
    other = pd.DataFrame({"id": [1, 0], "loss": [1.0, 0.5], "more": [1, 2]})
    assert make(["a", "b"]).join(other, on="id", columns="loss").to_frame()["loss"].tolist() == [0.5, 1.0]


def a_join_on_categories_test():
    frame = pd.DataFrame({"id": pd.Categorical(["a", "b", None])})
    other = pd.DataFrame({"id": pd.Categorical(["b", "a"]), "n": [2, 1]})
    assert dl.Lens(frame).join(other, on="id").to_frame()["n"].tolist()[:2] == [1, 2]


def a_joined_column_called_self_test():
    other = pd.DataFrame({"id": [0], "self": [7]})
    assert make(["a"]).join(other, on="id").to_frame()["self"].tolist() == [7]
