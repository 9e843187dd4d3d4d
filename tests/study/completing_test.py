"""What may be typed next: names as they have to be written, operators that fit, values by how often they are there."""

from __future__ import annotations

import pandas as pd
import pytest

import datalens as dl
from datalens.study.completing import Completer


@pytest.fixture
def completer():
    frame = pd.DataFrame(
        {
            "id": range(8),
            "source": ["web", "web", "news", None, "it's", "web", "a\nb", "news"],
            "my loss": [0.1] * 7 + [float("nan")],
            "tags": [["a", "b"], ["a"], None, [], ["b"], ["a"], [], []],
            "flag": [True, False] * 4,
        }
    )
    return Completer(dl.Lens(frame, key="id")._study)


def offered(completer, text):
    return [(one.text, one.about) for one in completer.complete(text, len(text)).of]


def columns_with_their_kinds_test(completer):
    assert offered(completer, "lo") == [("`my loss`", "number")]
    assert offered(completer, "flag and so") == [("source", "category")]


def values_the_most_frequent_first_and_those_that_begin_so_before_others_test(completer):
    assert offered(completer, "source == ") == [
        ("'web'", "3 rows"),
        ("'news'", "2 rows"),
        ("'it''s'", "1 row"),
    ]
    assert offered(completer, "source == 'w") == [("'web'", "3 rows"), ("'news'", "2 rows")]
    assert offered(completer, "`my loss` > ") == [("0.1", "7 rows")]
    assert offered(completer, "any(tags) == ") == [("'a'", "3 items"), ("'b'", "2 items")]


def what_is_offered_reads_as_what_it_says_test(completer):
    for value, _ in offered(completer, "source == "):
        predicate = dl.Predicate.parse(f"source == {value}", columns=["source"])
        assert completer.study.mask_of(predicate).any()


def operators_that_fit_test(completer):
    assert ("contains", "") in offered(completer, "source ")
    assert ("contains", "") not in offered(completer, "`my loss` ")
    assert sorted(offered(completer, "flag == ")) == [("false", "4 rows"), ("true", "4 rows")]


@pytest.mark.parametrize(
    "text", ["", "(((", "source == 'unclosed", "\0", "nosuch == ", "🙂 ", "x" * 5000, "tags.a == "]
)
@pytest.mark.parametrize("cursor", [-5, 0, 3, 10**9])
def anything_typed_is_answered_test(completer, text, cursor):
    found = completer.complete(text, cursor)
    assert 0 <= found.start <= found.end <= len(text)
