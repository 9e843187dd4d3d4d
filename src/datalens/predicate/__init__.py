"""Floor 2: predicates. A small tree that is shown, combined, evaluated on any dataframe, saved and printed as code."""

from __future__ import annotations

from datalens.predicate.base import Predicate
from datalens.predicate.builder import Column, col, everything, inside, keys
from datalens.predicate.counts import ClauseCount, CountReport
from datalens.predicate.formula import Value
from datalens.predicate.lasso import simplify_polygon
from datalens.predicate.nodes import (
    And,
    Between,
    Compare,
    Contains,
    Everything,
    Inside,
    IsIn,
    IsNull,
    Items,
    Keys,
    Linear,
    Matches,
    Member,
    Not,
    Or,
    StartsWith,
)
from datalens.predicate.operands import ITEM, Arithmetic, Field, Length, Literal
from datalens.predicate.polygon import polygon_mask

__all__ = [
    "ITEM",
    "And",
    "Arithmetic",
    "Between",
    "ClauseCount",
    "Column",
    "Compare",
    "Contains",
    "CountReport",
    "Everything",
    "Field",
    "Inside",
    "IsIn",
    "IsNull",
    "Items",
    "Keys",
    "Length",
    "Linear",
    "Literal",
    "Matches",
    "Member",
    "Not",
    "Or",
    "Predicate",
    "StartsWith",
    "Value",
    "col",
    "everything",
    "inside",
    "keys",
    "polygon_mask",
    "simplify_polygon",
]
