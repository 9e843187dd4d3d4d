"""A difference of two columns as a colour: a computed column around zero, whose brush is a condition on the two."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import datalens as dl
from datalens.widgets.desk import Desk

A = [1.0, 2.0, 3.0, None, 5.0, 6.0, float("inf"), 0.5]
B = [2.0, 1.0, 3.5, 4.0, None, 2.0, float("inf"), 0.5]
NAME = "loss_b - loss_a"


def opened():
    data = pd.DataFrame({"id": list("abcdefgh"), "x": range(8), "y": range(8), "loss_a": A, "loss_b": B})
    return data, dl.Lens(data, key="id", x="x", y="y")


def difference():
    return dl.col("loss_b") - dl.col("loss_a")


def brushed(lens, predicate):
    desk = Desk(lens._study)
    desk.answer("clause", {"source": f"column:{NAME}", "predicate": predicate, "mode": "replace"})
    return desk


def a_difference_becomes_a_column_named_like_it_test():
    data, lens = opened()
    view = dl.Map(lens, color=difference())
    assert view.settings["color"] == NAME
    found = lens.to_pandas()[NAME].to_numpy()
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(found, (data["loss_b"] - data["loss_a"]).to_numpy())
    assert lens._study.describe(NAME).nulls == 3


def it_is_colored_around_zero_test():
    _, lens = opened()
    lens.explore(color=difference())
    desk = Desk(lens._study)
    legend, _ = desk.answer("legend", {"column": NAME, "scale": None})
    assert legend["scale"] == "symmetric"
    assert legend["edges"][18] == 0
    assert desk.answer("legend", {"column": NAME, "scale": "quantile"})[0]["scale"] == "quantile"
    # Other formulas have the scale that suits them.
    dl.Map(lens, color=dl.col("loss_b") + dl.col("loss_a"))
    assert desk.answer("legend", {"column": "loss_b + loss_a", "scale": None})[0]["scale"] != "symmetric"


def the_same_is_computed_once_test():
    _, lens = opened()
    dl.Map(lens, color=difference())
    version = lens._study.version(NAME)
    lens.explore(color=difference())
    dl.explore(lens, color=difference())
    assert lens._study.version(NAME) == version


def a_brush_is_a_condition_on_the_two_columns_test():
    data, lens = opened()
    dl.Map(lens, color=difference())
    desk = brushed(lens, {"op": "between", "column": NAME, "low": -1.0, "high": 0.5})
    predicate = lens.selection.predicate
    assert set(predicate.columns) == {"loss_a", "loss_b"}
    assert repr(predicate) == repr(difference().between(-1.0, 0.5))
    assert lens.selection.keys() == ["b", "c", "h"]
    assert data[predicate]["id"].tolist() == ["b", "c", "h"]
    space = {"df": data}
    exec(lens.selection.code("pandas"), space)  # noqa: S102 - our own code
    assert space["selected"]["id"].tolist() == ["b", "c", "h"]
    # To the legend and the chip it is still a range of the column.
    clause = desk.answer("hello", {})[0]["selection"]["clauses"][0]
    assert clause["predicate"] == {"op": "between", "column": NAME, "low": -1.0, "high": 0.5}
    assert clause["label"] == f"{NAME} from -1 to 0.5"


def nulls_are_a_condition_on_the_two_where_that_is_the_same_test():
    data, lens = opened()
    dl.Map(lens, color=difference())
    brushed(lens, {"op": "is_null", "column": NAME})
    # Infinite less infinite has no value either: only the column itself says so.
    assert lens.selection.keys() == ["d", "e", "g"]
    finite = data.drop(index=6)
    lens = dl.Lens(finite, key="id", x="x", y="y")
    dl.Map(lens, color=difference())
    desk = brushed(lens, {"op": "is_null", "column": NAME})
    assert set(lens.selection.predicate.columns) == {"loss_a", "loss_b"}
    assert lens.selection.keys() == ["d", "e"]
    clause = desk.answer("hello", {})[0]["selection"]["clauses"][0]
    assert clause["predicate"] == {"op": "is_null", "column": NAME}


def a_brush_over_values_from_before_stays_over_them_test():
    _, lens = opened()
    lens.add_signal(lambda frame: frame["loss_a"], on="frame", name="late")
    dl.Map(lens, color=dl.col("loss_b") - dl.col("late"))
    lens.add_signal(lambda frame: frame["loss_a"] * 100, on="frame", name="late")
    name = "loss_b - late"
    desk = Desk(lens._study)
    between = {"op": "between", "column": name, "low": -1.0, "high": 0.5}
    desk.answer("clause", {"source": f"column:{name}", "predicate": between, "mode": "replace"})
    assert lens.selection.keys() == ["b", "c", "h"]
    assert lens.selection.predicate.columns == (name,)


def a_name_that_is_taken_is_given_a_number_test():
    data, _ = opened()
    lens = dl.Lens(data.assign(**{NAME: 1.0}), key="id", x="x", y="y")
    assert dl.Map(lens, color=difference()).settings["color"] == f"{NAME}_2"


def a_column_itself_can_be_given_so_test():
    _, lens = opened()
    assert dl.Map(lens, color=dl.col("loss_a"), size=difference()).settings["color"] == "loss_a"
    assert NAME in lens._study.names()


@pytest.mark.parametrize(
    ("color", "error", "said"),
    [
        (lambda: dl.col("loss_b") - dl.col("lossa"), KeyError, "lossa.*loss_a"),
        (lambda: dl.col("loss_b") - dl.col("id"), TypeError, "'id' holds text"),
        (lambda: dl.col("loss_b") > 3, TypeError, "color= is the name of a column or arithmetic"),
        (lambda: dl.col("tags").any(), TypeError, "whole columns"),
        (lambda: 3, TypeError, "color= is the name of a column"),
    ],
)
def what_is_no_color_is_refused_test(color, error, said):
    _, lens = opened()
    names = lens._study.names()
    for show in (
        lens.explore,
        lambda color: dl.Map(lens, color=color),
        lambda color: dl.explore(lens, color=color),
    ):
        with pytest.raises(error, match=said):
            show(color=color())
    assert [name for name in lens._study.names() if name not in names and "cluster" not in name] == []
