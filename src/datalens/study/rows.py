"""Which rows a clause selects, a bit each; let go where they are long past and can be found again."""

from __future__ import annotations

import copy
import threading
import zlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from datalens.predicate import Predicate

    Mask = np.ndarray[Any, np.dtype[np.bool_]]
    Bits = np.ndarray[Any, np.dtype[np.uint8]]

# What the clauses of one study may hold: 200 of a million rows, 20 of ten million. What is older is evaluated again
# when somebody goes back to it.
HELD_BYTES = 24 << 20
# Of a dataset so large that even the present clauses take more.
HELD_LEAST = 8


class Shelf:
    """The rows of clauses that are held ready; those that nobody asked for longest are let go.

    Parameters
    ----------
    most : int
        How many bytes are held.
    """

    def __init__(self, most: int = HELD_BYTES) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._held: OrderedDict[int, Rows] = OrderedDict()
        self._bytes = 0

    @property
    def nbytes(self) -> int:
        """How many bytes are held now."""
        return self._bytes

    def hold(self, rows: Rows) -> None:
        """Note that rows were asked for; lets others go where there are too many."""
        with self._lock:
            if id(rows) in self._held:
                self._held.move_to_end(id(rows))
                return
            self._held[id(rows)] = rows
            self._bytes += rows.nbytes
            while self._bytes > self._most and len(self._held) > HELD_LEAST:
                _, old = self._held.popitem(last=False)
                self._bytes -= old.nbytes
                old.let_go()


class Rows:
    """The rows that a condition selects.

    Parameters
    ----------
    mask : numpy.ndarray of bool, shape (rows,)
        Which.
    shelf : Shelf
        What they are held by.
    find : callable
        Without arguments, to the mask again.

    Attributes
    ----------
    size : int
        How many rows there are.
    nbytes : int
        What they take while they are held.
    """

    def __init__(self, mask: Mask, shelf: Shelf, find: Callable[[], Mask]) -> None:
        import numpy as np

        self.size = len(mask)
        self._count: int | None = int(np.count_nonzero(mask))
        self.nbytes = -(-self.size // 8)
        self._shelf, self._find = shelf, find
        self._bits: Bits | None = np.packbits(mask, bitorder="little")
        shelf.hold(self)

    @property
    def count(self) -> int:
        """How many rows are selected."""
        if self._count is None:
            self._count = number(self.bits())
        return self._count

    def again(self) -> Rows:
        """Return the rows that the condition selects now; they are found when somebody asks for them."""
        rows = copy.copy(self)
        rows._bits = rows._count = None  # noqa: SLF001 - its own kind
        return rows

    def bits(self) -> Bits:
        """Return a bit for each row, least significant first."""
        import numpy as np

        bits = self._bits
        if bits is None:
            bits = self._bits = np.packbits(self._find(), bitorder="little")
        self._shelf.hold(self)
        return bits

    def held(self) -> Bits | None:
        """Return a bit for each row, or None where they would have to be found first."""
        return self._bits

    def mask(self) -> Mask:
        """Return a boolean for each row."""
        return unpacked(self.bits(), self.size)

    def let_go(self) -> None:
        """Hold nothing until somebody asks again."""
        self._bits = None

    def kept(self) -> KeptRows:
        """Return the same rows for good, for when the condition can't be evaluated any more."""
        return KeptRows(self.bits(), self.size, self.count)


class KeptRows:
    """Rows that nothing but their bits knows: they are held, packed."""

    def __init__(self, bits: Bits, size: int, count: int) -> None:
        self.size, self.count = size, count
        self._packed = zlib.compress(bits.tobytes(), 1)

    @property
    def nbytes(self) -> int:
        """What they take."""
        return len(self._packed)

    def bits(self) -> Bits:
        """Return a bit for each row, least significant first."""
        import numpy as np

        return np.frombuffer(zlib.decompress(self._packed), dtype=np.uint8)

    def mask(self) -> Mask:
        """Return a boolean for each row."""
        return unpacked(self.bits(), self.size)

    def kept(self) -> KeptRows:
        """Return themselves."""
        return self


class ByKey:
    """The condition of rows that were kept: their keys, made when somebody asks for them.

    A history may hold a thousand such clauses, and keys take a hundred times what the bits do.

    Parameters
    ----------
    rows : KeptRows
        Which rows.
    name : callable
        From a mask to the predicate that names its rows by key.
    """

    def __init__(self, rows: KeptRows, name: Callable[[Mask], Predicate]) -> None:
        self._rows, self._name = rows, name
        self._made: Predicate | None = None

    def predicate(self) -> Predicate:
        """Return the predicate that names the rows."""
        made = self._made
        if made is None:
            made = self._made = self._name(self._rows.mask())
        return made

    def let_go(self) -> None:
        """Forget the keys until somebody asks again."""
        self._made = None


def unpacked(bits: Bits, size: int) -> Mask:
    """Return bits, least significant first, as booleans.

    Examples
    --------
    >>> import numpy as np
    >>> unpacked(np.array([5], dtype=np.uint8), 3).tolist()
    [True, False, True]
    """
    import numpy as np

    return np.unpackbits(bits, count=size, bitorder="little").view(np.bool_)


def number(bits: Bits) -> int:
    """Return how many bits are set.

    Examples
    --------
    >>> import numpy as np
    >>> number(np.array([5, 255], dtype=np.uint8))
    10
    """
    import numpy as np

    # Words of eight bytes are counted eight times as fast.
    whole = len(bits) // 8 * 8
    counted = int(np.bitwise_count(bits[:whole].view(np.uint64)).sum())
    return counted + int(np.bitwise_count(bits[whole:]).sum())
