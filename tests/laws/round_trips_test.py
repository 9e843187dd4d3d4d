"""A predicate that is written, read, simplified or counted stays what it is, or selects the rows that it selected."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given

from datalens.core.errors import NotExpressibleError
from datalens.predicate import And, Member, Predicate
from datalens.predicate.dialects import SQL
from datalens.predicate.parse import ParseError
from laws import oracle
from laws.law_test import EXAMPLES, fewer
from laws.refusals import leaves
from laws.strategies import Sample, cases


def same_rows(predicate: Predicate, other: Predicate, sample: Sample) -> None:
    assert oracle.selected(other, sample.table) == oracle.selected(predicate, sample.table), repr(other)


@fewer
@given(cases())
def round_trips_test(case):
    _, predicate = case
    for again in (
        Predicate.from_json(predicate.to_json()),
        Predicate.from_dict(predicate.to_dict()),
        pickle.loads(pickle.dumps(predicate)),  # noqa: S301 - our own
    ):
        assert again == predicate
        assert hash(again) == hash(predicate)
        assert repr(again) == repr(predicate)


@fewer
@given(cases())
def text_is_read_back_test(case):
    sample, predicate = case
    try:
        text = predicate.to_text()
    except NotExpressibleError:
        return
    again = Predicate.parse(text)
    assert again == predicate
    same_rows(predicate, again, sample)


@pytest.mark.parametrize("typed", [False, True], ids=["", "typed"])
@pytest.mark.parametrize("dialect", ["pandas", *SQL])
def printed_code_is_read_back_test(dialect, typed):
    """What of it is read selects the same rows; most of it is read."""
    became = {"read": 0, "not read": 0}

    @fewer
    @given(cases())
    def law(case: tuple[Sample, Predicate]) -> None:
        sample, predicate = case
        try:
            code = predicate.code(dialect, **({"schema": sample.table} if typed else {}))
        except NotExpressibleError:
            return
        try:
            again = Predicate.parse(code, dialect="pandas" if dialect == "pandas" else "sql")
        except ParseError:
            became["not read"] += 1
            return
        became["read"] += 1
        same_rows(predicate, again, sample)

    law()
    assert became["read"] > EXAMPLES // 30, became


@fewer
@given(cases())
def simplifying_keeps_the_rows_test(case):
    sample, predicate = case
    simple = predicate.simplify()
    same_rows(predicate, simple, sample)
    assert simple.simplify() == simple


@fewer
@given(cases())
def counts_are_those_of_the_rows_test(case):
    sample, predicate = case
    report = predicate.explain_count(sample.table)
    clauses = predicate.of if isinstance(predicate, And) else (predicate,)
    kept = [oracle.selected(clause, sample.table) for clause in clauses]
    rows = list(zip(*kept, strict=True))
    assert (report.total, report.count) == (sample.table.num_rows, sum(map(all, rows)))
    assert tuple(counted.predicate for counted in report.clauses) == clauses
    for place, counted in enumerate(report.clauses):
        assert counted.rows == sum(kept[place])
        assert counted.only == sum(not row[place] and sum(row) == len(row) - 1 for row in rows)
        values = zip(*looked_at(clauses[place], sample.table), strict=True)
        assert counted.nulls == sum(any(map(oracle.is_missing, row)) for row in values)


def looked_at(clause, table):
    """Yield the values of what conditions look at: of a struct, those of its field."""
    for leaf in leaves(clause):
        path = []
        inner = leaf
        while isinstance(inner, Member):
            path.append(inner.name)
            inner = inner.of
        for name in leaf.columns:
            values = table[name].to_pylist()
            for field in path:
                values = [None if value is None else value[field] for value in values]
            yield values
