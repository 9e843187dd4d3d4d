"""What the kernel and a view say to one another. Mirrors js/src/host/protocol.ts.

A request is ``{v, id, verb, args}``; its reply carries the same id. Binary results follow their JSON as one run
of bytes, cut into parts. The verbs are fixed: the browser never sends code or SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np

    from datalens.space.points import Points

PROTOCOL_VERSION = 1
# Well under the 5 MB that a message to the browser may have, and few enough parts for 10M points.
PART_BYTES = 4 * 1024 * 1024
# WebGL and typed arrays want their elements aligned.
ALIGNMENT = 8

Message = dict[str, Any]


def messages(
    head: Message, body: Message, arrays: Mapping[str, np.ndarray[Any, Any]]
) -> Iterator[tuple[Message, list[memoryview]]]:
    """Cut a reply or an event into messages of bounded size.

    Parameters
    ----------
    head : dict
        What every part carries: version, id or event, revision.
    body : dict
        What the first part alone carries.
    arrays : mapping of str to numpy.ndarray
        uint8, uint16 or uint32 arrays; their bytes follow one another.

    Yields
    ------
    message : dict
        JSON content.
    buffers : list of memoryview
        At most one buffer of `PART_BYTES`.
    """
    payload, infos = packed(arrays)
    parts = max(1, -(-len(payload) // PART_BYTES))
    for part in range(parts):
        chunk = payload[part * PART_BYTES : (part + 1) * PART_BYTES]
        content = {**head, "part": part, "parts": parts}
        if part == 0:
            content |= body
            if infos:
                content["arrays"] = infos
        yield content, [chunk] if len(chunk) else []


def packed(arrays: Mapping[str, np.ndarray[Any, Any]]) -> tuple[memoryview, list[Message]]:
    """Return arrays as one run of bytes, and what slices it: name, dtype, length, offset of each."""
    infos: list[Message] = []
    size = 0
    for name, array in arrays.items():
        infos.append({"name": name, "dtype": str(array.dtype), "length": int(array.size), "offset": size})
        size += -(-array.nbytes // ALIGNMENT) * ALIGNMENT
    payload = bytearray(size)
    for info, array in zip(infos, arrays.values(), strict=True):
        payload[info["offset"] : info["offset"] + array.nbytes] = array.reshape(-1).view("uint8").data
    return memoryview(payload), infos


def wire_points(x: str, y: str, points: Points, rows: int) -> tuple[Message, dict[str, np.ndarray[Any, Any]]]:
    """Return points as a view is told of them.

    Parameters
    ----------
    x, y : str
        The columns they are made of.
    points : Points
        What to tell.
    rows : int
        Of the dataset, with those that have no place.

    Returns
    -------
    result : dict
        `PointsResult` of protocol.ts without its version.
    arrays : dict of str to numpy.ndarray
        "xy"; where rows have no place, also "placed", a bit for each row, least significant first.
    """
    import numpy as np

    n = len(points.rows)
    arrays: dict[str, np.ndarray[Any, Any]] = {"xy": points.xy}
    if n < rows:
        placed = np.zeros(rows, dtype=bool)
        placed[points.rows] = True
        arrays["placed"] = np.packbits(placed, bitorder="little")
    return {"x": x, "y": y, "n": n, "origin": points.origin, "scale": points.scale}, arrays


def error_of(error: BaseException) -> Message:
    """Return the envelope of an error: its class and its sentence."""
    text = str(error).strip() or type(error).__name__
    return {"kind": type(error).__name__, "message": text}
