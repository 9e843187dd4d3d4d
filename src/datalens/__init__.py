"""DataLens: look at all of your training data in a notebook.

Names load when they are first used: ``import datalens`` alone imports nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datalens.core.lazy import lazy_names

if TYPE_CHECKING:
    from datalens import demo
    from datalens.core.errors import ColumnError
    from datalens.core.keys import Identity
    from datalens.lens import Lens
    from datalens.oneline import explore
    from datalens.predicate import Predicate, col, everything, inside, keys
    from datalens.widgets.views import Explorer, Map, Reader, Similar, Table

__version__ = "0.1.0"

__all__ = [
    "ColumnError",
    "Explorer",
    "Identity",
    "Lens",
    "Map",
    "Predicate",
    "Reader",
    "Similar",
    "Table",
    "__version__",
    "col",
    "demo",
    "everything",
    "explore",
    "inside",
    "keys",
]

__getattr__, _names = lazy_names(
    __name__,
    {
        "ColumnError": "datalens.core.errors:ColumnError",
        "Explorer": "datalens.widgets.views:Explorer",
        "Identity": "datalens.core.keys:Identity",
        "Lens": "datalens.lens:Lens",
        "Map": "datalens.widgets.views:Map",
        "Predicate": "datalens.predicate:Predicate",
        "Reader": "datalens.widgets.views:Reader",
        "Similar": "datalens.widgets.views:Similar",
        "Table": "datalens.widgets.views:Table",
        "col": "datalens.predicate:col",
        "demo": "datalens.demo",
        "everything": "datalens.predicate:everything",
        "explore": "datalens.oneline:explore",
        "inside": "datalens.predicate:inside",
        "keys": "datalens.predicate:keys",
    },
)


def __dir__() -> list[str]:
    return [*_names(), "__version__"]
