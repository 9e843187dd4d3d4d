"""What a person chose in a view is there again in the next one, and only where a journal is kept."""

from __future__ import annotations

import pandas as pd
import pytest

import datalens as dl

FRAME = pd.DataFrame({"id": ["a", "b", "c"], "loss": [0.1, 3.5, 4.0], "x": [0.0, 1, 2], "y": [0.0, 1, 2]})
CHOSEN = {"color": "loss", "scale": "log", "sort": [{"column": "loss", "descending": True}], "pageSize": 50,
          "look": {"size": 2.0, "opacity": 0.5}}  # fmt: skip


@pytest.fixture
def opened(tmp_path):
    return lambda: dl.Lens(FRAME, key="id", x="x", y="y", store=tmp_path)


def the_next_view_of_its_kind_begins_as_the_last_one_was_left_test(opened):
    lens = opened()
    lens.selections["all"] = lens.selection
    lens.explore().settings = CHOSEN
    assert opened().explore().settings == CHOSEN
    assert opened().explore(color="x").settings == {**CHOSEN, "color": "x", "scale": None}
    assert dl.Map(opened()).settings == {}


def a_look_makes_no_file_test(opened, tmp_path):
    opened().explore().settings = CHOSEN
    assert list(tmp_path.iterdir()) == []
    assert opened().explore().settings == {}


@pytest.mark.parametrize(
    "stored",
    [
        "no settings",
        {"color": "gone", "sort": [{"column": "gone", "descending": True}], "pageSize": 10**9, "tool": 3},
        {"color": ["loss"], "sort": "loss", "pageSize": True, "nobody": "knows", "scale": "x" * 10_000},
        {"look": {"size": -1, "opacity": 1}},
        {"look": {"size": 1}},
    ],
)
def what_does_not_fit_is_left_out_test(opened, stored):
    with opened()._study.store.writing() as journal:
        journal.set_setting("view explorer", stored)
    assert opened().explore().settings == {}
