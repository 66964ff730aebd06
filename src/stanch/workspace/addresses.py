"""Addresses become integers once and stay so: hashing text is the dominant cost of reading a ledger."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stanch.model import Account

_SEPARATOR = "\x1f"


class AddressBook:
    """Maps accounts to dense integer ids 0, 1, 2, … in order of first sight. Ids are never reused or changed.

    Addresses must already be in normal form (`names.identifiers`): the book compares text.
    """

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def encode(self, chains: pa.Array, addresses: pa.Array) -> npt.NDArray[np.int64]:
        """Ids of the accounts (chains[i], addresses[i]); unseen ones are added. Nulls are not allowed.

        Distinct texts are found by Arrow's hash kernel; Python only sees each new account once.
        """
        text = pa.large_string()
        joined = pc.binary_join_element_wise(chains.cast(text), addresses.cast(text), pa.scalar(_SEPARATOR, text))
        if isinstance(joined, pa.ChunkedArray):
            joined = joined.combine_chunks()
        encoded = joined.dictionary_encode()
        ids = self._ids
        of_distinct = np.fromiter(
            (ids.setdefault(text, len(ids)) for text in encoded.dictionary.to_pylist()),
            dtype=np.int64,
            count=len(encoded.dictionary),
        )
        ids_of_rows: npt.NDArray[np.int64] = of_distinct[encoded.indices.to_numpy(zero_copy_only=False)]
        return ids_of_rows

    def find(self, account: Account) -> int | None:
        """The id of an account, or None when it was never seen."""
        return self._ids.get(f"{account.chain}{_SEPARATOR}{account.address}")

    def accounts(self) -> list[Account]:
        """All accounts; the position is the id."""
        return [Account(*text.split(_SEPARATOR, 1)) for text in self._ids]

    def since(self, first: int) -> list[Account]:
        """Accounts with id ≥ `first`, in order of id: what a new dictionary segment must hold."""
        return self.accounts()[first:]

    def load(self, accounts: Sequence[Account]) -> None:
        """Append accounts read back from a segment; they take the next ids in order.

        Raises:
            ValueError: an account is already known, so the segments do not fit together.
        """
        for account in accounts:
            text = f"{account.chain}{_SEPARATOR}{account.address}"
            if self._ids.setdefault(text, len(self._ids)) != len(self._ids) - 1:
                raise ValueError(f"address dictionary repeats {account}")
