"""Where a journal is put, so that it is found again."""

from __future__ import annotations

from pathlib import Path

import pytest

from datalens.journal import place_beside, place_in, place_of_frame


def beside_one_file_test(tmp_path):
    place = place_beside([tmp_path / "corpus.parquet"])
    assert place.path == tmp_path / "corpus.parquet.datalens.sqlite"
    assert not place.printed


def beside_a_folder_test(tmp_path):
    assert place_beside([tmp_path / "corpus.lance"]).path == tmp_path / "corpus.lance.datalens.sqlite"


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (["part-00.parquet", "part-01.parquet"], "part-0x.parquet"),
        (["a.jsonl", "b.jsonl"], "x.jsonl"),
        (["a1/rows.csv", "a2/rows.csv"], "rows.csvx"),
        (["rows", "rows-2"], "rowsx"),
        (["aa", "aaa"], "aax"),
        (["a", "b"], "x"),
    ],
)
def in_the_common_folder_of_many_test(tmp_path, names, name):
    paths = [tmp_path / each for each in names]
    assert place_beside(paths).path == tmp_path / f"{name}.datalens.sqlite"
    assert place_beside(paths[::-1]) == place_beside(paths)


def beside_nothing_test():
    with pytest.raises(ValueError, match="at least one file"):
        place_beside([])


def a_relative_path_is_the_same_place_test(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert place_beside([Path("a.csv")]) == place_beside([tmp_path / "a.csv"])
    assert place_in("notes", "a").path == tmp_path / "notes" / "a.datalens.sqlite"


def titles_cannot_leave_the_folder_test(tmp_path):
    for title in (
        "../../etc/passwd",
        "/etc/passwd",
        "",
        "..",
        "a\x00b",
        "x" * 5000,
        "語" * 100,
        "CON",
        "a:b",
    ):
        path = place_in(tmp_path, title).path
        assert path.parent == tmp_path
        assert len(path.name.encode()) < 250


def different_titles_are_different_places_test(tmp_path):
    titles = ["a b", "a-b!", "a/b", "a", "a!", "", "x" * 100, "x" * 101]
    assert len({place_in(tmp_path, title).path for title in titles}) == len(titles)


def frames_are_in_the_folder_that_the_environment_names_test(tmp_path, monkeypatch):
    monkeypatch.setenv("DATALENS_STORE", str(tmp_path))
    place = place_of_frame("f0", ["id", "text"])
    assert place.path.parent == tmp_path
    assert place.path.name.startswith("id-text-")
    assert place.printed
    assert place == place_of_frame("f0", ["id", "text"])
    assert place != place_of_frame("f1", ["id", "text"])


def frames_are_in_the_users_data_folder_test(monkeypatch):
    monkeypatch.delenv("DATALENS_STORE", raising=False)
    assert "datalens" in str(place_of_frame("f0", []).path.parent)
