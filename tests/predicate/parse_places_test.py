"""What doesn't fit a column's type is shown at its own character: the value, or the column."""

from decimal import Decimal

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from datalens.predicate.parse import ParseError, parse

TYPES = pa.schema(
    [
        ("loss", pa.float64()),
        ("text", pa.string()),
        ("day", pa.date32()),
        ("tags", pa.list_(pa.string())),
        ("n", pa.int64()),
    ]
)


@pytest.mark.parametrize(
    ("text", "misfit"),
    [
        ("loss > 'abc'", "'abc'"),
        ("text = 'loss' and loss > 'abc'", "'abc'"),
        ("text = 'a' or 3 < text", "3"),
        ("1 < loss <= 'x'", "'x'"),
        ("loss in (1, 'x')", "'x'"),
        ("text in (1, 2)", "1"),
        ("loss between 'a' and 'b'", "'a'"),
        ("not text >= 3", "3"),
        ("any(tags) = 3", "3"),
        ("day > 3", "3"),
        ("tags > 3", "tags"),
        ("n > 1 and loss contains 'n'", "loss"),
        ("text = 'loss' and loss matches 'a'", "loss"),
        ("text > loss", "text"),
    ],
)
def misfit_test(text, misfit):
    with pytest.raises(ParseError) as raised:
        parse(text, columns=TYPES)
    assert raised.value.position == text.rindex(misfit)


def code_test():
    code = '  selected = df[(df["n"] > 1) & (df["loss"] > "abc")]'
    with pytest.raises(ParseError, match="Column 'loss' holds numbers") as raised:
        parse(code, columns=TYPES, dialect="pandas")
    assert raised.value.position == code.index('"abc"')


def frame_test():
    frame = pd.DataFrame({"loss": [1.0], "text": ["a"]})
    with pytest.raises(ParseError) as raised:
        parse("loss > 1 AND text < 3.5", columns=frame, dialect="duckdb")
    assert raised.value.position == 20


def _sources():
    table = pa.table({"x": [1.5], "flag": [True], "price": [Decimal("1.10")]})
    return {
        "schema": table.schema,
        "table": table,
        "pandas": table.to_pandas(),
        "pandas in Arrow": table.to_pandas(types_mapper=pd.ArrowDtype),
        "polars": pl.from_arrow(table),
        "lazy": pl.from_arrow(table).lazy(),
        "duckdb": duckdb.connect().from_arrow(table),
    }


@pytest.mark.filterwarnings("ignore:Determining the column names")
@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("x > 1 and flag = 'a'", 17),
        ("flag = 1", 7),
        ("flag in (1, 2)", 9),
        ("flag from 1 to 2", 10),
        ("1 = flag", 0),
        ("2 > flag > 1", 0),
        ("x > 1 and price * 2 > 2.2", 10),
        ("2.2 < 2 * price", 10),
        ("x + `flag` > 1", 4),
        ("length(flag) > 2", 7),
        ("price = 'a'", 8),
    ],
)
def all_frames_test(text, position):
    """The same character, whatever says the types."""
    found = {}
    for name, columns in _sources().items():
        with pytest.raises(ParseError) as raised:
            parse(text, columns=columns)
        found[name] = raised.value.position
    assert set(found.values()) == {position}, found


def computed_code_test():
    code = 'selected = df[(df["n"] > 1) & (df["n"].astype("float64") * df["text"].astype("float64") > 2)]'
    with pytest.raises(ParseError, match="Column 'text' holds text") as raised:
        parse(code, columns=TYPES, dialect="pandas")
    assert raised.value.position == code.index('"text"')
