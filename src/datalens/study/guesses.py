"""Guesses at what columns are for, by their names and a few of their rows; where two would do, none is guessed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from datalens.study.fitting import (
    TURNS,
    is_bytes,
    is_list,
    is_number,
    is_string,
    is_text,
    is_turns,
    is_vectors,
)
from datalens.table.checks import check_key
from datalens.table.columns import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    import pyarrow as pa

    from datalens.table.source import Source

# Names in the order in which they are believed, in lower case.
TEXT_NAMES = (
    "text",
    "content",
    "document",
    "body",
    "passage",
    "sentence",
    "prompt",
    "instruction",
    "question",
)
LABEL_NAMES = ("label", "labels", "target", "class", "category", "intent")
SOURCE_NAMES = ("source", "dataset", "domain", "subset", "origin")
KEY_NAMES = (
    "id", "_id", "uid", "uuid", "guid", "key", "doc_id", "docid", "document_id", "sample_id", "example_id",
    "record_id", "row_id", "item_id", "idx",
)  # fmt: skip
EMBEDDING_NAMES = ("embedding", "embeddings", "vector", "vectors", "emb", "embed")
IMAGE_NAMES = ("image", "img", "picture", "photo")
CHAT_NAMES = ("messages", "conversation", "conversations", "chat", "dialogue", "dialog", "turns", "traj")
MAP_NAMES = (
    ("x", "y"), ("umap_x", "umap_y"), ("projection_x", "projection_y"), ("tsne_x", "tsne_y"), ("map_x", "map_y"),
)  # fmt: skip

# Rows that are looked at, in a few runs evenly spread: a run lies in one part of a file, so that little is read.
PEEK_RUNS = 4
PEEK_ROWS = 400
# The same for values that may be large (pictures, vectors, conversations).
HEAVY_ROWS = 64
# JSON is parsed only this often: the first few tell.
PARSED_ROWS = 8
# All values of a possible key are compared: about a second for so many.
KEY_ROWS = 5_000_000
# Shorter lists of floats are coordinates, boxes, scores; without a telling name, so are somewhat longer ones.
VECTOR_NUMBERS = 8
UNNAMED_VECTOR_NUMBERS = 32
# A text to read has words: most values have a space or a letter beyond ASCII (scripts without spaces).
PROSE_SHARE = 0.5
PROSE_PATTERN = r"\s|[^\x00-\x7F]"
PICTURE_PATTERN = r"(?i)^[^\s\x00]+\.(png|jpe?g|webp|gif)([?#]\S*)?$"
LINK_PATTERN = r"^\s*(https?://|[A-Za-z]:\\|\.{0,2}/)\S+\s*$"


class Peek:
    """A few rows of each column, read when asked for.

    Parameters
    ----------
    source : Source
        The data.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.types = {field.name: field.type for field in source.schema}
        self._values: dict[str, pa.ChunkedArray] = {}

    def values(self, name: str) -> pa.ChunkedArray:
        """Return what a few rows hold that is not null."""
        if name not in self._values:
            # All columns that are as light at once: a file's rows are read together.
            light = self._is_light(name)
            names = [other for other in self.types if self._is_light(other) == light] if light else [name]
            table = self.source.take(self._ordinals(PEEK_ROWS if light else HEAVY_ROWS), names)
            self._values |= {other: table.column(other) for other in names}
        return self._values[name].drop_null()

    def nulls(self, name: str) -> int:
        """Return how many of the few rows are null."""
        self.values(name)
        return int(self._values[name].null_count)

    def _is_light(self, name: str) -> bool:
        return is_text(self.types[name]) or is_number(self.types[name])

    def _ordinals(self, rows: int) -> Any:
        import numpy as np

        there = self.source.rows
        if there <= rows:
            return np.arange(there)
        run = np.arange(rows // PEEK_RUNS)
        starts = np.linspace(0, there - len(run), PEEK_RUNS).astype(np.int64)
        return np.unique(starts[:, None] + run)


def guess(peek: Peek, given: Mapping[str, str], refused: Collection[str]) -> Iterator[tuple[str, str]]:
    """Guess the roles that were not given.

    Parameters
    ----------
    peek : Peek
        The data.
    given : mapping of str to str
        Role to column, as the user said; these columns play no second role.
    refused : collection of str
        Roles that nobody plays, as the user said.

    Yields
    ------
    (str, str)
        A role and its column.
    """
    taken = set(given.values())
    closed = {*given, *refused}
    if "embedding" in closed:
        closed |= {"x", "y"}  # who brings vectors wants a map of those
    if not peek.source.rows:
        return
    for roles, find in GUESSES:
        if closed & {*roles}:
            continue
        free = [name for name in peek.types if name not in taken]
        found = find(peek, free)
        if found is not None:
            taken |= {*found}
            yield from zip(roles, found, strict=True)


def _key(peek: Peek, free: Sequence[str]) -> tuple[str] | None:
    named = sorted((n for n in free if n.lower() in KEY_NAMES), key=lambda n: KEY_NAMES.index(n.lower()))
    ending = [name for name in free if name.lower().endswith("_id") and name not in named]
    for name in [*named, *(ending if len(ending) == 1 else [])]:
        if _is_key(peek, name):
            return (name,)
    return None


def _is_key(peek: Peek, name: str) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = peek.types[name]
    if peek.source.rows > KEY_ROWS or not (is_string(kind) or pa.types.is_integer(kind)):
        return False
    if name in getattr(peek.source, "as_text", {}):
        return False  # shown as text: its own values would be the keys
    few = peek.values(name)
    if peek.nulls(name) or pc.count_distinct(few).as_py() < len(few):
        return False
    try:
        check_key(pa.table({name: peek.source.column(name)}), name)
    except ValueError:
        return False
    return True


def _embedding(peek: Peek, free: Sequence[str]) -> tuple[str] | None:
    numbers = {n: _vector_numbers(peek, n) for n in free if is_vectors(peek.types[n])}
    named = [n for n in numbers if _last_word(n) in EMBEDDING_NAMES and numbers[n] >= VECTOR_NUMBERS]
    if named:
        return _one(named, EMBEDDING_NAMES)
    return _one([n for n in numbers if numbers[n] >= UNNAMED_VECTOR_NUMBERS and _is_floats(peek.types[n])])


def _last_word(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_").rpartition("_")[2]


def _is_floats(kind: Any) -> bool:
    import pyarrow as pa

    if isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    return bool(pa.types.is_floating(kind.value_type))


def _vector_numbers(peek: Peek, name: str) -> int:
    """Return the length that all vectors have; 0 where they differ."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = peek.types[name]
    if isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    if pa.types.is_fixed_size_list(kind):
        return int(kind.list_size)
    lengths = pc.unique(pc.list_value_length(peek.values(name)))
    return int(lengths[0].as_py()) if len(lengths) == 1 else 0


def _map(peek: Peek, free: Sequence[str]) -> tuple[str, str] | None:
    for pair in MAP_NAMES:
        # Few whole numbers are classes: a data frame of x and y need not be a map.
        if {*pair} <= {*free} and all(
            is_number(peek.types[n]) and kind_of(peek.values(n)) in ("number", "integer") for n in pair
        ):
            return pair
    return None


def _image(peek: Peek, free: Sequence[str]) -> tuple[str] | None:
    return _one([name for name in free if _is_pictures(peek, name)], IMAGE_NAMES)


def _is_pictures(peek: Peek, name: str) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = peek.types[name]
    if is_bytes(kind):
        values = peek.values(name)
        return bool(len(values)) and all(_is_picture(value) for value in values.to_pylist())
    if is_string(kind):
        values = peek.values(name)
        return bool(len(values)) and bool(pc.all(pc.match_substring_regex(values, PICTURE_PATTERN)).as_py())
    if pa.types.is_struct(kind) and {field.name for field in kind} == {"bytes", "path"}:
        # As `datasets` keeps pictures, and sounds: the bytes or the path's end tell.
        values = peek.values(name).to_pylist()
        return bool(values) and all(
            _is_picture(value["bytes"]) or _is_path(value["path"]) for value in values
        )
    return False


def _is_picture(value: Any) -> bool:
    """Say whether bytes begin as PNG, JPEG, GIF or WebP do."""
    if not isinstance(value, bytes):
        return False
    return value.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")) or (
        value[:4] == b"RIFF" and value[8:12] == b"WEBP"
    )


def _is_path(value: Any) -> bool:
    import re

    return isinstance(value, str) and re.match(PICTURE_PATTERN, value) is not None


def _preference(peek: Peek, free: Sequence[str]) -> tuple[str, str] | None:
    if not {"chosen", "rejected"} <= {*free}:
        return None
    kinds = [peek.types[name] for name in ("chosen", "rejected")]
    said = all(is_text(kind) for kind in kinds) or all(is_turns(kind) for kind in kinds)
    return ("chosen", "rejected") if said else None


def _chat(peek: Peek, free: Sequence[str]) -> tuple[str] | None:
    return _one([name for name in free if _is_chats(peek, name)], CHAT_NAMES)


def _is_chats(peek: Peek, name: str) -> bool:
    kind = peek.types[name]
    if is_turns(kind):
        return True
    if not is_string(kind):
        return False
    values = peek.values(name)
    return bool(len(values)) and all(_is_chat_json(value) for value in values[:PARSED_ROWS].to_pylist())


def _is_chat_json(text: str) -> bool:
    if not text.lstrip().startswith("["):
        return False
    try:
        turns = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return bool(turns) and all(
        isinstance(turn, dict) and any(turn.keys() >= {*pair} for pair in TURNS) for turn in turns
    )


def _label(peek: Peek, free: Sequence[str]) -> tuple[str] | None:
    return _category(peek, free, LABEL_NAMES)


def _source(peek: Peek, free: Sequence[str]) -> tuple[str] | None:
    return _category(peek, free, SOURCE_NAMES)


def _category(peek: Peek, free: Sequence[str], names: Sequence[str]) -> tuple[str] | None:
    named = [name for name in free if name.lower() in names]
    # Wide data has many columns of other names: only those of these are looked at.
    fit = [n for n in named if kind_of(_shown(peek, n)) in ("category", "boolean", "integer")]
    return _one(fit, names[:1])


def _shown(peek: Peek, name: str) -> pa.ChunkedArray:
    # The kind of a nested column is in its type: no value is read for it.
    import pyarrow as pa

    kind = peek.types[name]
    return pa.chunked_array([], kind) if is_list(kind) or pa.types.is_struct(kind) else peek.values(name)


def _text(peek: Peek, free: Sequence[str]) -> tuple[str] | None:
    texts = [name for name in free if is_string(peek.types[name])]
    for name in texts:
        if name.lower() == TEXT_NAMES[0]:
            return (name,)
    texts = [name for name in texts if _is_prose(peek, name)]
    # The usual names first, else the first text there is.
    texts.sort(key=lambda n: TEXT_NAMES.index(n.lower()) if n.lower() in TEXT_NAMES else len(TEXT_NAMES))
    return (texts[0],) if texts else None


def _is_prose(peek: Peek, name: str) -> bool:
    import pyarrow.compute as pc

    values = peek.values(name)
    if name.lower() in KEY_NAMES or _last_word(name) == "id" or kind_of(values) != "text":
        return False
    if _is_pictures(peek, name) or _is_chats(peek, name):
        return False
    words = pc.mean(pc.match_substring_regex(values, PROSE_PATTERN).cast("int8")).as_py()
    links = pc.mean(pc.match_substring_regex(values, LINK_PATTERN).cast("int8")).as_py()
    return bool(words >= PROSE_SHARE > links)


def _one(names: Sequence[str], usual: Sequence[str] = ()) -> tuple[str] | None:
    """Return the only column, or among several the one of a usual name; None where that does not tell."""
    if len(names) > 1:
        named = [name for wanted in usual for name in names if name.lower() == wanted]
        names = named[:1]
    return (names[0],) if names else None


# In this order: what is plain first, so that it is not taken for the text.
GUESSES: Sequence[tuple[tuple[str, ...], Callable[[Peek, Sequence[str]], tuple[str, ...] | None]]] = (
    (("key",), _key),
    (("embedding",), _embedding),
    (("x", "y"), _map),
    (("image",), _image),
    (("chosen", "rejected"), _preference),
    (("chat",), _chat),
    (("label",), _label),
    (("source",), _source),
    (("text",), _text),
)
