"""From texts to a map: embed, project, cluster; cached, versioned, safe to interrupt."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import datalens as dl
from datalens.study.spatial import project_seconds

WORDS = {
    "loan": "bank rate mortgage credit",
    "ball": "team match goal season",
    "gene": "cell protein dna tissue",
}


def corpus(n=90):
    rng = np.random.default_rng(0)
    texts = []
    for i in range(n):
        topic = list(WORDS)[i % 3]
        texts.append(" ".join([topic, *rng.choice(WORDS[topic].split(), 12)]))
    return pd.DataFrame({"id": range(n), "text": texts})


def make(frame=None, **kwargs):
    return dl.Lens(corpus() if frame is None else frame, key="id", text="text", **kwargs)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DATALENS_CACHE", str(tmp_path / "cache"))


def refuse(*_args, **_kwargs):
    msg = "computed again"
    raise AssertionError(msg)


@pytest.mark.slow
def texts_become_a_map_with_named_clusters_test():
    lens = make().embed().project().cluster("kmeans", n_clusters=3)
    frame = lens.to_frame()
    assert list(frame.columns) == ["id", "text", "x", "y", "cluster", "cluster_name"]
    assert frame.groupby(np.arange(90) % 3)["cluster"].nunique().tolist() == [1, 1, 1]
    assert sum("loan" in name or "mortgage" in name for name in frame["cluster_name"].unique()) == 1


@pytest.mark.slow
def a_second_run_computes_nothing_test(monkeypatch):
    first = make().embed().project().cluster().to_frame()
    for module in (
        "signals.tfidf.fit",
        "space.graph.neighbors",
        "space.projection.project",
        "space.names.names",
    ):
        monkeypatch.setattr(f"datalens.{module}", refuse)
    pd.testing.assert_frame_equal(make().embed().project().cluster().to_frame(), first)


@pytest.mark.slow
def another_text_is_another_map_test(monkeypatch):
    make().embed()
    monkeypatch.setattr("datalens.signals.tfidf.fit", refuse)
    with pytest.raises(AssertionError, match="computed again"):
        make(corpus().assign(text=lambda d: d["text"] + " more")).embed()


@pytest.mark.slow
def a_new_map_keeps_the_rows_of_an_old_lasso_test():
    lens = make().embed().project(n_neighbors=5)
    box = lens.to_frame()[["x", "y"]].quantile([0.2, 0.8]).to_numpy()
    (x0, y0), (x1, y1) = box
    lens._study.set_clause("map", dl.inside("x", "y", [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]))
    keys = lens.selection.keys()
    lens.project(n_neighbors=10)
    assert lens.selection.keys() == keys
    assert lens._study.clauses[0].note == "drawn on an earlier map"


def vectors_from_an_array_a_column_or_a_function_test():
    vectors = np.random.default_rng(0).normal(size=(90, 4)).astype("float32")
    frame = corpus().assign(v=list(vectors))
    by_row = dict(zip(corpus()["text"] + corpus()["id"].astype(str), vectors, strict=True))
    for lens in (
        make(embedding=vectors),
        make(frame, embedding="v"),
        make(frame).embed("v"),
        make(corpus().assign(text=lambda d: d["text"] + d["id"].astype(str))).embed(
            lambda texts: np.stack([by_row[text] for text in texts]), batch_size=7
        ),
    ):
        column = lens._study.column(lens._study.column_of("embedding"))
        assert np.allclose(np.array(column.to_pylist()), vectors)


def an_interrupted_function_leaves_a_partial_embedding_and_goes_on_test():
    calls, stop = [], [True]

    def encode(texts):
        calls.append(len(texts))
        if len(calls) == 3 and stop:
            raise KeyboardInterrupt
        return [[float(len(text)), 1.0] for text in texts]

    lens = make()
    with pytest.raises(KeyboardInterrupt):
        lens.embed(encode, batch_size=40)
    assert lens._study.missing("embedding").sum() == 10
    stop.clear()
    lens.embed(encode, batch_size=40)
    assert calls == [40, 40, 10, 10]
    assert lens._study.missing("embedding") is None


def a_function_with_a_version_is_cached_test():
    make().embed(lambda texts: [[1.0, 2.0]] * len(texts), version="1")
    assert make().embed(refuse, version="1")._study.column_of("embedding") == "embedding"


@pytest.mark.parametrize(
    ("do", "sentence"),
    [
        (lambda lens: lens.project(), r"needs vectors\. Call lens\.embed\(\) first"),
        (lambda lens: lens.cluster(), r"needs a map\. Call lens\.project\(\) first"),
        (lambda lens: lens.embed("gpt2"), r"no such column, and models by name are not supported yet"),
        (lambda lens: lens.embed(np.zeros((3, 2))), "3"),
        (lambda lens: lens.embed(name="text"), r"already has a column 'text'.*name="),
        (lambda lens: lens.explore(color="los"), "no column 'los'"),
    ],
)
def missing_steps_say_what_to_call_test(do, sentence):
    with pytest.raises((ValueError, KeyError), match=sentence):
        do(make())


def no_rows_are_said_where_no_column_is_named_test():
    empty = pd.DataFrame({"words": []})
    with pytest.raises(ValueError, match=r"the data has no rows.*Name one: dl\.Lens\(data, text="):
        dl.explore(empty)
    assert len(dl.explore(empty, text="words").lens) == 0


def no_text_says_so_test():
    with pytest.raises(ValueError, match="no column holds any"):
        dl.Lens(pd.DataFrame({"a": [1, 2]})).embed()


@pytest.mark.slow
def explore_computes_what_is_missing_under_free_names_test():
    frame = corpus().assign(x="taken", cluster_name="taken", embedding="taken")
    lens = dl.explore(frame, text="text", key="id").lens
    added = [name for name in lens.to_frame().columns if name not in frame.columns]
    assert added == ["x_2", "y", "cluster_2", "cluster_2_name"]
    assert (lens.to_frame()["x"] == "taken").all()


def explore_checks_the_colour_first_test():
    with pytest.raises(KeyError, match="no column 'los'"):
        dl.explore(corpus(), text="text", color="los")


def explore_takes_all_roles_and_lines_that_are_none_test(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"q": "one", "good": "a", "bad": "b", "x": 1, "y": 2}\n{"q": \n')
    with pytest.warns(UserWarning, match="1 bad line skipped"):
        lens = dl.explore(
            tmp_path / "a.jsonl", text="q", chosen="good", rejected="bad", x="x", y="y", on_bad_lines="skip"
        ).lens
    assert len(lens.to_frame()) == 1
    assert lens._study.roles.columns.items() >= {"chosen": "good", "rejected": "bad", "text": "q"}.items()


def explore_of_a_lens_takes_no_roles_test():
    with pytest.raises(ValueError, match=r"Give label=, x= to dl\.Lens"):
        dl.explore(make(), label="id", x="id")


@pytest.mark.parametrize("rows", [0, 1, 2, 5])
@pytest.mark.slow
def next_to_no_rows_test(rows):
    lens = dl.explore(corpus(rows), text="text", key="id").lens
    frame = lens.to_frame()
    assert len(frame) == rows
    vectors = lens._study.column("embedding").combine_chunks()
    # A text that shares no word with another has the zero vector: no direction, and so no place.
    assert frame["x"].notna().tolist() == frame["y"].notna().tolist() == [any(v) for v in vectors.to_pylist()]


@pytest.mark.slow
def rows_without_a_vector_have_no_place_test():
    vectors = np.random.default_rng(0).normal(size=(90, 4))
    vectors[3] = np.nan
    lens = make(embedding=vectors).project().cluster()
    assert lens.to_frame().loc[3, ["x", "y", "cluster"]].isna().all()
    assert lens.to_frame()["x"].notna().sum() == 89


def estimates_are_made_before_minutes_test():
    assert project_seconds(1_000, 128, 15, None) < 60
    assert project_seconds(1_000_000, 384, 15, None) > 300


def roles_of_the_design_can_be_given_test(tmp_path):
    frame = pd.DataFrame({"a": ["x"], "b": ["y"], "picture": [b"p"], "talk": [[{"role": "user"}]]})
    lens = dl.Lens(
        frame, chosen="a", rejected="b", image="picture", chat="talk", store=tmp_path, media_root=tmp_path
    )
    assert "chosen: a" in lens._repr_mimebundle_()["text/plain"]
    assert lens.store == tmp_path
    with pytest.raises(ValueError, match="chosen='a' was given without rejected="):
        dl.Lens(frame, chosen="a")
    for kind in (NotADirectoryError, ValueError):
        with pytest.raises(kind, match="store="):
            make(store=tmp_path / "none")
    with pytest.raises(NotADirectoryError, match="media_root="):
        dl.Lens(frame, media_root=tmp_path / "none")


def the_frame_comes_back_as_its_kind_test():
    table = pa.table({"id": [1, 2], "text": ["a", "b"]})
    lens = dl.Lens(table, key="id").add_signal(len, on="text", name="n")
    assert isinstance(lens.to_frame(), pa.Table)
    lens.selection = dl.col("id") == 2
    assert lens.selection.frame().to_pydict() == {"id": [2], "text": ["b"], "n": [1]}


def the_card_escapes_what_is_data_test():
    evil = "<script>alert(1)</script>"
    card = dl.Lens(pd.DataFrame({evil: [1]}))._repr_mimebundle_()["text/html"]
    assert evil not in card
    assert "&lt;script&gt;" in card
