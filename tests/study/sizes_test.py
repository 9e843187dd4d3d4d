"""Large data without vectors: what all would cost is said, and a sample explored."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import datalens as dl
from datalens.study.sizes import map_cost, needs_sample, stratum_of


def frame(rows=300):
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "text": [" ".join(rng.choice(["bank", "loan", "goal", "team", "cell"], 8)) for _ in range(rows)],
            "source": ["web", "book", "code"] * (rows // 3),
        }
    )


@pytest.fixture
def small_limits(monkeypatch):
    monkeypatch.setattr("datalens.study.sizes.MAX_ROWS", 200)
    monkeypatch.setattr("datalens.study.sizes.SAMPLE_ROWS", 60)


def two_hundred_thousand_rows_and_one_are_many_test():
    many = pd.DataFrame({"t": ["a text to read"] * 200_001})
    assert needs_sample(dl.Lens(many, text="t")._study)
    assert not needs_sample(dl.Lens(many[:-1], text="t")._study)


@pytest.mark.parametrize("given", [{"embedding": np.ones((200_001, 2))}, {"x": "n", "y": "n"}])
def with_vectors_or_coordinates_all_rows_are_explored_test(given):
    many = pd.DataFrame({"n": np.arange(200_001) / 7})
    assert not needs_sample(dl.Lens(many, **given)._study)


def cost_grows_with_rows_and_length_test():
    assert 60 < map_cost(200_000, 100).seconds < map_cost(200_000, 5_000).seconds
    assert map_cost(200_000, 100).seconds * 5 < map_cost(2_000_000, 100).seconds
    assert map_cost(200_000, 100).bytes < map_cost(200_000, 5_000).bytes


@pytest.mark.slow
def a_sample_is_explored_and_says_so_test(small_limits, capsys):
    explorer = dl.explore(frame())
    said = capsys.readouterr().out
    assert re.fullmatch(
        r"300 rows without vectors: embedding and projecting all would take about \d+ seconds? on two cores and "
        r"0\.0 GB of memory\. Exploring a sample of 60 \(stratified by 'source'\); for all rows: "
        r"dl\.Lens\(data, \.\.\.\)\.embed\(\)\.project\(\)\.cluster\(\)\.explore\(\)\.\n",
        said,
    )
    assert (len(explorer.lens), len(explorer.lens.parent)) == (60, 300)
    assert explorer.lens.to_frame()["source"].value_counts().to_dict() == {"web": 20, "book": 20, "code": 20}
    assert {"x", "y", "cluster"} <= set(explorer.lens.to_frame().columns)


@pytest.mark.slow
def a_lens_is_sampled_too_test(small_limits, capsys):
    lens = dl.Lens(frame().drop(columns="source"), text="text")
    assert dl.explore(lens).lens.parent is lens
    assert "(uniform); for all rows: lens.embed()" in capsys.readouterr().out


def large_data_without_texts_says_what_is_missing_test(small_limits):
    with pytest.raises(ValueError, match="needs texts, and no column holds any"):
        dl.explore(pd.DataFrame({"n": np.arange(300) / 7}))


@pytest.mark.parametrize(
    ("columns", "by"),
    [
        ({"source": ["a", "b"], "label": [0, 1]}, "source"),
        ({"label": [0, 1]}, "label"),
        ({"other": [0, 1]}, None),
    ],
)
def samples_are_drawn_by_source_or_label_test(columns, by):
    assert stratum_of(dl.Lens(pd.DataFrame(columns))._study) == by
