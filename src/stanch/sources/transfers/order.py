"""Numbers for the movements of one transaction, where a ledger gives none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stanch.sources.transfers.vector import text_buffers

#: Size of the bitmap that remembers transactions of earlier blocks: 2^27 bits, 16 MiB.
_BITS = 27
#: Movements of a transaction that continues in a later block are numbered from block × 2^32: unique, and in file order.
_STRIDE = 1 << 32


class MovementOrder:
    """Gives each row its place among the rows of its transaction, in file order, block after block.

    A file may bring a transaction's rows far apart, and remembering every transaction of a large ledger exactly costs
    more memory than the ledger's block. So: inside one block the numbers are 0, 1, 2, …; a transaction that an earlier
    block may have held goes on from (block number) × 2^32. Numbers of one transaction are thus always unique and rise
    in file order, but may skip. "May have held" is a bitmap: after ten million transactions about 7 in 100 new ones
    take the higher numbers without need, which harms nothing.
    """

    def __init__(self) -> None:
        self._block = 0
        self._seen: npt.NDArray[np.uint8] | None = None

    def number(self, keys: pa.Array, last: bool = False) -> npt.NDArray[np.int64]:
        """The numbers of a block's rows; `keys` (text, no nulls) are equal where the transaction is.

        With `last` nothing is remembered, which saves the work for files of one block.
        """
        numbers = np.zeros(len(keys), dtype=np.int64)
        if not len(keys):
            return numbers
        marks = _marks(keys)
        if len(shared := _not_alone(marks)):
            numbers[shared] = _ranks(keys.take(pa.array(shared)).dictionary_encode().indices.to_numpy())
        if self._block or not last:
            places = (marks >> np.uint64(64 - _BITS)).astype(np.int64)
            if self._seen is None:
                self._seen = np.zeros(1 << (_BITS - 3), dtype=np.uint8)
            else:
                again = (self._seen[places >> 3] >> (places & 7).astype(np.uint8)) & 1
                numbers += again.astype(np.int64) * (self._block * _STRIDE)
            np.bitwise_or.at(self._seen, places >> 3, np.left_shift(1, places & 7).astype(np.uint8))
        self._block += 1
        return numbers


def _not_alone(marks: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """The rows whose mark another row has too, in order: few, as most transactions have one movement."""
    order = np.argsort(marks, kind="stable")
    ordered = marks[order]
    same = ordered[1:] == ordered[:-1]
    return np.sort(order[np.r_[False, same] | np.r_[same, False]])


def _ranks(codes: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """How many earlier rows have the same code."""
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[starts, len(codes)])
    ranks = np.empty(len(codes), dtype=np.int64)
    ranks[order] = np.arange(len(codes)) - np.repeat(starts, sizes)
    return ranks


def _marks(texts: pa.Array) -> npt.NDArray[np.uint64]:
    """64 bits for each text, the same on every run and machine: a mix of its last 16 bytes and its length.

    Reading the bytes where they lie costs a twentieth of hashing each text in Python. Texts that end alike share a
    mark, which costs time and numbers that skip, never a wrong order.
    """
    offsets, content = text_buffers(texts)
    data = np.concatenate((np.zeros(8, dtype=np.uint8), content[: offsets[-1]]))
    length = np.diff(offsets)
    mixed = length.astype(np.uint64)
    for back in (0, 8):
        # Eight bytes, of which those before the text's own start are shifted out.
        have = np.clip(length - back, 0, 8)
        at = np.maximum(offsets[1:] - back - 8, -8)[:, None] + np.arange(8, 16)
        word = data[at].view("<u8").ravel()
        word = np.where(have > 0, word >> (8 * (8 - np.maximum(have, 1))).astype(np.uint64), 0)
        mixed = (mixed ^ word) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed * np.uint64(0x9E3779B97F4A7C15)
