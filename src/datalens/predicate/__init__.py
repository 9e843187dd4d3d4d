"""Floor 2: predicates. A small tree that is shown, combined, evaluated on any dataframe, saved and printed as code."""

from __future__ import annotations

from datalens.predicate.base import Predicate
from datalens.predicate.builder import Column, col, everything, inside, keys
from datalens.predicate.nodes import (
    And,
    Between,
    Compare,
    Contains,
    Everything,
    Inside,
    IsIn,
    IsNull,
    Keys,
    Not,
    Or,
    StartsWith,
)
from datalens.predicate.operands import Field, Literal
from datalens.predicate.polygon import polygon_mask, simplify_polygon

__all__ = [
    "And",
    "Between",
    "Column",
    "Compare",
    "Contains",
    "Everything",
    "Field",
    "Inside",
    "IsIn",
    "IsNull",
    "Keys",
    "Literal",
    "Not",
    "Or",
    "Predicate",
    "StartsWith",
    "col",
    "everything",
    "inside",
    "keys",
    "polygon_mask",
    "simplify_polygon",
]
