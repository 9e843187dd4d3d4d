"""Texts cut into words, identifiers and their parts, counted by Arrow rather than by Python loops."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError
from datalens.core.progress import progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pyarrow as pa
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

# What a text is about shows early; a few books among short texts would take all the time.
MAX_CHARS = 20_000
# Rows between two steps of the progress, which is also how long an interrupt waits: some 40 ms.
CHUNK_ROWS = 2_000
# Between tokens lies whatever is no letter, mark, digit or underscore of any script (RE2's syntax).
GAPS = r"[^\pL\pM\pN_]+"
# A hash or a line of base64 says nothing, and would fill the vocabulary.
MAX_TOKEN_CHARS = 64
# parseHTTPHeader2 -> parse, HTTP, Header, 2
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
# Scripts written without spaces: a run of them is a sentence, so its pairs of characters serve as words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]{2,}")


def as_texts(texts: Any) -> pa.LargeStringArray:
    """Return texts as one Arrow array without nulls.

    Parameters
    ----------
    texts : sequence of str or None, or pyarrow array or chunked array of strings
        None and NaN become empty.

    Returns
    -------
    pyarrow.LargeStringArray
        As many texts as were given.

    Raises
    ------
    TypeError
        When something in it is neither a text nor missing.

    Examples
    --------
    >>> as_texts(["a", None]).to_pylist()
    ['a', '']
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        if isinstance(texts, pa.ChunkedArray):
            texts = texts.cast(pa.large_string()).combine_chunks()
        elif isinstance(texts, pa.Array):
            texts = texts.cast(pa.large_string())
        else:
            texts = pa.array(texts, type=pa.large_string(), from_pandas=True)
    except UnicodeEncodeError:
        # Half a surrogate pair, as broken JSON has them.
        whole = [text if text is None else text.encode("utf-8", "replace").decode() for text in texts]
        texts = pa.array(whole, type=pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        msg = f"texts= must be texts or None: {error}. Turn the column into text first, as with .astype(str)."
        raise UnfitError(msg) from error
    filled: pa.LargeStringArray = pc.fill_null(texts, "")
    return filled


def terms_of(token: str) -> list[str]:
    """Return the terms that one token counts for.

    Parameters
    ----------
    token : str
        Letters, digits and underscores of any script, in their own case.

    Returns
    -------
    list of str
        The token in lower case; behind it the parts of an identifier, or the pairs of characters of a run in a
        script without spaces instead. Terms of a single character are left out.

    Examples
    --------
    >>> terms_of("readCSV_file")
    ['readcsv_file', 'read', 'csv', 'file']
    >>> terms_of("机器学习")
    ['机器', '器学', '学习']
    """
    if len(token) > MAX_TOKEN_CHARS and token.isascii():
        return []
    runs = [] if token.isascii() else _UNSPACED.findall(token)
    if runs:
        return [run[i : i + 2] for run in runs for i in range(len(run) - 1)]
    terms = [token.strip("_").lower()]
    # Words and Words need no cutting; the rest may be snake_case, camelCase or letters with digits.
    if not (token.islower() and token.isalpha()):
        parts = [part.lower() for part in _PARTS.findall(token)]
        terms += parts if len(parts) > 1 else []
    return [term for term in terms if len(term) > 1]


def count_terms(texts: pa.LargeStringArray) -> tuple[csr_matrix, list[str]]:
    """Count the terms of each text.

    Parameters
    ----------
    texts : pyarrow.LargeStringArray of length n
        Without nulls.

    Returns
    -------
    counts : scipy.sparse.csr_matrix of float32, shape (n, terms)
        How often each term occurs in each text, in its first 20,000 characters.
    terms : list of str
        In order of the columns, sorted.

    Examples
    --------
    >>> counts, terms = count_terms(as_texts(["to be or not to be", "be"]))
    >>> terms, counts.toarray().astype(int).tolist()
    (['be', 'not', 'or', 'to'], [[2, 1, 1, 2], [1, 0, 0, 0]])
    """
    import numpy as np
    import pyarrow as pa
    from scipy.sparse import csr_matrix

    lengths: list[np.ndarray[Any, Any]] = [np.zeros(0, dtype=np.int64)]
    codes: list[Any] = []
    with progress("reading words", total=len(texts)) as bar:
        for chunk in _chunks(texts):
            tokens = _tokens(chunk)
            lengths.append(np.diff(tokens.offsets.to_numpy()))
            codes.append(tokens.flatten().dictionary_encode())
            bar.update(len(chunk))
    encoded: Any = pa.chunked_array(codes or [_no_tokens()]).unify_dictionaries()
    tokens_seen = encoded.chunk(0).dictionary.to_pylist()
    columns = [chunk.indices.to_numpy() for chunk in encoded.chunks]
    ends = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
    token_counts = csr_matrix(
        (np.ones(ends[-1], dtype=np.float32), np.concatenate(columns), ends),
        shape=(len(texts), len(tokens_seen)),
    )
    token_counts.sum_duplicates()
    to_terms, terms = _token_terms(tokens_seen)
    return (token_counts @ to_terms).tocsr(), terms


def _chunks(texts: pa.LargeStringArray) -> Iterator[pa.LargeStringArray]:
    for start in range(0, len(texts), CHUNK_ROWS):
        yield texts.slice(start, CHUNK_ROWS)


def _no_tokens() -> Any:
    import pyarrow as pa

    return pa.array([], type=pa.large_string()).dictionary_encode()


def _tokens(texts: pa.LargeStringArray) -> Any:
    """Cut texts at whatever is no word; the empty token at an end of a text is dropped with the short ones."""
    import pyarrow.compute as pc

    return pc.split_pattern_regex(pc.utf8_slice_codeunits(texts, 0, MAX_CHARS), pattern=GAPS)


def _token_terms(tokens: Sequence[str]) -> tuple[csr_matrix, list[str]]:
    """Return which token counts for which terms, (tokens, terms): each distinct token is looked at once."""
    import numpy as np
    from scipy.sparse import csr_matrix

    found = [terms_of(token) for token in tokens]
    terms = sorted({term for of_one in found for term in of_one})
    number = {term: i for i, term in enumerate(terms)}
    columns = np.fromiter(_numbers(found, number), dtype=np.int32)
    ends = np.cumsum([0, *map(len, found)])
    matrix = csr_matrix(
        (np.ones(len(columns), dtype=np.float32), columns, ends), shape=(len(tokens), len(terms))
    )
    return matrix, terms


def _numbers(found: Iterable[list[str]], number: dict[str, int]) -> Iterator[int]:
    return (number[term] for of_one in found for term in of_one)
