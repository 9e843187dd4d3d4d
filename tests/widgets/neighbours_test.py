"""The verb of the panel of neighbours, asked as a browser asks it."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import datalens as dl
from datalens.widgets.desk import Desk

HOSTILE = "<img src=x onerror=alert(1)>\u202e"
VECTORS = [[1, 0], [1, 0.01], [0, 1], [-1, 0], [1, 0], [0, 0]]
NONE = {"ordinal": None, "text": None, "selection": False}


@pytest.fixture
def lens():
    frame = pd.DataFrame(
        {"id": [f"{HOSTILE}{i}" for i in range(6)], "text": [HOSTILE * 20, None, "c", "d", "e", "f"]}
    )
    return dl.Lens(frame, key="id", text="text", embedding=VECTORS)


@pytest.fixture
def desk(lens):
    return Desk(lens._study)


def ask(desk, **args):
    result, arrays = desk.answer("neighbours", {**NONE, "which": "nearest", "k": 3, **args})
    json.dumps(result, allow_nan=False)
    assert arrays == {}
    return result


def ordinals(result):
    return [row["ordinal"] for row in result["rows"]]


def nearest_farthest_and_duplicates_of_a_row_test(desk):
    near = ask(desk, ordinal=0)
    assert (ordinals(near), near["total"], near["of"], near["column"]) == ([4, 1, 2], 4, 6, "embedding")
    assert (ordinals(ask(desk, ordinal=0, which="farthest", k=2))) == [3, 2]
    same = ask(desk, ordinal=0, which="duplicates", k=1)
    assert (ordinals(same), same["total"], same["within"]) == ([4], 2, 0.05)
    assert near["rows"][0] == {"ordinal": 4, "key": f"{HOSTILE}4", "distance": 0.0, "text": "e"}


def texts_are_clipped_test(desk):
    first = ask(desk, ordinal=4)["rows"][0]
    assert first["text"] == (HOSTILE * 20)[:300] + "…"


def the_predicate_selects_what_was_shown_and_its_chip_says_so_test(desk, lens):
    near = ask(desk, ordinal=0)
    desk.answer("clause", {"source": "neighbours", "predicate": json.loads(json.dumps(near["predicate"]))})
    assert set(lens.selection.keys()) == {row["key"] for row in near["rows"]}
    clause = desk.answer("hello", {})[0]["selection"]["clauses"][0]
    # What would turn the chip's text around is a space.
    assert clause["label"] == "3 nearest to <img src=x onerror=alert(1)> 0"
    assert "dl.keys(" in clause["detail"]


def other_keys_are_not_called_neighbours_test(desk, lens):
    predicate = ask(desk, ordinal=0)["predicate"]
    predicate["values"].pop()
    desk.answer("clause", {"source": "neighbours", "predicate": predicate})
    assert desk.answer("hello", {})[0]["selection"]["clauses"][0]["label"] == "2 rows by key"


def newer_vectors_leave_the_rows_and_a_note_test(desk, lens):
    desk.answer("clause", {"source": "neighbours", "predicate": ask(desk, ordinal=0)["predicate"]})
    keys = lens.selection.keys()
    lens.embed(np.roll(VECTORS, 1, axis=0))
    clause = desk.answer("hello", {})[0]["selection"]["clauses"][0]
    assert (lens.selection.keys(), clause["note"]) == (keys, "made from earlier values")


def the_centre_of_the_selection_test(desk, lens):
    lens.selection = dl.col("text").is_in(["c", "d"])
    centre = ask(desk, selection=True)
    assert centre["query"] == "the centre of 2 rows"
    assert set(ordinals(centre)) == {0, 1, 4}


def no_answer_is_said_and_is_no_error_test(desk):
    assert "has no vector in 'embedding'" in ask(desk, ordinal=5)["why"]
    assert "encoder=function" in ask(desk, text="words")["why"]
    desk.study.set_clause("rows", dl.col("text") == "nobody's")
    nothing = ask(desk, selection=True)
    assert (nothing["why"][:18], nothing["rows"], nothing["predicate"]) == ("No row is selected", [], None)


def a_typed_text_test(desk, lens):
    lens.embed(VECTORS, encoder=lambda texts: [[0, len(texts[0])]])
    typed = ask(desk, text="words", k=1)
    assert (ordinals(typed), typed["query"]) == ([2], '"words"')
    lone = ask(desk, text="words", which="duplicates")
    assert (ordinals(lone), lone["total"]) == ([2], 1)


def nothing_near_has_no_predicate_test(desk):
    alone = ask(desk, ordinal=3, which="duplicates")
    assert (alone["rows"], alone["predicate"], alone["total"]) == ([], None, 0)


@pytest.mark.parametrize(
    "args",
    [
        {},
        {"ordinal": 0, "text": "both"},
        {"ordinal": 0, "selection": True},
        {"ordinal": 0, "selection": "yes"},
        {"ordinal": 6},
        {"ordinal": -1},
        {"ordinal": True},
        {"ordinal": "0"},
        {"ordinal": 0.5},
        {"text": ""},
        {"text": "  "},
        {"text": ["a"]},
        {"ordinal": 0, "which": "best"},
        {"ordinal": 0, "which": None},
        {"ordinal": 0, "which": ["nearest"]},
        {"ordinal": 0, "k": 0},
        {"ordinal": 0, "k": -3},
        {"ordinal": 0, "k": "all"},
        {"ordinal": 0, "k": None},
        {"ordinal": 0, "k": 1.5},
        {"ordinal": 0, "metric": "dot"},
        {"ordinal": 0, "metric": {"a": 1}},
        {"ordinal": 0, "which": "duplicates", "metric": "euclidean"},
    ],
)
def hostile_requests_are_refused_with_a_sentence_test(desk, args):
    with pytest.raises((ValueError, TypeError, IndexError)) as error:
        ask(desk, **args)
    assert len(str(error.value)) > 10
    assert desk.study.clauses == ()


def a_huge_k_is_cut_test(monkeypatch, desk):
    monkeypatch.setattr("datalens.widgets.neighbours.MAX_NEIGHBOURS", 2)
    assert len(ask(desk, ordinal=0, k=10**12)["rows"]) == 2


def without_vectors_a_sentence_test():
    desk = Desk(dl.Lens(pd.DataFrame({"a": [1]}))._study)
    with pytest.raises(ValueError, match=r"lens.embed\(\)"):
        ask(desk, ordinal=0)
