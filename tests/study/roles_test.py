"""What columns are for: guessed from names and content, never loudly wrong; what is given is checked and wins."""

from __future__ import annotations

import gzip
import io
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import datalens as dl
from datalens.core.errors import ColumnError
from datalens.study.roles import find_roles
from datalens.table.opening import open_source

PNG, JPEG = b"\x89PNG\r\n\x1a\n....", b"\xff\xd8\xff\xe0...."
GIF, WEBP = b"GIF89a....", b"RIFF\x10\x00\x00\x00WEBPVP8 "
TALK = [{"role": "user", "content": "hello"}, {"role": "assistant", "content": None}]
SHARED = [{"from": "human", "value": "hello"}, {"from": "gpt", "value": "hi"}]


def roles(data, **given):
    return dl.Lens(data, **given)._study.roles.columns


def guessed(columns, rows=40):
    """Return the roles of a frame of constant or counted columns, without what is guessed of plain numbers."""
    return roles(pd.DataFrame({name: [make(i) for i in range(rows)] for name, make in columns.items()}))


def prose(i):
    return f"A text to read, number {i}."


def vector(length):
    return lambda i: np.full(length, i / 7)


def floats(i):
    return i / 3


# Key -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["id", "ID", "uuid", "key", "doc_id", "question_id"])
def a_unique_column_of_a_telling_name_is_the_key_test(name):
    lens = dl.Lens(pd.DataFrame({"n": [1, 1, 2], name: ["a", "b", "c"]}))
    assert lens.selection.keys() == ["a", "b", "c"]
    assert f"rows named by  column '{name}' (guessed" in lens._repr_mimebundle_()["text/plain"]


@pytest.mark.parametrize("ids", [["a", "b", "a"], ["a", None, "c"], [1.0, 2.0, 3.0], [[1], [2], [3]]])
def what_does_not_name_rows_is_no_key_test(ids):
    lens = dl.Lens(pd.DataFrame({"n": [1, 2, 3], "id": ids}))
    assert lens._study.source.identity.scheme == "content"
    assert "key" not in lens._study.roles.columns


def a_value_that_repeats_far_away_is_found_test():
    ids = [f"r{i}" for i in range(2_000)]
    ids[1_003] = ids[702]
    assert "key" not in roles(pd.DataFrame({"id": ids}))


def two_columns_of_ids_leave_the_key_open_test():
    assert "key" not in guessed({"user_id": str, "item_ref_id": str})


def the_key_can_be_refused_test(tmp_path):
    df = pd.DataFrame({"id": ["a", "b"], "n": [1, 2]})
    assert dl.Lens(df, key=False)._study.source.identity.scheme == "content"
    df.to_parquet(tmp_path / "rows.parquet")
    assert dl.Lens(tmp_path / "rows.parquet").selection.keys() == ["a", "b"]
    assert dl.Lens(tmp_path / "rows.parquet", key=False).selection.keys() == [0, 1]


def code_by_a_guessed_key_selects_the_same_rows_test():
    df = pd.DataFrame({"id": ["a", "b", "c"], "n": [1, 2, 3]})
    lens = dl.Lens(df)
    lens.selection = dl.col("n") > 1
    scope = {"df": df}
    exec(lens.selection.code(form="keys"), scope)  # noqa: S102 - what a person does with it
    assert "by column 'id'" in lens.selection.code(form="keys")
    assert scope["selected"]["id"].tolist() == ["b", "c"]


# Embedding, map --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["embedding", "emb", "text_embedding", "v"])
def vectors_are_the_embedding_test(name):
    assert guessed({"a": prose, name: vector(384)}) == {"embedding": name, "text": "a"}


@pytest.mark.parametrize(
    "columns",
    [
        {"embedding": vector(4)},
        {"box": vector(8)},
        {"embedding": lambda i: [0.5] * (8 + i)},
        {"a": vector(64), "b": vector(64)},
        {"tokens": lambda i: [i] * 64},
    ],
)
def lists_that_may_be_something_else_are_not_test(columns):
    assert "embedding" not in guessed(columns)


def fixed_size_lists_are_the_embedding_test():
    values = pa.FixedSizeListArray.from_arrays(pa.array(np.zeros(80, np.float32)), 8)
    assert roles(pa.table({"vec": ["a"] * 10, "vector": values}))["embedding"] == "vector"


@pytest.mark.slow
def a_guessed_embedding_is_projected_at_once_test():
    rng = np.random.default_rng(0)
    df = pd.DataFrame({"vector": list(rng.normal(size=(60, 16)))})
    assert {"x", "y"} <= set(dl.Lens(df).project().to_frame().columns)


def an_array_wins_over_guessed_vectors_and_coordinates_test():
    df = pd.DataFrame({"embedding": list(np.zeros((30, 8))), "x": np.arange(30.0), "y": np.arange(30.0)})
    lens = dl.Lens(df, embedding=np.ones((30, 8)))
    assert lens._study.roles.columns == {}
    assert lens._study.column_of("embedding") == "embedding_2"


@pytest.mark.parametrize(("x", "y"), [("x", "y"), ("umap_x", "umap_y"), ("projection_x", "projection_y")])
def a_pair_of_coordinates_is_the_map_test(x, y):
    assert guessed({x: floats, y: floats}) == {"x": x, "y": y}


@pytest.mark.parametrize(
    "columns",
    [
        {"x": floats},
        {"x": floats, "umap_y": floats},
        {"x": floats, "y": lambda i: i % 2},
        {"x": prose, "y": floats},
        {"X": floats, "Y": floats},
    ],
)
def what_may_be_features_and_a_target_is_no_map_test(columns):
    assert not {"x", "y"} & guessed(columns).keys()


# Pictures, conversations, preferences ----------------------------------------------------------------


@pytest.mark.parametrize("value", [PNG, JPEG, GIF, WEBP])
def pictures_are_known_by_their_first_bytes_test(value):
    assert guessed({"blob": lambda _: value}) == {"image": "blob"}


@pytest.mark.parametrize(
    "value",
    [
        {"bytes": PNG, "path": None},
        {"bytes": None, "path": "a.jpg"},
        "data/cat.PNG",
        "https://host/a.webp?w=1",
    ],
)
def pictures_are_known_by_their_paths_test(value):
    assert guessed({"picture": lambda _: value}) == {"image": "picture"}


@pytest.mark.parametrize(
    "value",
    [b"\x00\x01", b"", {"bytes": b"RIFF....WAVE", "path": "a.wav"}, "see a.png", "a.png.txt", 3],
)
def what_is_no_picture_is_not_test(value):
    assert "image" not in guessed({"image": lambda _: value})


def of_two_pictures_the_usual_name_tells_test():
    assert guessed({"mask": lambda _: PNG, "image": lambda _: PNG})["image"] == "image"
    assert "image" not in guessed({"before": lambda _: PNG, "after": lambda _: PNG})


@pytest.mark.parametrize("turns", [TALK, SHARED, json.dumps(TALK), json.dumps(SHARED)])
def lists_of_turns_are_the_chat_test(turns):
    assert guessed({"talk": lambda _: turns}) == {"chat": "talk"}


@pytest.mark.parametrize(
    "value", ["[]", "[1, 2]", '[{"role": "user"}]', "[" * 9_999, "[not json", [{"a": 1}]]
)
def what_is_no_conversation_is_not_test(value):
    assert "chat" not in guessed({"messages": lambda _: value})


@pytest.mark.parametrize("value", [prose, lambda _: TALK])
def chosen_and_rejected_are_a_pair_test(value):
    found = guessed({"chosen": value, "rejected": value})
    assert (found["chosen"], found["rejected"]) == ("chosen", "rejected")
    assert not {"chat", "text"} & found.keys()
    assert not {"chosen", "rejected"} & guessed({"chosen": value}).keys()


def numbers_are_no_preference_test():
    assert not {"chosen", "rejected"} & guessed({"chosen": floats, "rejected": floats}).keys()


# Label, source, text ---------------------------------------------------------------------------------


def label_and_source_are_known_by_name_and_kind_test():
    found = guessed({"label": lambda i: i % 3, "source": lambda i: "web" if i % 2 else "book", "t": prose})
    assert found == {"label": "label", "source": "source", "text": "t"}


def a_source_that_is_all_texts_is_none_test():
    assert "source" not in guessed({"source": lambda i: f"https://host/{i}/a/long/address/of/a/page/{i}"})


def of_several_usual_names_only_the_first_tells_test():
    assert guessed({"class": lambda i: i % 3, "label": lambda i: i % 2})["label"] == "label"
    assert "label" not in guessed({"class": lambda i: i % 3, "category": lambda i: i % 2})


@pytest.mark.parametrize(
    "make",
    [
        lambda i: f"doc-{i:09}-of-many",
        lambda i: f"https://host/a/page/{i}",
        lambda i: f"./files/{i}.txt",
        lambda i: f"{i}.jpg",
    ],
)
def what_nobody_reads_is_no_text_test(make):
    assert "text" not in guessed({"what": make})


def the_usual_name_is_the_text_test():
    assert guessed({"title": prose, "content": prose})["text"] == "content"
    assert guessed({"title": prose, "note": prose})["text"] == "title"


def text_without_spaces_between_words_is_text_test():
    assert guessed({"t": lambda i: f"這是第{i}個要閱讀的句子"}) == {"text": "t"}


def nothing_is_guessed_of_no_rows_test():
    assert guessed({"id": str, "text": prose, "x": floats, "y": floats}, rows=0) == {}


def what_is_given_plays_no_second_role_test():
    df = pd.DataFrame({"text": [prose(i) for i in range(30)], "id": range(30)})
    assert roles(df, label="text") == {"label": "text", "key": "id"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"image": "n"}, "'n' was given as image= but does not hold pictures"),
        ({"chat": "n"}, "'n' was given as chat= but does not hold conversations"),
        ({"embedding": "t"}, "'t' was given as embedding= but does not hold vectors"),
        ({"chosen": "n", "rejected": "t"}, "'n' was given as chosen= but does not hold texts or conv"),
        ({"chosen": "t"}, "chosen='t' was given without rejected="),
        ({"x": "n", "y": "t"}, "'t' was given as y= but does not hold numbers"),
        ({"image": "talk"}, "its values are lists of structs"),
    ],
)
def what_is_given_must_fit_test(given, said):
    df = pd.DataFrame({"n": [1], "t": ["a"], "talk": [TALK]})
    with pytest.raises(ValueError, match=said):
        dl.Lens(df, **given)


def a_column_of_nothing_can_be_anything_test():
    df = pd.DataFrame({"n": [np.nan, np.nan], "m": [None, None]})
    assert roles(df, text="n", image="m") == {"text": "n", "image": "m"}


def guesses_read_a_few_rows_of_a_file_test(tmp_path):
    table = pa.table({"body": [prose(i) for i in range(5_000)], "n": range(5_000)})
    pq.write_table(table, tmp_path / "rows.parquet", row_group_size=100)
    source = open_source(tmp_path / "rows.parquet")
    take, taken = source.take, []
    source.take = lambda ordinals, columns: taken.extend(ordinals) or take(ordinals, columns)
    source.column = None  # no column is read whole
    assert find_roles({}, source).columns == {"text": "body"}
    # A few runs: each lies in a row group or two.
    assert (len(taken), (np.diff(taken) != 1).sum()) == (400, 3)


# Real data -------------------------------------------------------------------------------------------


def preference_by_numbered_columns_is_not_guessed_test(test_data):
    df = pd.read_json(test_data / "alpaca_eval_gpt4turbo_annotations.json")
    assert roles(df) == {"text": "instruction", "source": "dataset"}


def dialogues_test(test_data):
    df = pd.read_json(test_data / "sgd_dev_dialogues_001.json")
    assert roles(df) == {"key": "dialogue_id", "chat": "turns"}


def trajectories_test(test_data):
    rows = json.loads((test_data / "taubench_gpt4o_airline_trajectories.json").read_text())
    df = pd.DataFrame(
        [{"task_id": row["task_id"], "reward": row["reward"], "traj": row["traj"]} for row in rows]
    )
    assert roles(df) == {"chat": "traj"}


def questions_test(test_data):
    assert roles(pd.read_json(test_data / "gsm8k_test.jsonl", lines=True)) == {"text": "question"}


def news_test(test_data):
    df = pd.read_csv(test_data / "noisyagnews_val10000_human_noise.csv")
    assert roles(df) == {"label": "label", "text": "text"}


def code_test(test_data):
    with gzip.open(test_data / "HumanEval.jsonl.gz", "rt") as lines:
        df = pd.read_json(lines, lines=True)
    assert roles(df) == {"key": "task_id", "text": "prompt"}


def digits_test(test_data):
    from PIL import Image

    with gzip.open(test_data / "mnist_t10k_images.idx3.gz") as file:
        pixels = np.frombuffer(file.read(16 + 50 * 784)[16:], np.uint8).reshape(50, 28, 28)
    with gzip.open(test_data / "mnist_t10k_labels.idx1.gz") as file:
        labels = np.frombuffer(file.read(8 + 50)[8:], np.uint8)
    pictures = []
    for digit in pixels:
        buffer = io.BytesIO()
        Image.fromarray(digit).save(buffer, "PNG")
        pictures.append(buffer.getvalue())
    assert roles(pd.DataFrame({"picture": pictures, "label": labels})) == {
        "image": "picture",
        "label": "label",
    }


@pytest.mark.parametrize("name", [("a", "b"), ["a"], 3])
def a_name_that_is_no_text_is_told_test(name):
    with pytest.raises(ColumnError) as error:
        dl.Lens(pd.DataFrame({"a": [1], "b": [2]}), key=name)
    expected = f"A column is named by one text, not by {name!r}. There are: 'a', 'b'. It was given as key=."
    assert str(error.value) == expected
