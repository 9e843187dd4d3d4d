"""Objects of a JSON Lines file, or of one array, a batch at a time; what is wrong is named by its line."""

from __future__ import annotations

import codecs
import itertools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datalens.table.text import SURROGATES, Trouble, mended

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import BinaryIO

    Records = list[dict[str, Any]]

CHUNK_BYTES = 4 << 20
# A batch becomes a row group: large enough to compress, small enough that a page of the table decodes quickly.
BATCH_BYTES = 16 << 20
BATCH_ROWS = 50_000
# "\ud800" to "\udfff": half of a pair, or a whole one; only such lines are looked at again.
_ESCAPED = re.compile(rb"\\u[dD][89a-fA-F]")
_FIRST_NAME = re.compile(rb'\{\s*("(?:[^"\\]|\\.)*")\s*:')
_SPACE = re.compile(r"[\s,]*")
# A complaint this close to the end of what was read so far may go away with the next chunk.
CUT_CHARACTERS = 64
NAMED = {list: "a list", str: "a text", int: "a number", float: "a number", bool: "true or false"}


def read_json(stream: BinaryIO, trouble: Trouble) -> Generator[dict[str, list[Any]]]:
    """Yield the columns of the next records: objects a line each, or the items of one array.

    Parameters
    ----------
    stream : binary file
        The text, unpacked.
    trouble : Trouble
        Told of what can't be read.

    Yields
    ------
    dict of str to list
        Equally long lists; None where an object lacks a name.

    Raises
    ------
    ValueError
        Naming the first line that is not an object, unless such lines are to be skipped.
    """
    head = stream.read(CHUNK_BYTES).removeprefix(codecs.BOM_UTF8)
    trouble.refuse_utf16(head)
    start = head.lstrip()[:1]
    if start == b"[" and _is_array(head, trouble):
        records = _items(head, stream, trouble)
    else:
        records = _lines(head, stream, trouble)
    batch: Records = []
    size = 0
    for record, length in records:
        batch.append(record)
        size += length
        if size >= BATCH_BYTES or len(batch) >= BATCH_ROWS:
            yield _columns(batch)
            batch, size = [], 0
    if batch:
        yield _columns(batch)


def _columns(records: Records) -> dict[str, list[Any]]:
    names = dict.fromkeys(name for record in records for name in record)
    return {name: [record.get(name) for record in records] for name in names}


def _is_array(head: bytes, trouble: Trouble) -> bool:
    """Say whether a text that begins with a bracket is one array, not lines that are lists."""
    if ".json" in [suffix.lower() for suffix in Path(trouble.file).suffixes]:
        return True
    after = head.lstrip()[1:].lstrip()[:1]
    return after in (b"{", b"]", b"")


def _lines(head: bytes, stream: BinaryIO, trouble: Trouble) -> Iterator[tuple[dict[str, Any], int]]:
    numbered = ((number, line.strip()) for number, line in enumerate(_split(head, stream), 1))
    filled = ((number, line) for number, line in numbered if line)
    first = list(itertools.islice(filled, 2))
    if first and Path(trouble.file).suffix.lower() == ".json":
        _refuse_one_object([line for _, line in first], trouble)
    for number, line in itertools.chain(first, filled):
        try:
            record = _parsed(line)
        except (ValueError, RecursionError) as error:
            trouble.bad_line(number, f"is not JSON: {_reason(error)}")
            continue
        if not isinstance(record, dict):
            trouble.bad_line(number, f"is {NAMED.get(type(record), 'null')}, not an object")
            continue
        if _ESCAPED.search(line) or not _is_utf8(line):
            record = mended(record, trouble)
        yield record, len(line)


def _split(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines, however long; only a line feed ends one, since JSON text may hold other separators."""
    parts: list[bytes] = []
    chunk = head
    while chunk:
        first, *rest = chunk.split(b"\n")
        parts.append(first)
        if rest:
            yield b"".join(parts)
            yield from rest[:-1]
            parts = [rest[-1]]
        chunk = stream.read(CHUNK_BYTES)
    yield b"".join(parts)


def _parsed(text: bytes) -> Any:
    # Bytes that are not UTF-8 come in as lone surrogates, which `mended` replaces and counts.
    decoded = text.decode("utf-8", "surrogateescape")
    try:
        return json.loads(decoded, strict=False)
    except json.JSONDecodeError:
        raise
    except ValueError:  # an integer of thousands of digits, which Python refuses to read: keep the digits
        return json.loads(decoded, strict=False, parse_int=_whole)


def _whole(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:
        return digits


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        what = error.msg.removesuffix(" starting at")
        return f"{what[:1].lower()}{what[1:]} at character {error.pos + 1:,}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:160]


def _refuse_one_object(first: list[bytes], trouble: Trouble) -> None:
    """Refuse a .json file that is one object: which part of it is the rows, only a person knows."""
    try:
        record = _parsed(first[0])
    except json.JSONDecodeError as error:
        if first[0].startswith(b"{") and error.pos >= len(error.doc):
            name = _FIRST_NAME.match(b"".join(first))
            rows = f"json.load(open(...))[{name[1].decode('utf-8', 'replace') if name else '...'}]"
            trouble.refuse(
                "is one JSON object over several lines, not an object a line or an array of objects",
                f"Give what holds the rows, e.g. dl.Lens({rows}).",
            )
        return
    except (ValueError, RecursionError):
        return  # the lines are read one by one, and this one is named there
    alone = len(first) == 1 and isinstance(record, dict) and record
    if alone and all(isinstance(value, list) for value in record.values()):
        names = list(record)
        is_record = isinstance(next(iter(record[names[0]]), None), dict)
        rows = f"json.load(open(...))[{names[0]!r}]"
        remedy = f"dl.Lens({rows})" if is_record else f"dl.Lens(pd.DataFrame({rows}, columns=[...]))"
        trouble.refuse(
            f"is one JSON object of lists ({', '.join(map(repr, names[:8]))}), not of rows",
            f"Give one of them, e.g. {remedy}.",
        )


def _items(head: bytes, stream: BinaryIO, trouble: Trouble) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the objects of an array, holding no more of it than the object that is being read."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    text = decoder.decode(head)
    place = text.index("[") + 1
    number, line, wanted = 0, 1 + text.count("\n", 0, place), CHUNK_BYTES
    gone = 0  # characters that are no longer held
    ended = False
    while True:
        after = _SPACE.match(text, place).end()  # type: ignore[union-attr]
        line += text.count("\n", place, after)
        place = after
        problem: Exception | None = None
        item: Any = None
        end = place
        if place < len(text):
            if text[place] == "]":
                if (text[place + 1 :] + decoder.decode(stream.read(wanted))).strip():
                    trouble.refuse("goes on after its array ends", "Write one array, or one object a line.")
                return
            try:
                item, end = _parsed_at(text, place)
            except (ValueError, RecursionError) as error:
                problem = error
        # A number that ends with the chunk may go on in the next one; an object can't.
        whole = problem is None and place < len(text) and (end < len(text) or isinstance(item, (dict, list)))
        if not whole:
            if not ended and _may_be_cut(problem, text):
                more = stream.read(wanted)
                gone += place
                ended = not more
                text, place = text[place:] + decoder.decode(more, final=ended), 0
                wanted = max(CHUNK_BYTES, len(text))  # so that one huge object is not tried again and again
                continue
            where = f"line {line}" if line > 1 else f"character {gone + place + 1:,}"
            reason = _reason(problem) if problem else "the array does not end"
            trouble.refuse(
                f"is not JSON in item {number + 1:,} of its array, at {where}: {reason}",
                "Mend it there; in an array nothing after it can be told apart. One object a line (.jsonl) could be.",
            )
        number += 1
        piece = text[place:end]
        if not isinstance(item, dict):
            trouble.bad_line(
                line, f"(item {number:,} of the array) is {NAMED.get(type(item), 'null')}, not an object"
            )
        else:
            if SURROGATES.search(piece) or "\\u" in piece:
                item = mended(item, trouble)
            yield item, len(piece)
        line += piece.count("\n")
        place = end


def _parsed_at(text: str, place: int) -> tuple[Any, int]:
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, place)
    except json.JSONDecodeError:
        raise
    except ValueError:  # as in `_parsed`
        return json.JSONDecoder(strict=False, parse_int=_whole).raw_decode(text, place)


def _may_be_cut(problem: Exception | None, text: str) -> bool:
    if not isinstance(problem, json.JSONDecodeError):
        return problem is None
    return problem.msg.startswith("Unterminated string") or problem.pos > len(text) - CUT_CHARACTERS
