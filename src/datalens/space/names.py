"""Names of clusters: the words that set each apart from the others."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from datalens.core.progress import progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np

NOISE = -1
# A few hundred texts tell what a cluster is about, and their beginnings what they are about.
TEXTS_A_CLUSTER = 400
MAX_CHARS = 1_000
# Words looked at for a name, best first, so that a repeat gives way to the next.
CANDIDATES = 40
# A word is in at least this share of a cluster's texts and in this many (but for a single text's): else a text
# that is alone in having it names the cluster.
LEAST_SHARE = 0.02
LEAST_TEXTS = 2
# Letters that two words begin with, and are then one word in two forms: cluster, clusters, clustering.
STEM_CHARS = 5
# Letters first, so that numbers name nothing; identifiers stay whole, dots and hyphens part words.
_WORD = re.compile(r"[^\W\d_](?:\w*\w)?")
# Markup, and words of no subject that come in English, though not among scikit-learn's stop words.
_EMPTY_WORDS = """
also just like get got one two use used using may might will would could should can said says say new does did
doing don doesn isn wasn aren couldn didn won ll ve re http https www com org html quot amp gt lt nbsp br href
der die das und ist les des une que los las del
"""


def names(texts: Any, labels: np.ndarray[Any, Any], *, n_words: int = 3) -> dict[int, str]:
    """Name clusters by the words that set them apart.

    A word `t` of a cluster `c` weighs ``tf * ln(1 + A / f)`` (class-based TF-IDF [1]_), where `tf` is the share of
    the cluster's texts that have the word, `f` the sum of these shares over all clusters and `A` the average
    sum of a cluster's shares. Shares rather than counts keep a text that repeats a word a hundred times, or a
    cluster larger than all others, from deciding. At most 400 texts a cluster are read, at even distances,
    and the first 1,000 characters of each.

    Parameters
    ----------
    texts : sequence of str or None, or pyarrow array or chunked array of strings, length n
        What the names are taken from.
    labels : numpy.ndarray of int, shape (n,)
        The cluster of each text: -1 for noise; below that, rows that are not clustered.
    n_words : int, default 3
        How many words a name has, at most.

    Returns
    -------
    dict of int to str
        A name for every label from -1 up, each different, such as ``{0: "loans, mortgage, rates", -1: "noise"}``.
        Clusters without words are called ``"cluster 7"``. Words are in lower case, never two forms of the same.

    Raises
    ------
    ValueError
        When there are not as many labels as texts, or `n_words` is below 1.

    References
    ----------
    .. [1] M. Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure",
       arXiv:2203.05794, 2022.

    Examples
    --------
    >>> import numpy as np
    >>> names(
    ...     ["red apple", "green apple", "fast car", "fast cars", "?"], np.array([0, 0, 1, 1, -1]), n_words=1
    ... )
    {-1: 'noise', 0: 'apple', 1: 'fast'}
    """
    import numpy as np

    if n_words < 1:
        msg = f"n_words= must be at least 1, not {n_words}."
        raise ValueError(msg)
    if len(labels) != len(texts):
        msg = f"There are {len(labels):,} labels for {len(texts):,} texts; give one label a text."
        raise ValueError(msg)
    labels = np.asarray(labels)
    clusters = [int(label) for label in np.unique(labels) if label > NOISE]
    shares = {}
    with progress("naming clusters", total=len(clusters), unit="cluster") as bar:
        for label, rows in zip(clusters, _rows(labels, clusters), strict=True):
            shares[label] = _shares(_taken(texts, rows))
            bar.update()
    ranked = _ranked(shares)
    named = {NOISE: "noise"} if (labels == NOISE).any() else {}
    return named | _distinct(ranked, n_words)


def _rows(labels: np.ndarray[Any, Any], clusters: Sequence[int]) -> Iterator[np.ndarray[Any, Any]]:
    """Yield the rows to read of each cluster."""
    import numpy as np

    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], clusters, side="left")
    stops = np.searchsorted(labels[order], clusters, side="right")
    for start, stop in zip(starts, stops, strict=True):
        count = min(int(stop - start), TEXTS_A_CLUSTER)
        yield order[start + np.arange(count) * int(stop - start) // count]


def _taken(texts: Any, rows: np.ndarray[Any, Any]) -> list[str]:
    """Return the beginnings of some texts; of Arrow's only these become Python objects."""
    import pyarrow as pa

    if isinstance(texts, pa.Array | pa.ChunkedArray):
        some = texts.take(pa.array(rows)).to_pylist()
    else:
        at = getattr(texts, "iloc", texts)  # a pandas Series has labels of its own
        some = [at[row] for row in rows.tolist()]
    return [text[:MAX_CHARS] for text in some if isinstance(text, str)]


def _shares(texts: Sequence[str]) -> dict[str, float]:
    """Return in which share of the texts each word is; words of too few texts only where there are no others."""
    stop = _stop_words()
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(_WORD.findall(text.lower())))
    least = min(len(texts), max(LEAST_TEXTS, math.ceil(LEAST_SHARE * len(texts))))
    kept = {
        word: count / len(texts)
        for word, count in counts.items()
        if count >= least and len(word) > 1 and word not in stop
    }
    return kept or {
        word: count / len(texts) for word, count in counts.items() if len(word) > 1 and word not in stop
    }


def _stop_words() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    # scikit-learn's list has nouns that name a subject well.
    subjects = {"bill", "computer", "cry", "fire", "system", "mine", "interest", "bottom", "detail", "amount"}
    return (frozenset(ENGLISH_STOP_WORDS) - subjects) | frozenset(_EMPTY_WORDS.split())


def _ranked(shares: dict[int, dict[str, float]]) -> dict[int, list[str]]:
    """Return the best words of each cluster by class-based TF-IDF, equals in alphabetical order."""
    total: Counter[str] = Counter()
    for of_one in shares.values():
        total.update(of_one)
    average = sum(total.values()) / max(1, len(shares))
    ranked = {}
    for label, of_one in shares.items():
        weight = {word: share * math.log(1 + average / total[word]) for word, share in of_one.items()}
        ranked[label] = sorted(weight, key=lambda word: (-weight[word], word))[:CANDIDATES]
    return ranked


def _distinct(ranked: dict[int, list[str]], n_words: int) -> dict[int, str]:
    """Make names of the best words; one that is taken already gets another word, or a number."""
    named: dict[int, str] = {}
    taken: set[str] = set()
    for label, words in ranked.items():
        different = _without_repeats(words)
        name = ", ".join(different[:n_words]) or f"cluster {label}"
        more = iter(different[n_words:])
        # Equal words in another order would look like the same name.
        while _key(name) in taken and (word := next(more, None)):
            name = ", ".join([*different[:n_words], word])
        number = 2
        while _key(name) in taken:
            name = f"{', '.join(different[:n_words])} ({number})"
            number += 1
        taken.add(_key(name))
        named[label] = name
    return named


def _key(name: str) -> str:
    return ", ".join(sorted(name.split(", ")))


def _without_repeats(words: Iterable[str]) -> list[str]:
    """Leave out words that are another form of one before: plurals, -ing and -ed, parts of an identifier."""
    kept: list[str] = []
    for word in words:
        if not any(_alike(word, other) for other in kept):
            kept.append(word)
    return kept


def _alike(one: str, other: str) -> bool:
    """Tell whether two words are forms of one.

    Examples
    --------
    >>> _alike("loan", "loans"), _alike("cluster", "clustering"), _alike("rate", "rare")
    (True, True, False)
    """
    short, long = sorted((one, other), key=len)
    if long.startswith(short) and (len(long) - len(short) <= 2 or len(short) >= STEM_CHARS):  # noqa: PLR2004
        return True
    if short in long.split("_"):
        return True
    # companies, company; invested, investing
    common = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return common >= STEM_CHARS and len(long) - common <= 3  # noqa: PLR2004
