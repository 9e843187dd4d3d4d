import numpy as np
import pyarrow as pa
import pytest

from datalens.core.progress import listening
from datalens.signals.tfidf import TfidfEncoder, fit, tfidf
from datalens.signals.tokens import as_texts, count_terms, terms_of

TEXTS = ["red apple pie", "green apple pie", "fast car race", "slow car race", "apple pie and car race"]


def shape_test():
    vectors = tfidf(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    assert len(vectors) == 5
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def same_subject_is_near_test():
    alike = tfidf(TEXTS) @ tfidf(TEXTS).T
    assert alike[0, 1] > 0.95
    assert abs(alike[0, 2]) < 0.05


def deterministic_test():
    texts = [f"word{i % 40} word{i % 7} word{i % 11}" for i in range(400)]
    np.testing.assert_array_equal(tfidf(texts, n_components=8), tfidf(texts, n_components=8))
    assert tfidf(texts, n_components=8).shape == (400, 8)


@pytest.mark.parametrize(
    ("texts", "zero"),
    [
        ([], []),
        (["alpha beta"], [False]),
        (["alpha beta", "gamma delta"], [False, False]),
        (["alpha beta", None], [False, True]),
        ([None, "", "   ", "?!"], [True] * 4),
        (["same words"] * 50, [False] * 50),
        (["alpha beta", "alpha beta", "gamma"], [False, False, True]),  # gamma is below min_df
    ],
)
def few_rows_test(texts, zero):
    vectors = tfidf(texts)
    assert vectors.shape[0] == len(texts)
    assert vectors.shape[1] >= 1
    assert (~vectors.any(axis=1)).tolist() == zero


def equal_texts_have_one_dimension_test():
    assert tfidf(["same words"] * 50).shape == (50, 1)


def min_df_falls_back_test():
    assert tfidf(["alpha", "beta", "gamma"], min_df=2).any(axis=1).all()


def max_features_test():
    # "car" is in most texts, "apple" first by name of the two that are in two
    texts = ["car apple", "car berry", "car apple", "car berry"]
    alike = tfidf(texts, max_features=2) @ tfidf(texts, max_features=2).T
    assert alike[0, 1] < 0.99
    assert alike[0, 2] > 0.99


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def arrow_test(kind):
    column = pa.chunked_array([pa.array(TEXTS[:2]), pa.array(TEXTS[2:])]).cast(kind)
    np.testing.assert_array_equal(tfidf(column), tfidf(TEXTS))


def half_a_surrogate_test():
    assert as_texts(["a\ud800b", None]).to_pylist() == ["a?b", ""]


def not_a_text_test():
    with pytest.raises(TypeError, match=r"texts= must be texts or None.*\.astype\(str\)"):
        tfidf(["a", 5])


@pytest.mark.parametrize("option", ["n_components", "max_features", "min_df"])
def option_below_one_test(option):
    with pytest.raises(ValueError, match=f"{option}= must be at least 1, not 0"):
        tfidf(TEXTS, **{option: 0})


@pytest.mark.parametrize(
    ("token", "terms"),
    [
        ("Words", ["words"]),
        ("min_samples", ["min_samples", "min", "samples"]),
        ("parseHTTPHeader2", ["parsehttpheader2", "parse", "http", "header"]),
        ("__init__", ["init"]),
        ("Größe", ["größe"]),
        ("x", []),
        ("深度学习", ["深度", "度学", "学习"]),
        ("a" * 200, []),
    ],
)
def terms_of_test(token, terms):
    assert terms_of(token) == terms


def chunks_do_not_matter_test(monkeypatch):
    whole, terms = count_terms(as_texts(TEXTS))
    monkeypatch.setattr("datalens.signals.tokens.CHUNK_ROWS", 2)
    cut, same = count_terms(as_texts(TEXTS))
    assert same == terms
    assert (whole != cut).nnz == 0


def progress_test():
    seen = []
    with listening(lambda *step: seen.append(step)):
        tfidf(TEXTS)
    assert ("reading words", 5, 5) in seen
    assert ("reducing vectors", 1, 1) in seen


def interrupt_passes_through_test():
    def interrupt(label, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), listening(interrupt):
        tfidf(TEXTS)


@pytest.mark.parametrize("texts", [TEXTS, [*TEXTS, None, "unseen"], ["same words"] * 9, [None, ""], []])
def an_encoder_gives_the_same_texts_the_same_vectors_test(texts):
    vectors, encoder = fit(texts, n_components=3)
    again = TfidfEncoder.from_arrays(encoder.arrays())
    np.testing.assert_array_equal(encoder(texts), vectors)
    np.testing.assert_array_equal(again(texts), vectors)


def other_texts_lie_where_their_words_do_test():
    vectors, encoder = fit(TEXTS)
    alike = encoder(["an APPLE a day", "words of no text here", ""]) @ vectors.T
    assert alike[0, :2].min() > 0.8
    assert alike[0, 2] < 0.2
    assert not alike[1:].any()
