"""What doesn't fit a column's type is shown at its own character: the value, or the column."""

import pandas as pd
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
