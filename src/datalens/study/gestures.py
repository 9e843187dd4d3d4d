"""What a gesture becomes before it is a clause: a lasso of few vertices that selects the very same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datalens.predicate import Predicate
    from datalens.study.study import Study


def exact(study: Study, predicate: Predicate) -> Predicate:
    """Return the same gesture, a drawn polygon simplified as far as it selects the very same rows.

    Parameters
    ----------
    study : Study
        Whose rows count.
    predicate : Predicate
        What the browser sent.

    Returns
    -------
    Predicate
        The predicate itself unless it is a polygon, or about a computed formula.
    """
    from datalens.predicate import Inside, inside, simplify_polygon
    from datalens.study.formulas import spelled_out

    # A box has four corners already, and is to stay one.
    if not isinstance(predicate, Inside):
        return spelled_out(study, predicate)
    if predicate.is_box:
        return predicate
    axes = [study.floats(name) for name in (predicate.x, predicate.y)]
    return inside(predicate.x, predicate.y, simplify_polygon(predicate.polygon, *axes))
