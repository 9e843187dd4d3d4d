"""Columns joined by key and computed by functions."""

from __future__ import annotations

import pandas as pd
import pytest

import datalens as dl


def make():
    return dl.Lens(pd.DataFrame({"id": [1, 2, 3, 4], "text": ["a", "b b", None, "d"]}), key="id", text="text")


def join_by_key_in_any_order_test():
    lens = make().join(pd.DataFrame({"id": [4, 1], "loss": [4.0, 1.0]}), on="id")
    assert lens.to_frame()["loss"].tolist()[:1] == [1.0]
    assert lens.to_frame()["loss"].isna().tolist() == [False, True, True, False]


def join_widths_of_integers_test():
    other = pd.DataFrame({"id": pd.array([1, 2], dtype="int32"), "n": [10, 20]})
    assert make().join(other, on="id").to_frame()["n"].tolist()[:2] == [10, 20]


def join_under_another_name_test():
    lens = make().join(pd.DataFrame({"id": [1], "text": ["other"]}), on="id", name={"text": "theirs"})
    assert lens.to_frame()["theirs"].tolist()[0] == "other"


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (pd.DataFrame({"id": [1, 1], "a": [1, 2]}), "'id' can't be the key: 1 value names more than one row"),
        (pd.DataFrame({"key": [1], "a": [1]}), "no column 'id'"),
        (pd.DataFrame({"id": ["1"], "a": [1]}), "never are equal"),
        (pd.DataFrame({"id": [9], "a": [1]}), "No value of 'id' is in both: here 1, 2, 3, there 9"),
        (pd.DataFrame({"id": [1], "text": [1]}), "already has a column 'text'"),
    ],
)
def bad_joins_say_what_to_do_test(other, sentence):
    with pytest.raises((ValueError, KeyError), match=sentence):
        make().join(other, on="id")


def add_signal_on_texts_test():
    lens = make().add_signal(lambda text: None if text is None else len(text.split()), name="words")
    assert lens.to_frame()["words"].tolist()[:2] == [1, 2]
    assert pd.isna(lens.to_frame()["words"][2])


def add_signal_on_frames_test():
    lens = make().add_signal(lambda frame: frame["id"] * 2, name="double", on="frame", batch_size=3)
    assert lens.to_frame()["double"].tolist() == [2, 4, 6, 8]


def add_signal_on_a_column_test():
    assert make().add_signal(lambda i: i > 2, name="big", on="id").to_frame()["big"].tolist() == [
        False, False, True, True,
    ]  # fmt: skip


def batches_of_whole_numbers_and_floats_join_test():
    lens = make().add_signal(lambda i: i if i < 3 else i + 0.5, name="n", on="id", batch_size=2)
    assert lens.to_frame()["n"].tolist() == [1.0, 2.0, 3.5, 4.5]


def an_interrupted_signal_is_partial_and_goes_on_test():
    lens, calls, stop = make(), [], [True]

    def slow(value):
        calls.append(value)
        if value == 3 and stop:
            raise KeyboardInterrupt
        return value * 10

    with pytest.raises(KeyboardInterrupt):
        lens.add_signal(slow, on="id", batch_size=2)
    study = lens._study
    assert study.missing("slow").tolist() == [False, False, True, True]
    assert "stopped after 2 of 4 rows" in lens._repr_mimebundle_()["text/plain"]
    lens.selection = dl.col("slow") >= 0
    assert lens.selection.count == 2
    stop.clear()
    calls.clear()
    lens.add_signal(slow, on="id", batch_size=2)
    assert calls == [3, 4]
    assert lens.to_frame()["slow"].tolist() == [10, 20, 30, 40]


def an_interrupted_first_batch_leaves_a_column_of_nothing_test():
    def stopped(_):
        raise KeyboardInterrupt

    lens = make()
    with pytest.raises(KeyboardInterrupt):
        lens.add_signal(stopped)
    assert lens._study.missing("stopped").all()


def a_version_makes_the_second_run_instant_test():
    calls = []

    def counted(text):
        calls.append(text)
        return 1

    make().add_signal(counted, version="1")
    make().add_signal(counted, version="1")
    assert len(calls) == 4
    make().add_signal(counted, version="2")
    make().add_signal(counted)
    assert len(calls) == 12


@pytest.mark.parametrize(
    ("function", "kwargs", "sentence"),
    [
        (lambda _: 1, {}, "lambda has no name"),
        (lambda _: 1, {"name": "text"}, "already has a column 'text'"),
        (lambda i: i if i < 2 else "two", {"name": "n", "on": "id"}, "values of several types"),
        (lambda _: [1], {"name": "n", "on": "frame"}, "gave 1 values for a frame of 4 rows"),
        ("surprisal", {}, "takes a function"),
    ],
)
def bad_signals_say_what_to_do_test(function, kwargs, sentence):
    with pytest.raises((ValueError, TypeError), match=sentence):
        make().add_signal(function, **kwargs)


def an_error_in_the_function_leaves_the_lens_as_it_was_test():
    lens = make()
    with pytest.raises(ZeroDivisionError):
        lens.add_signal(lambda _: 1 / 0, name="broken")
    assert "broken" not in lens._study.names()
