"""Conditions within lists and structs, read in the forms in which pandas code and SQL print them."""

import pytest

from datalens.core.errors import NotExpressibleError
from datalens.predicate import Predicate, col
from datalens.predicate.dialects import SQL

parse = Predicate.parse
LIST, STRUCT = col("tags"), col("meta")
BEYOND = 2**64


@pytest.mark.parametrize("dialect", [*SQL, "pandas"])
@pytest.mark.parametrize(
    "predicate",
    [
        LIST.any().is_in([]),
        LIST.all().is_in([]),
        ~LIST.all().is_in([]),
        LIST.any().between(2**63 - 1, 2**63 - 1),
        LIST.all().between(BEYOND, BEYOND),
        LIST.all().field("n") > BEYOND,
        LIST.any().field("words").all().contains("a"),
        ~LIST.all().field("words").all().between("a", "b"),
    ],
    ids=repr,
)
def within_lists_test(dialect, predicate):
    try:
        printed = predicate.code(dialect)
    except NotExpressibleError:
        assert dialect == "lance"
        return
    assert parse(printed, dialect=dialect) == predicate


@pytest.mark.parametrize(
    "predicate",
    [STRUCT.field("a").is_in([]), ~STRUCT.field("a").is_in([]), STRUCT.field("a").between(-BEYOND, BEYOND)],
    ids=repr,
)
def within_structs_test(predicate):
    assert parse(predicate.code("pandas"), dialect="pandas") == predicate
