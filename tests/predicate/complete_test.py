import pytest
from hypothesis import given
from hypothesis import strategies as st

from datalens.predicate.parse.complete import complete

COLUMNS = {
    "loss": "number", "source": "text", "b": "boolean", "tags": "list", "meta": "struct", "my col": "text", "day": "date"
}  # fmt: skip

# What stands in the bar, | being the cursor: kind, what is replaced, column, the first candidate.
EXPECTED = {
    "|": ("column", "", None, "loss"),
    "lo|": ("column", "lo", None, "loss"),
    "LO|": ("column", "LO", None, "loss"),
    "loss |": ("operator", "", "loss", ">"),
    "loss !|": ("operator", "!", "loss", "!="),
    "loss > |": ("value", "", "loss", None),
    "loss > 3|": ("value", "3", "loss", None),
    "loss > 3 |": ("and", "", None, "and"),
    "loss > 3 o|": ("and", "o", None, "or"),
    "loss > 3 and sou|": ("column", "sou", None, "source"),
    "sou|rce == 'x'": ("column", "source", None, "source"),
    "source con|": ("operator", "con", "source", "contains"),
    "source is no|": ("operator", "is no", "source", "is not null"),
    "source starts |": ("operator", "starts ", "source", "starts with"),
    "source not |": ("operator", "not ", "source", "not in"),
    "source == '|": ("value", "'", "source", None),
    "source == 'we|": ("value", "'we", "source", None),
    "source == 'w|eb' and loss > 3": ("value", "'web'", "source", None),
    "source in |": ("operator", "", "source", "("),
    "source in (|": ("value", "", "source", None),
    "source in ('web', '|": ("value", "'", "source", None),
    "source in ('web', |": ("value", "", "source", None),
    "source in ('web'|": ("and", "", None, ","),
    "source in ('web') |": ("and", "", None, "and"),
    "source contains '|": ("value", "'", "source", None),
    "loss between |": ("value", "", "loss", None),
    "loss between 1 |": ("and", "", None, "and"),
    "loss between 1 and |": ("value", "", "loss", None),
    "loss between 1 and 3 |": ("and", "", None, "and"),
    "`my|": ("column", "`my", None, "my col"),
    "`my col` == '|": ("value", "'", "my col", None),
    "(loss > 3 or (b|": ("column", "b", None, "b"),
    "(loss > 3) |": ("and", "", None, "and"),
    "b == t|": ("value", "t", "b", "true"),
    "any(ta|": ("column", "ta", None, "tags"),
    "any(tags) == '|": ("value", "'", "tags", None),
    "length(source) > |": ("value", "", None, None),
    "meta.u|": ("column", "u", "meta", None),
    "meta.url == '|": ("value", "'", "meta", None),
    "not |": ("column", "", None, "loss"),
    "1 < |": ("column", "", None, "loss"),
    "'web' in |": ("column", "", None, "loss"),
    "source ? |": ("operator", "", "source", "=="),
    "😀 and lo|": ("column", "lo", None, "loss"),
}


@pytest.mark.parametrize("typed", EXPECTED)
def complete_test(typed):
    cursor = typed.index("|")
    text = typed.replace("|", "")
    found = complete(text, cursor, COLUMNS)
    first = found.candidates[0] if found.candidates else None
    assert (found.kind, text[found.start : found.end], found.column, first) == EXPECTED[typed]


def operators_fit_test():
    assert "contains" not in complete("loss ", 5, COLUMNS).candidates
    assert "contains" in complete("source ", 7, COLUMNS).candidates
    assert complete("tags ", 5, COLUMNS).candidates == ("is null", "is not null")
    assert "and" in complete("b ", 2, COLUMNS).candidates


def inserts_test():
    assert complete("my", 2, COLUMNS).inserts == ("`my col`",)
    assert complete("meta.url ", 9, COLUMNS).fields == ("url",)


@given(
    st.lists(st.sampled_from(["loss", "'a'", "'", "`", '"', "(", ")", "and", "in", "==", ".", ",", "not", "is", "1", " ", "?"])),
    st.integers(0, 60),
)  # fmt: skip
def anything_test(pieces, cursor):
    text = " ".join(pieces)
    found = complete(text, cursor, COLUMNS)
    assert 0 <= found.start <= found.end <= len(text)
    assert len(found.candidates) == len(found.inserts)
