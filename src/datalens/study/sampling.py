"""A sample of a study: which rows, and a study of them that knows what it is a sample of."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from datalens.core.fingerprint import fingerprint
from datalens.core.words import plural
from datalens.study.derived import Derived

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from datalens.predicate import Predicate
    from datalens.study.selection import RowSet
    from datalens.study.study import Study

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Integers = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Origin:
    """What a sample was drawn from.

    Attributes
    ----------
    study : Study
        The whole.
    of : int
        How many rows it has.
    title : str
        What it is called.
    how : str
        How the rows were drawn: ``sampled by 'source', random_state=0``.
    versions : dict of str to str
        The version of each computed column that came along, to its version in the whole.
    """

    study: Study = field(repr=False, compare=False)
    of: int
    title: str
    how: str
    versions: dict[str, str] = field(default_factory=dict)


def sample(
    study: Study, n: int, *, by: str | None = None, weight: str | None = None, random_state: int = 0
) -> Study:
    """Return a study of some of the rows; see `Lens.sample`."""
    from datalens.study.study import Study
    from datalens.table.sampled import SampledSource

    n = _whole_number(n, "n", 1)
    seed = _whole_number(random_state, "random_state", 0)
    for name in (by, weight):
        if name is not None:
            study.check_column(name)
    with study.lock:
        weights = None if weight is None else _weights(study, weight)
        strata = None if by is None else _strata(study.column(by), by)
        ordinals = draw(study.rows, n, strata=strata, weights=weights, random_state=seed)
        drawn = Study(SampledSource(study.source, ordinals), study.roles, study.store)
        versions = {}
        for derived in study.derived.values():
            if derived.live:
                continue  # the sample has the same journal
            # Another version than the whole's: what is computed from it (a map) is another one too.
            version = fingerprint("sample", derived.version, ordinals)
            versions[version] = derived.version
            step = derived.step if study.origin else f"{derived.step}, of all {plural(study.rows, 'row')}"
            missing = None if derived.missing is None else derived.missing[ordinals]
            data = derived.data.take(ordinals)
            drawn.derived[derived.name] = Derived(
                derived.name, data, version, step, derived.role, missing, encoder=derived.encoder
            )
        how = " ".join(
            ["sampled", *([f"by {by!r}"] if by else []), *([f"with weight {weight!r}"] if weight else [])]
        )
        how = f"{'sampled uniformly' if how == 'sampled' else how}, random_state={seed}"
        drawn.origin = Origin(study, study.rows, study.source.title, how, versions)
    drawn.marks.refresh()
    return drawn


def draw(
    rows: int,
    n: int,
    *,
    strata: Integers | None = None,
    weights: Floats | None = None,
    random_state: int = 0,
) -> Integers:
    """Draw rows without replacement.

    Parameters
    ----------
    rows : int
        How many there are.
    n : int
        How many to draw, at most: all that weigh more than 0 where there are fewer.
    strata : numpy.ndarray of int64, shape (rows,), optional
        The stratum of each row, numbered from 0; each gets its `allotted` share.
    weights : numpy.ndarray of float64, shape (rows,), optional
        The chance of a row against others (in its stratum), finite, not negative. Rows get a random number ``u``
        each, and those with the largest ``u ** (1 / weight)`` are drawn [1]_.
    random_state : int, default 0
        Seed.

    Returns
    -------
    numpy.ndarray of int64, shape (at most n,)
        Ordinals, rising.

    References
    ----------
    .. [1] P. S. Efraimidis, P. G. Spirakis, "Weighted random sampling with a reservoir", Information Processing
       Letters 97, 2006.

    Examples
    --------
    >>> draw(5, 9).tolist()
    [0, 1, 2, 3, 4]
    >>> import numpy as np
    >>> draw(4, 2, weights=np.array([0.0, 1.0, 0.0, 2.0])).tolist()
    [1, 3]
    """
    import numpy as np

    there = np.arange(rows) if weights is None else np.flatnonzero(weights > 0)
    if n >= len(there):
        return there.astype(np.int64)
    # The logarithm of u ** (1 / weight), negated: an exponential waiting time, of which the shortest are taken. It
    # has no underflow where weights are tiny.
    wait = np.random.default_rng(random_state).standard_exponential(rows)[there]
    if weights is not None:
        with np.errstate(over="ignore"):
            wait = wait / weights[there]
    if strata is None:
        return np.sort(there[np.argpartition(wait, n - 1)[:n]]).astype(np.int64)
    groups, sizes = np.unique(strata[there], return_inverse=True, return_counts=True)[1:]
    share = allotted(sizes, n)
    order = np.lexsort((wait, groups))
    place = np.arange(len(there)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.sort(there[order[place < np.repeat(share, sizes)]]).astype(np.int64)


def allotted(sizes: Integers, n: int) -> Integers:
    """Return how many rows each stratum gives: in proportion to its size, and at least one where n allows.

    Strata whose proportional share is below one give one row (where n is at least the number of strata); the
    others share the rest in proportion; what is left over by rounding down goes to the largest remainders, the
    first strata among equals.

    Parameters
    ----------
    sizes : numpy.ndarray of int64, shape (strata,)
        Rows of each stratum, at least 1.
    n : int
        How many to give out, at most the sum of sizes.

    Returns
    -------
    numpy.ndarray of int64, shape (strata,)
        None larger than its size; their sum is n.

    Examples
    --------
    >>> import numpy as np
    >>> allotted(np.array([900, 95, 5]), 10).tolist()
    [8, 1, 1]
    >>> allotted(np.array([5, 3, 2]), 2).tolist()
    [1, 1, 0]
    """
    import numpy as np

    share = np.zeros(len(sizes), dtype=np.int64)
    rest = np.ones(len(sizes), dtype=bool)
    quota = sizes * (n / sizes.sum())
    while n >= len(sizes) and (small := rest & (quota < 1)).any():
        share[small] = 1
        rest &= ~small
        quota = sizes * ((n - int(share.sum())) / max(1, sizes[rest].sum()))
    share[rest] = np.floor(quota[rest])
    remainder = np.where(rest, quota - share, -1.0)
    share[np.argsort(-remainder, kind="stable")[: n - int(share.sum())]] += 1
    return share


def counted(study: Study, count: int | None = None) -> str:
    """Return how many rows are meant of how many, and whether those are a sample: "3 of 9 rows of the sample"."""
    said = plural(study.rows, "row") + (" of the sample" if study.origin else "")
    return said if count is None else f"{count:,} of {said}"


def title_of(study: Study) -> str:
    """Return what a study is of: "rows.parquet, 9 rows", or "3 of 9 rows of rows.parquet, sampled ..."."""
    if study.origin is None:
        return f"{study.source.title}, {plural(study.rows, 'row')}"
    whole = study.origin.study
    of = "the sample" if whole.origin else whole.source.title
    said = f"{study.rows:,} of {plural(whole.rows, 'row')} of {of}, {study.origin.how}"
    return f"{said}; that is {title_of(whole)}" if whole.origin else said


def carried(selection: RowSet, study: Study) -> Predicate:
    """Return what a selection of one study means in another.

    A selection made in a sample keeps its conditions where they mean the same in the whole: they mention the data's
    own columns, or computed ones that came from the whole and are still the same. Else it is the selected rows.
    """
    theirs = selection._study  # noqa: SLF001 - nobody else needs to know
    if theirs is study or not _descends(theirs, study):
        return selection.predicate
    for name in selection.predicate.columns:
        version = theirs.version(name)
        if version is None or theirs.live([name]):
            continue  # the data's own, or what both have marked
        there = _version_in(theirs, version, study)
        if there is None or there != study.version(name):
            return theirs.keys_predicate(selection.mask())
    return selection.predicate


def _descends(study: Study, whole: Study) -> bool:
    while study.origin is not None:
        study = study.origin.study
        if study is whole:
            return True
    return False


def _version_in(study: Study, version: str, whole: Study) -> str | None:
    """Return the version that a sample's column has in the whole; None where it was computed in the sample."""
    found: str | None = version
    while study is not whole and study.origin is not None and found is not None:
        found = study.origin.versions.get(found)
        study = study.origin.study
    return found


def _whole_number(value: Any, name: str, least: int) -> int:
    try:
        number = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None or number < least:
        msg = f"{name}={value!r} must be a whole number, {least} or more."
        raise ValueError(msg)
    return number


def _weights(study: Study, name: str) -> Floats:
    import numpy as np

    if not study.describe(name).numeric:
        msg = f"Column {name!r} was given as weight= but does not hold numbers."
        raise ValueError(msg)
    weights: Floats = np.nan_to_num(study.floats(name), nan=0.0, posinf=np.inf, neginf=-np.inf)
    wrong = np.flatnonzero((weights < 0) | np.isinf(weights))
    if len(wrong):
        msg = (
            f"Column {name!r} can't weigh rows: {weights[wrong[0]]:g} in row {wrong[0]:,}. "
            "Weights are finite numbers, 0 or more (null and NaN weigh 0)."
        )
        raise ValueError(msg)
    if len(weights) and not weights.any():
        msg = (
            f"Column {name!r} can't weigh rows: it is 0 or null in all of them, so that none could be drawn."
        )
        raise ValueError(msg)
    return weights


def _strata(column: pa.ChunkedArray, name: str) -> Integers:
    """Return the number of each row's value, from 0; null and NaN are one value of their own."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_nested(column.type):
        msg = f"Column {name!r} holds {column.type}, which can't divide rows into groups. Give a column of categories as by=."
        raise ValueError(msg)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    codes = column.dictionary_encode().combine_chunks() if not pa.types.is_null(column.type) else None
    if codes is None or not len(column):
        return np.zeros(len(column), dtype=np.int64)
    return np.asarray(codes.indices.fill_null(len(codes.dictionary)).to_numpy(zero_copy_only=False)).astype(
        np.int64
    )
