"""What the predicate bar does with clauses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from datalens.core.errors import MissingClauseError
from datalens.predicate import And, Not, Or, col, inside
from datalens.predicate.parse import ParseError
from datalens.study import bar
from datalens.study.clauses import About
from datalens.study.derived import Derived
from datalens.study.selection import Selection
from datalens.study.study import Study
from datalens.table.opening import open_source

SQUARE = [(0.0, 0.0), (2.5, 0.0), (2.5, 2.5), (0.0, 2.5)]
LASSO = [(0.0, 0.0), (2.5, 0.0), (2.5, 3.5)]


def make():
    frame = pd.DataFrame(
        {
            "id": [f"r{i}" for i in range(6)],
            "loss": [0.0, 1.0, 2.0, np.nan, 4.0, 5.0],
            "source": ["web", "web", "book", "book", "code", None],
            "x": [0.5, 1.0, 2.0, 3.0, 4.0, 5.0],
            "y": [0.5, 1.0, 2.0, 3.0, 4.0, 5.0],
        }
    )
    return Study(open_source(frame, key="id"), {"key": "id", "x": "x", "y": "y"})


def keys(study):
    return [int(study.key_of(i)[1:]) for i in np.flatnonzero(Selection(study).mask())]


def sources(study):
    return [clause.source for clause in study.clauses]


def typed_conditions_are_numbered_clauses_test():
    study = make()
    assert bar.type_clause(study, "loss > 0.5") == "typed:1"
    assert bar.type_clause(study, "source = 'web'") == "typed:2"
    assert keys(study) == [1]
    assert bar.type_clause(study, "source in ['web', 'book']", "typed:2") == "typed:2"
    assert (sources(study), keys(study)) == (["typed:1", "typed:2"], [1, 2])
    study.set_clause("typed:2", None)
    assert bar.type_clause(study, "x > 1") == "typed:2"


@pytest.mark.parametrize(
    ("source", "text", "becomes"),
    [
        ("column:loss", "loss > 3", "column:loss"),
        ("column:loss", "loss > 3 or x > 1", "typed:1"),
        ("column:loss", "source is null", "typed:1"),
        ("map", "x > 1", "typed:1"),
        ("code", "x > 1", "code"),
    ],
)
def an_edited_clause_stays_its_views_own_while_it_is_of_its_kind_test(source, text, becomes):
    study = make()
    study.set_clause("search", col("y") > 0)
    study.set_clause(source, col("loss") > 1)
    study.set_clause("tags", col("y") > 0.1)
    assert bar.type_clause(study, text, source) == becomes
    assert sources(study) == ["search", becomes, "tags"]


@pytest.mark.parametrize("text", ["los > 3", "loss >", "loss > 'a'", ""])
def what_does_not_fit_changes_nothing_test(text):
    study = make()
    bar.type_clause(study, "x > 1")
    with pytest.raises((ParseError, TypeError)):
        bar.type_clause(study, text, "typed:1")
    assert keys(study) == [2, 3, 4, 5]
    assert len(study.history) == 2


def a_preview_counts_alone_and_with_the_others_test():
    study = make()
    bar.type_clause(study, "x > 1.5")
    bar.type_clause(study, "source = 'book'")
    assert bar.preview(study, "loss > 0.5") == bar.Preview(4, 1)
    assert bar.preview(study, "loss > 0.5", "typed:2") == bar.Preview(4, 3)
    assert len(study.history) == 3


def a_preview_says_what_is_wrong_and_where_test():
    wrong = bar.preview(make(), "loss > 1 and los < 2")
    assert (wrong.count, wrong.position) == (None, 13)
    assert wrong.error == "There is no column 'los'. Did you mean 'loss'?"
    unfit = bar.preview(make(), "loss > 'a'")
    assert unfit.position is None
    assert "'loss'" in unfit.error


def negate_twice_is_as_before_test():
    study = make()
    study.set_clause("column:loss", col("loss") > 1.5)
    bar.negate(study, "column:loss")
    assert keys(study) == [0, 1, 3]
    assert isinstance(study.clauses[0].predicate, Not)
    bar.negate(study, "column:loss")
    assert (keys(study), study.clauses[0].predicate) == ([2, 4, 5], col("loss") > 1.5)


def a_negated_clause_keeps_where_it_comes_from_test():
    study = make()
    study.set_clause("neighbours", col("loss") > 1.5, about=About("2 nearest to r1", "loss"))
    bar.enable(study, "neighbours", on=False)
    bar.negate(study, "neighbours")
    assert (study.clauses[0].label, study.clauses[0].enabled) == ("not 2 nearest to r1", False)
    bar.negate(study, "neighbours")
    assert study.clauses[0].label == "2 nearest to r1"


def a_clause_switched_off_is_there_and_selects_nothing_away_test():
    study = make()
    bar.type_clause(study, "x > 1.5")
    bar.type_clause(study, "source = 'book'")
    bar.enable(study, "typed:1", on=False)
    bar.enable(study, "typed:2", on=False)
    assert (keys(study), len(study.clauses), study.active) == (list(range(6)), 2, ())
    assert study.mask() is None
    assert study.history[-1].label == "source is book off, all 6 rows"
    bar.enable(study, "typed:2")
    assert keys(study) == [2, 3]
    assert Selection(study).predicate == (col("source") == "book")
    study.undo()
    assert len(keys(study)) == 6


def a_gesture_switches_its_clause_on_again_test():
    study = make()
    study.set_clause("map", inside("x", "y", SQUARE))
    bar.enable(study, "map", on=False)
    study.set_clause("map", col("x") > 4.5, "add")
    assert keys(study) == [0, 1, 2, 5]


def either_makes_one_clause_in_place_of_several_test():
    study = make()
    study.set_clause("search", col("y") > 0)
    study.set_clause("column:loss", col("loss") > 4.5)
    bar.type_clause(study, "source = 'web'")
    study.set_clause("tags", col("y") > 0.1)
    assert bar.either(study, ["column:loss", "typed:1"]) == "typed:1"
    assert (sources(study), keys(study)) == (["search", "typed:1", "tags"], [0, 1, 5])
    bar.type_clause(study, "x = 3")
    bar.either(study, ["typed:1", "typed:2"])
    assert len(study.clause("typed:1").predicate.of) == 3
    assert keys(study) == [0, 1, 3, 5]


def an_or_group_remembers_the_versions_of_its_parts_test():
    study = make()
    score = Derived("score", pa.chunked_array([pa.array(range(6))]), "v1", "by hand")
    study.add_columns([score])
    study.set_clause("neighbours", col("id").is_in(["r1"]), about=About("1 nearest to r0", "score"))
    bar.type_clause(study, "x > 4.5")
    bar.either(study, ["neighbours", "typed:1"])
    assert study.clauses[0].versions == {"score": "v1"}
    assert study.clauses[0].label == "1 nearest to r0 or x > 4.5"


def an_or_group_needs_two_clauses_test():
    study = make()
    bar.type_clause(study, "x > 1")
    with pytest.raises(ValueError, match=r"two clauses at least; there are: 'typed:1'"):
        bar.either(study, ["typed:1", "typed:1"])


def apart_makes_clauses_of_the_parts_of_an_and_test():
    study = make()
    study.set_clause("search", col("y") > 0)
    study.set_clause("typed:1", (col("x") > 1.5) & (col("source") == "book") & (col("loss") < 9))
    study.set_clause("tags", col("y") > 0.1)
    before = keys(study)
    assert bar.apart(study, "typed:1") == ["typed:1", "typed:2", "typed:3"]
    assert (sources(study), keys(study)) == (["search", "typed:1", "typed:2", "typed:3", "tags"], before)


def apart_takes_a_negated_or_too_test():
    study = make()
    study.select(~((col("x") > 4.5) | (col("loss") < 0.5)))
    before = keys(study)
    assert bar.apart(study, "code") == ["typed:1", "typed:2"]
    assert keys(study) == before


@pytest.mark.parametrize("text", ["x > 1 or y > 2", "x > 1"])
def apart_says_what_has_no_parts_test(text):
    study = make()
    bar.type_clause(study, text)
    with pytest.raises(ValueError, match=r"one by one|one part only"):
        bar.apart(study, "typed:1")


def one_alternative_of_an_or_group_can_go_test():
    study = make()
    bar.type_clause(study, "x > 4.5 or source = 'web' or loss = 2")
    bar.remove_part(study, "typed:1", 1)
    assert keys(study) == [2, 5]
    bar.remove_part(study, "typed:1", 0)
    assert study.clauses[0].predicate == (col("loss") == 2)
    with pytest.raises(ValueError, match="one part only"):
        bar.remove_part(study, "typed:1", 0)


@pytest.mark.parametrize("part", [2, -1, True, "0"])
def a_part_that_is_not_there_is_said_test(part):
    study = make()
    bar.type_clause(study, "x > 4.5 or source = 'web'")
    with pytest.raises(IndexError, match="2 parts, numbered from 0"):
        bar.remove_part(study, "typed:1", part)


def it_is_told_what_each_clause_does_test():
    study = make()
    bar.type_clause(study, "loss > 0.5")
    study.set_clause("typed:2", (col("source") == "web") & (col("loss") < 9))
    bar.type_clause(study, "x < 4.5")
    bar.enable(study, "typed:3", on=False)
    assert bar.explained(study) == [
        bar.Explained("typed:1", 4, 1, 1),
        bar.Explained("typed:2", 2, 3, 2),
        bar.Explained("typed:3", 5, 0, 0),
    ]
    assert bar.explained(make()) == []


@pytest.mark.parametrize("clauses", [1, 2, 3, 5])
def what_only_one_removes_agrees_with_counting_it_plainly_test(clauses):
    rng = np.random.default_rng(clauses)
    study = Study(open_source(pa.table({str(i): rng.random(1_003) for i in range(clauses)})), {})
    for i in range(clauses):
        study.set_clause(f"column:{i}", col(str(i)) > 0.2)
    masks = [clause.mask for clause in study.clauses]
    for i, found in enumerate(bar.explained(study)):
        others = np.logical_and.reduce([m for k, m in enumerate(masks) if k != i] or [np.ones(1_003, bool)])
        assert (found.count, found.only) == (masks[i].sum(), (others & ~masks[i]).sum())


@pytest.mark.parametrize(
    ("predicate", "text"),
    [
        (col("loss") > 3.2, "loss > 3.2"),
        (~(col("source") == "it's"), "not source = 'it''s'"),
        (inside("x", "y", LASSO), None),
        (And((col("x") > 1, inside("x", "y", LASSO))), None),
        (Or((col("x") > 1, col("id").is_in(["r1"]))), "x > 1 or id in ['r1']"),
        (col("source").is_in([f"value {i}" for i in range(1_000)]), None),
    ],
)
def a_clause_is_text_to_edit_where_it_can_be_typed_test(predicate, text):
    study = make()
    study.select(predicate)
    assert bar.as_text(study, "code") == text


@pytest.mark.parametrize(
    "work",
    [
        lambda study: bar.negate(study, "map"),
        lambda study: bar.enable(study, "map"),
        lambda study: bar.apart(study, "map"),
        lambda study: bar.either(study, ["typed:1", "map"]),
        lambda study: bar.remove_part(study, "map", 0),
        lambda study: bar.as_text(study, "map"),
        lambda study: bar.type_clause(study, "x > 1", "map"),
    ],
)
def a_clause_that_is_not_there_is_named_test(work):
    study = make()
    bar.type_clause(study, "x > 1")
    with pytest.raises(MissingClauseError, match="There is no clause 'map'; there are: 'typed:1'"):
        work(study)


def what_is_typed_with_and_becomes_clauses_of_their_own_test():
    study = make()
    assert bar.type_clause(study, "loss > 0.5 and (x < 2 or source is null)") == "typed:1"
    assert sources(study) == ["typed:1", "typed:2"]
    bar.type_clause(study, "loss > 0.6 and loss < 9", "typed:1")
    assert [clause.label for clause in study.clauses] == ["loss > 0.6", "loss < 9", "x < 2 or source is null"]
