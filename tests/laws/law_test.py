"""The law: for any tree and any frame, every engine into which the frame converts without loss selects the same rows.

Or it says that it can't express a node. What the rows are is what `oracle` says, in plain Python. `make test` tries
some hundreds of trees, the same each time; `make laws` thousands, others each time.
"""

from __future__ import annotations

import os
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from datalens.core.errors import NotExpressibleError
from datalens.core.keys import Identity
from datalens.predicate import Predicate, col, everything, inside, keys
from laws import oracle
from laws.engines import Engine, engines, numbered
from laws.refusals import leaves, may_fail, may_refuse, may_say, name_of
from laws.strategies import boxed, cases
from laws.tally import TALLY

#: How many trees: by default a few seconds' worth, which stay the same so that a failure belongs to a change.
ASKED = os.environ.get("DATALENS_LAWS")
EXAMPLES = int(ASKED or 300)
ENGINES = engines()

law = settings(
    max_examples=EXAMPLES,
    derandomize=ASKED is None,
    print_blob=True,
    # One disagreement at a time, and without the minutes that hypothesis takes to explain it.
    report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
# Drawing a tree takes longer than writing it.
fewer = settings(law, max_examples=EXAMPLES // 3)


@law
@given(cases(), st.integers(0, 1000))
def every_engine_selects_the_same_rows_test(case, turn):
    sample, predicate = case
    table = numbered(sample.table)
    rows = [number for number, kept in enumerate(oracle.selected(predicate, table)) if kept]
    for engine in ENGINES.values():
        if turn % engine.share == 0:
            TALLY[engine.name][ask(engine, predicate, table, rows)] += 1


@fewer
@given(boxed(), st.integers(0, 1000))
def rectangles_are_the_same_rows_test(case, turn):
    sample, predicate = case
    table = numbered(sample.table)
    rows = [number for number, kept in enumerate(oracle.selected(predicate, table)) if kept]
    for engine in ENGINES.values():
        if turn % engine.share == 0:
            ask(engine, predicate, table, rows)


def ask(engine: Engine, predicate: Predicate, table: pa.Table, rows: list[int]) -> str:
    """Ask an engine for rows, and assert that they are these; return what became of it."""
    frame = engine.convert(table)
    if frame is None:
        return "lossy"
    try:
        found = engine.select(predicate, frame)
    except NotExpressibleError as error:
        check_refusal(engine, predicate, frame, error)
        return "refused"
    except Exception as error:
        if not may_fail(engine.name, error):
            error.add_note(f"{engine.name} failed on {predicate!r}")
            raise
        return "failed"
    assert sorted(found) == rows, f"{engine.name} selects {sorted(found)}, not {rows}, by {predicate!r}"
    return "agreed"


def check_refusal(engine: Engine, predicate: Predicate, frame: Any, error: NotExpressibleError) -> None:
    """Assert that what is refused are conditions that this engine may refuse."""
    refused = [(leaf, said) for leaf in leaves(predicate) if (said := refusal(engine, leaf, frame))]
    assert refused, f"{engine.name} says each part, but not the whole: {error}"
    for leaf, said in refused:
        may = may_refuse(engine.name, leaf) or may_say(engine.name, said)
        assert may, f"{engine.name} must be able to say {leaf!r}: {said}"


def refusal(engine: Engine, leaf: Predicate, frame: Any) -> NotExpressibleError | None:
    try:
        engine.select(leaf, frame)
    except NotExpressibleError as error:
        return error
    except Exception:  # noqa: BLE001 - what the engine itself refuses is asked elsewhere
        return None
    return None


# One condition of each kind, so that no engine agrees by being asked nothing.
WORDS = {
    "Compare": [col("n") > 1, col("t") == "it's", col("f") != 0.5, col("n") < col("f")],
    "computed": [col("f") - col("n") > 0.25, col("t").length() > 1, col("l").length() == 2],
    "Between": [col("f").between(0, 1)],
    "IsIn": [col("t").is_in(["a", "it's"]), col("n").is_in([])],
    "IsNull": [col("f").is_null(), col("t").is_null(), col("l").is_null()],
    "Contains": [col("t").contains("'")],
    "StartsWith": [col("t").starts_with("it")],
    "Matches": [col("t").matches("^[a-z]$")],
    "Items": [col("l").any() == "a", col("l").all() == "a"],
    "Member": [col("s").field("a") > 1, col("s").field("a").is_null()],
    "Linear": [col("v").dot([1, 2]) >= 3, col("v").cosine([0, 1]) > 0.5],
    "Inside": [inside("n", "f", [(-1, -1), (5, -1), (5, 1), (-1, 1.5)])],
    "Keys": [keys(["a"], Identity("column", ("t",)))],
    "Everything": [everything(), ~everything()],
}
VOCABULARY = pa.table(
    {
        "n": pa.array([1, 2, 3, 4], pa.int64()),
        "f": pa.array([0.5, float("nan"), None, 9.0], pa.float64()),
        "t": pa.array(["a", "it's", None, ""], pa.string()),
        "l": pa.array([["a"], ["a", "b"], [], None], pa.list_(pa.string())),
        "s": pa.array([{"a": 1}, {"a": 2}, {"a": None}, None], pa.struct({"a": pa.int64()})),
        "v": pa.array([[1.0, 1.0], [1.0, 0.5], [0.0, 0.0], None], pa.list_(pa.float32())),
    }
)


@pytest.mark.parametrize("name", ENGINES)
def vocabulary_test(name):
    engine = ENGINES[name]
    for word, predicates in WORDS.items():
        became = set()
        # No other columns, since not every engine has structs.
        asked = [column for column in VOCABULARY.column_names if any(column in p.columns for p in predicates)]
        table = numbered(VOCABULARY.select(asked or ["n"]))
        for predicate in predicates:
            assert {name_of(leaf) for leaf in leaves(predicate)} == {word}
            rows = [number for number, kept in enumerate(oracle.selected(predicate, table)) if kept]
            became.add(ask(engine, predicate, table, rows))
        may = may_refuse(name, predicates[0])
        # A line in `refusals` that no engine needs would hide a refusal that comes later.
        assert not may or "refused" in became, f"{name} says {word} now: strike it from refusals.py"


def engines_are_there_test():
    assert len(ENGINES) >= 9
