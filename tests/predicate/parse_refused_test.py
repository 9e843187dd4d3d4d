"""What is typed by habits from elsewhere is refused at its character, with what to write in its place."""

import pyarrow as pa
import pyarrow.dataset
import pytest

from datalens.predicate import Predicate, col
from datalens.predicate.parse import ParseError

parse = Predicate.parse
TABLE = pa.table(
    {
        "loss": [1.5],
        "day": pa.array([1], pa.date32()),
        "at": pa.array([1], pa.timestamp("us")),
        "tags": [["a"]],
        "st": [{"of": [1]}],
        "text": ["a"],
        "dur": pa.array([1], pa.duration("s")),
    }
)


@pytest.mark.parametrize("columns", [None, TABLE])
@pytest.mark.parametrize(
    ("text", "token", "sentence"),
    [
        ("day = 2024-02-30", "2024", "There is no day 2024-02-30."),
        ("day = date '2024-13-01'", "date", "There is no day 2024-13-01."),
        ("at > 2023-02-29T10:00:00", "2023", "There is no day 2023-02-29."),
        ("tags[0] = 'a'", "[", "write any(tags) = 'a', or all(tags) = 'a'"),
        ("loss > 1 and st.of[12] = 1", "[", "write any(st.of) = 'a'"),
        ("text is empty", "empty", "Write text = '', or "),
        ("loss > 1 and text is not empty", "empty", "Write text != '', or "),
        ("tags is empty", "empty", "length(tags) = 0, or tags is null"),
        ("dur > 1h", "1h", "duration '1h'"),
        ("dur > 1d 2h", "1d", "duration '1d 2h'"),
        ("dur between 5 min and 1h", "5", "duration '5 min'"),
        ("1.5h < dur", "1.5h", "duration '1.5h'"),
        ("loss > 1e400", "1e400", "larger than 64-bit floats are: infinity is written float 'inf'"),
        ("loss > -1e400", "1e400", "larger than 64-bit floats"),
        ("loss in [1, 1e400]", "1e400", "larger than 64-bit floats"),
        (f"loss > {'9' * 400}", "9", "larger than 64-bit floats"),
        (f"loss > {'9' * 5000}", "9", "larger than 64-bit floats"),
        ("df['loss'] > 1e400", "1e400", "infinity is written float('inf')"),
        ("df['loss'] > -1e400", "-1e400", "infinity is written float('inf')"),
        ("dl.col('loss') > 1e400", "1e400", "infinity is written float('inf')"),
    ],
)
def habits_test(text, token, sentence, columns):
    with pytest.raises(ParseError) as raised:
        parse(text, columns=columns)
    assert sentence in raised.value.sentence
    assert raised.value.position == text.index(token)


@pytest.mark.parametrize(
    ("text", "position", "sentence"),
    [
        ("day > '2024-02-30'", 6, "There is no day 2024-02-30."),
        ("at > '2024-02-30 10:00:00'", 5, "There is no day 2024-02-30."),
        ("day > 'yesterday'", 6, "compared with '2024-02-29'"),
        ("text[0] = 'a'", 4, "write text starts with 'a'"),
        ("loss is empty", 8, "write loss is null"),
    ],
)
def habits_of_types_test(text, position, sentence):
    with pytest.raises(ParseError) as raised:
        parse(text, columns=TABLE)
    assert sentence in raised.value.sentence
    assert raised.value.position == position


def what_is_meant_test():
    assert parse("dur > duration '1d 2h'", columns=TABLE) == parse("dur > '1d 2h'", columns=TABLE)
    assert parse("loss > float 'inf'") == (col("loss") > float("inf"))
    assert parse("loss > 1e308") == (col("loss") > 1e308)
    assert parse(f"n > {2**126}") == (col("n") > 2**126)
    assert parse("empty = 1 and a > 1").columns == ("a", "empty")
    assert parse("text is 'empty'") == (col("text") == "empty")


def datasets_test(tmp_path):
    lance = pytest.importorskip("lance", reason="the extra 'lance' is not installed")
    dataset = lance.write_dataset(TABLE, str(tmp_path / "a.lance"))
    for columns in (dataset, pyarrow.dataset.dataset(TABLE)):
        assert parse("loss > 1", columns=columns) == (col("loss") > 1)
        with pytest.raises(ParseError, match="Did you mean 'loss'"):
            parse("los > 1", columns=columns)
        with pytest.raises(ParseError, match="Column 'loss' holds numbers") as raised:
            parse("loss > 'a'", columns=columns)
        assert raised.value.position == 7


@pytest.mark.parametrize("columns", [5, 1.5, "loss", b"loss", object(), TABLE.schema.field(0)])
def no_columns_test(columns):
    with pytest.raises(TypeError, match="columns= are names, types by name, a schema or a frame, not "):
        parse("loss > 1", columns=columns)


@pytest.mark.filterwarnings("error")
def lazy_test():
    """Reading a lazy frame's names warns of nothing."""
    import polars as pl

    assert parse("loss > 1", columns=pl.LazyFrame({"loss": [1.5]})) == (col("loss") > 1)
