"""What a journal keeps: marks, tags' styles, saved selections, settings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from datalens.core.keys import Identity
from datalens.journal import Marks, SavedSelection, TagStyle
from datalens.predicate import col
from journal.files import ID, opened


def opening_writes_nothing_test(path):
    journal = opened(path)
    assert journal.marks() == Marks()
    assert journal.selections() == [] == journal.tag_styles()
    assert journal.settings() == {}
    assert journal.is_saved
    assert journal.problem is None
    assert not path.exists()


def a_tag_is_there_after_reopening_test(path):
    assert opened(path).tag(["a", "b"], "boilerplate") == 2
    assert opened(path).marks().tags == (["a", "b"], ["boilerplate", "boilerplate"])


def tagging_counts_the_rows_that_are_new_with_it_test(path):
    journal = opened(path)
    journal.tag(["a"], "spam")
    assert journal.tag(["a", "b", "b"], "spam") == 1
    assert journal.tag(["a"], "other") == 1


def untag_one_or_all_test(path):
    journal = opened(path)
    journal.tag(["a", "b"], "spam")
    journal.tag(["a"], "other")
    assert journal.untag(["a", "c"], "spam") == 1
    assert journal.untag(["a", "b", "c"], None) == 2
    assert journal.marks().tags == ([], [])


def notes_stars_and_seen_test(path):
    journal = opened(path)
    assert journal.note("a", "odd")
    assert journal.note("a", "very odd")
    assert not journal.note("a", "very odd")
    assert journal.star(["a", "b"]) == 2
    assert journal.star(["b"], on=False) == 1
    assert journal.see(["c", "a"]) == 2
    assert opened(path).marks() == Marks(notes={"a": "very odd"}, stars=["a"], seen=journal.marks().seen)
    assert set(journal.marks().seen) == {"a", "c"}
    assert journal.note("a", None)
    assert journal.marks().notes == {}


def save_as_goes_on_there_test(path, tmp_path):
    journal = opened(path)
    journal.tag(["a"], "spam")
    journal.save_as(tmp_path / "other.sqlite")
    journal.tag(["b"], "spam")
    assert journal.path == tmp_path / "other.sqlite"
    assert opened(tmp_path / "other.sqlite").marks().tags[0] == ["a", "b"]
    assert opened(path).marks().tags[0] == ["a"]


def another_journal_sees_the_change_test(path):
    one, two = opened(path), opened(path)
    assert not two.changed()
    one.tag(["a"], "spam")
    assert two.changed()
    assert not two.changed()
    two.tag(["b"], "spam")
    assert one.changed()
    assert one.marks() == two.marks()


def saved_selections_test(path):
    saved = SavedSelection(
        "long",
        (col("x") > 1).to_json(),
        "a note",
        "2026-11-21T00:00:00Z",
        "me",
        2,
        10,
        {"x": "v1"},
        ["a", "b"],
        "f0",
    )
    opened(path).save(saved)
    (found,) = opened(path).selections()
    assert found.identity == ID
    assert found.keys == ["a", "b"]
    assert found.versions == {"x": "v1"}


KEYS = [
    *(1, "1", 2**63, 1.5, True, b"\x00\xff", "\ud800", "", "a\x00b", Decimal("1.50"), dt.timedelta(days=1)),
    *(
        dt.date(2024, 2, 29),
        dt.datetime.fromisoformat("2024-02-29T01:02:03"),
        dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    ),
]


def keys_of_any_kind_come_back_test(path):
    opened(path).tag(KEYS, "t")
    found = opened(path).marks().tags[0]
    assert sorted(map(repr, found)) == sorted(map(repr, KEYS))


def styles_test(path):
    journal = opened(path)
    journal.tag(["a", "b"], "spam")
    journal.set_tag_style("spam", color="#ff0000", digit=1)
    journal.set_tag_style("good", color=None, digit=1)
    assert journal.tag_styles() == [TagStyle("spam", "#ff0000", None, 2), TagStyle("good", None, 1, 0)]


def renaming_a_tag_to_one_that_is_there_makes_them_one_test(path):
    journal = opened(path)
    journal.tag(["a", "b"], "spam")
    journal.tag(["b", "c"], "junk")
    journal.rename_tag("junk", "spam")
    assert journal.tag_styles() == [TagStyle("spam", None, None, 3)]
    journal.rename_tag("spam", "boilerplate")
    assert set(journal.marks().tags[1]) == {"boilerplate"}
    assert journal.delete_tag("boilerplate") == 3
    assert journal.tag_styles() == []


def tags_of_a_row_are_in_the_order_in_which_it_got_them_test(path):
    journal = opened(path)
    for tag in ("z", "a", "m"):
        journal.tag(["row"], tag)
    journal.untag(["row"], "a")
    journal.tag(["row"], "a")
    assert opened(path).marks().tags[1] == ["z", "m", "a"]


def selections_are_renamed_replaced_and_deleted_test(path):
    journal = opened(path)
    text = (col("x") > 1).to_json()
    journal.save(SavedSelection("one", text, count=1))
    journal.save(SavedSelection("two", text))
    journal.save(SavedSelection("one", text, count=2))
    assert [(saved.name, saved.count) for saved in journal.selections()] == [("one", 2), ("two", 0)]
    with pytest.raises(ValueError, match="already is a saved selection 'two'"):
        journal.rename("one", "two")
    journal.rename("one", "three")
    journal.delete("two")
    assert [saved.name for saved in opened(path).selections()] == ["three"]


def settings_are_any_json_test(path):
    journal = opened(path)
    journal.set_setting("map", {"color": "loss", "size": [1, 2.5, None, True, "ü"]})
    journal.set_setting("gone", 1)
    journal.set_setting("gone", None)
    assert opened(path).settings() == {"map": {"color": "loss", "size": [1, 2.5, None, True, "ü"]}}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda journal: journal.delete("x"), "no saved selection 'x'. There are none yet"),
        (lambda journal: journal.rename("x", "y"), "no saved selection 'x'"),
        (lambda journal: journal.rename_tag("x", "y"), "no tag 'x'"),
        (lambda journal: journal.delete_tag("x"), "no tag 'x'"),
    ],
)
def what_is_not_there_makes_no_file_test(path, call, sentence):
    with pytest.raises(KeyError, match=sentence):
        call(opened(path))
    assert not path.exists()


@pytest.mark.parametrize(
    "call",
    [
        lambda journal: journal.untag(["a"], None),
        lambda journal: journal.tag([], "spam"),
        lambda journal: journal.star(["a"], on=False),
        lambda journal: journal.note("a", None),
        lambda journal: journal.set_setting("view", None),
    ],
)
def what_changes_nothing_makes_no_file_test(path, call):
    assert not call(opened(path))
    assert not path.exists()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda journal: journal.tag(["a"], ""), "one line of 1 to 200 characters"),
        (lambda journal: journal.tag(["a"], "a\nb"), "one line"),
        (lambda journal: journal.tag(["a"], "x" * 201), "one line"),
        (lambda journal: journal.tag(["a"], 3), "is text, not int"),
        (lambda journal: journal.tag([None], "t"), "a row's key"),
        (lambda journal: journal.tag([float("nan")], "t"), "a row's key"),
        (lambda journal: journal.tag([["a"]], "t"), "A row's key"),
        (lambda journal: journal.tag(["x" * 200_000], "t"), "at most 100,000 characters"),
        (lambda journal: journal.note("a", "x" * 2_000_000), "A note has at most 1,000,000 bytes"),
        (lambda journal: journal.set_tag_style("t", color="red", digit=1), "six hexadecimal digits"),
        (lambda journal: journal.set_tag_style("t", color=None, digit=10), "one of 1 to 9"),
        (lambda journal: journal.set_tag_style("t", color=None, digit=True), "one of 1 to 9"),
        (lambda journal: journal.set_setting("t", float("nan")), "JSON"),
        (lambda journal: journal.set_setting("t", {1, 2}), "JSON"),
        (lambda journal: journal.save(SavedSelection("s", "{}")), "version"),
        (lambda journal: journal.save(SavedSelection("s", (col("x") > 1).to_json(), count=-1)), "counts"),
    ],
)
def what_cannot_be_kept_is_refused_test(path, call, sentence):
    with pytest.raises((ValueError, TypeError), match=sentence):
        call(opened(path))
    assert not path.exists()


def half_a_character_in_a_note_is_replaced_test(path):
    opened(path).note("a", "half \ud83d, NUL \x00")
    assert opened(path).marks().notes == {"a": "half \ufffd, NUL \x00"}


def names_of_any_script_test(path):
    opened(path).tag(["a"], "👩‍💻 مكرر")
    assert opened(path).marks().tags[1] == ["👩‍💻 مكرر"]


def changed_data_warns_and_keeps_the_marks_test(path):
    opened(path).tag(["a"], "spam")
    journal = opened(path, fingerprint="f1")
    (said,) = journal.warnings
    assert "The data has changed since the journal rows.datalens.sqlite was written" in said
    assert "column 'id'" in said
    assert journal.problem is None
    assert journal.marks().tags[0] == ["a"]
    journal.tag(["b"], "spam")
    assert opened(path, fingerprint="f1").warnings == []
    rows = Identity("row", rows=3, file="a.parquet", fingerprint="1")
    opened(path, rows).tag([1], "spam")
    assert "key= keeps them" in opened(path, rows, fingerprint="f2").warnings[0]


def keys_of_another_naming_are_kept_and_not_shown_test(path):
    opened(path).tag([1, 2], "spam")
    rows = opened(path, Identity("row", rows=3, file="a.parquet", fingerprint="1"))
    assert rows.marks() == Marks()
    assert rows.tag_styles() == [TagStyle("spam", None, None, 0)]
    (said,) = rows.warnings
    assert "marks on 2 rows that were named by column 'id', and now rows are named by number" in said
    assert "key='id'" in said
    assert rows.tag([1], "spam") == 1
    assert opened(path).marks().tags[0] == [1, 2]
    # The same file, written anew with as many rows: numbers still are numbers. With others they are not.
    again = opened(path, Identity("row", rows=3, file="b.parquet", fingerprint="2"))
    assert again.marks().tags[0] == [1]
    longer = opened(path, Identity("row", rows=4, file="b.parquet", fingerprint="2"))
    assert longer.marks() == Marks()
    assert any("in a file of 3 rows; it has 4 now" in said for said in longer.warnings)


def a_whole_number_is_one_key_as_a_float_too_test(path):
    journal = opened(path)
    journal.tag([1, 2], "spam")
    assert journal.tag([1.0, np.int32(2), np.float32(2)], "spam") == 0
    assert journal.tag(["1", True], "spam") == 2
