import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from datalens.space.names import names

LOANS = [
    "The bank lends mortgage loans",
    "A loan for the mortgage from a bank",
    "Mortgage loans of this bank",
]
CARS = ["The car has an engine", "An engine of a car, with wheels", "Cars need wheels and an engine"]
LABELS = np.array([0, 0, 0, 1, 1, 1])


def obvious_words_test():
    assert names(LOANS + CARS, LABELS) == {0: "bank, mortgage, loans", 1: "engine, car, wheels"}


@pytest.mark.parametrize(
    "kind", [list, pa.array, lambda texts: pa.chunked_array([texts[:2], texts[2:]]), pd.Series]
)
def kinds_of_texts_test(kind):
    assert names(kind(LOANS + CARS), LABELS) == names(LOANS + CARS, LABELS)


def series_with_another_index_test():
    texts = pd.Series(LOANS + CARS, index=[5, 4, 3, 2, 1, 0])
    assert names(texts, LABELS) == names(LOANS + CARS, LABELS)


def no_repeats_test():
    texts = [
        "clusters cluster clustering clustered algorithm",
        "cluster clusters clustering clustered algorithm",
    ]
    assert len(names(texts, np.array([0, 0]))[0].split(", ")) == 2


def noise_and_rows_without_a_cluster_test():
    assert names(["alpha", "beta", "gamma"], np.array([-1, -2, 0])) == {-1: "noise", 0: "gamma"}


def no_words_test():
    assert names(["the of", None, "123 ?"], np.array([7, 7, 8])) == {7: "cluster 7", 8: "cluster 8"}


def names_are_distinct_test():
    found = names(
        ["red apple"] * 4 + ["apple red"] * 4 + ["red apple pie"] * 4, np.repeat([0, 1, 2], 4), n_words=2
    )
    assert found[0] == "apple, red"
    assert found[1] == "apple, red (2)"
    assert len(set(found.values())) == 3


def another_word_tells_apart_test():
    texts = ["apple berry cherry"] * 3 + ["apple berry date"] * 3 + ["unrelated matter"] * 3
    found = names(texts, np.repeat([0, 1, 2], 3), n_words=3)
    assert len(set(found.values())) == 3
    assert "cherry" in found[0]
    assert "date" in found[1]


def stable_test():
    texts = [f"word{i % 13} term{i % 7} thing{i % 5}" for i in range(3000)]
    labels = np.arange(3000) % 10
    assert names(texts, labels) == names(texts, labels)


def no_rows_test():
    assert names([], np.array([], dtype=np.int32)) == {}


@pytest.mark.parametrize(
    ("labels", "options", "message"),
    [([0], {}, "There are 1 labels for 2 texts"), ([0, 0], {"n_words": 0}, "n_words= must be at least 1")],
)
def error_test(labels, options, message):
    with pytest.raises(ValueError, match=message):
        names(["a", "b"], np.array(labels), **options)
