"""Whole columns of a ledger at once: what has the usual form passes by a few Arrow kernels, and only the distinct rest
is read by the exact functions of `fields`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stanch.model.times import EARLIEST
from stanch.names.identifiers import checksums_ok, normalise_address
from stanch.sources.transfers import fields

TIME_TYPE = pa.timestamp("us", tz="UTC")
#: What the exact functions would return unchanged; each pattern must be narrower than its function.
_AMOUNT = r"^[0-9]{1,30}(\.[0-9]{1,30})?$"
_TX_HASH = r"^0x[0-9a-f]{1,64}$"
_TX_WORD = r"^[0-9a-zA-Z][0-9a-zA-Z_.:#-]{0,99}$"
_EVM_ADDRESS = r"^0x[0-9a-f]{40}$"
_EVM_MIXED = re.compile(r"(?:0[xX]|\\x)[0-9a-fA-F]{40}")
_INDEX = r"^[0-9]{1,18}$"
_DAY = (
    r"(?:19|20)[0-9]{2}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|"
    r"(?:0[13578]|1[02])-31)"
)
_CLOCK = r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"
_TIME = rf"^{_DAY}{_CLOCK}$"
_TIME_ZONED = rf"^{_DAY}{_CLOCK}(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])$"
_SECONDS = r"^[0-9]{9,10}$"
_MILLISECONDS = r"^[0-9]{12,13}$"
_HEX = np.isin(np.arange(256), np.frombuffer(b"0123456789abcdef", dtype=np.uint8))
#: From this many addresses on, checking EIP-55 side by side is faster than one at a time.
_SIDE_BY_SIDE = 16


@dataclass(slots=True)
class Column:
    """A field's values, null where the cell is bad; `errors` gives the reason by row."""

    values: pa.Array
    errors: dict[int, str] = field(default_factory=dict)


Exact = Callable[[list[str]], Iterable[Any]]


def each(function: Callable[[str], Any]) -> Exact:
    """Apply an exact function to distinct texts; a ValueError stands for the value it refuses."""

    def run(texts: list[str]) -> Iterable[Any]:
        for text in texts:
            try:
                yield function(text)
            except ValueError as err:
                yield err

    return run


def settle(texts: pa.Array, usual: pa.Array, values: pa.Array, exact: Exact) -> Column:
    """Keep `values` where `usual`; read the distinct other `texts` by `exact`."""
    rest = np.flatnonzero(~usual.to_numpy(zero_copy_only=False))
    if len(rest) == 0:
        return Column(values)
    odd = (texts if len(rest) == len(texts) else texts.take(pa.array(rest))).dictionary_encode()
    answers = list(exact(odd.dictionary.to_pylist()))
    distinct = pa.array([None if isinstance(item, ValueError) else item for item in answers], type=values.type)
    values = pc.replace_with_mask(values, pc.invert(usual), distinct.take(odd.indices))
    refused = np.array([isinstance(item, ValueError) for item in answers], dtype=bool)
    codes = odd.indices.to_numpy(zero_copy_only=False)
    return Column(values, {int(rest[i]): str(answers[codes[i]]) for i in np.flatnonzero(refused[codes])})


def texts_of(array: pa.Array) -> pa.Array:
    """A column of a block as text without nulls; raw bytes (as Parquet exports of chains hold) as 0x hex."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        array = pa.array([None if item is None else "0x" + item.hex() for item in array.to_pylist()], pa.string())
    elif kind != pa.string():
        array = array.cast(pa.string())
    return pc.fill_null(array, "") if array.null_count else array


def text_buffers(texts: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Where each text begins and the last ends, and the bytes they lie in, without copying these."""
    _, offsets, data = texts.buffers()
    places = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    return places, np.frombuffer(data if data is not None else b"", dtype=np.uint8)


def _all_hex(texts: pa.Array, digits: int) -> bool:
    """Whether every text is 0x and that many lower-case hex digits: the common case, at a third of a pattern's cost."""
    if not len(texts) or texts.null_count:
        return False
    places, data = text_buffers(texts)
    if not np.array_equal(np.diff(places), np.full(len(texts), digits + 2)):
        return False
    rows = data[places[0] : places[-1]].reshape(len(texts), digits + 2)
    return bool((rows[:, 0] == 0x30).all() and (rows[:, 1] == 0x78).all() and _HEX[rows[:, 2:]].all())


def matches(texts: pa.Array, pattern: str) -> pa.Array:
    """Which texts match a pattern."""
    return pc.match_substring_regex(texts, pattern)


def times(array: pa.Array, now: datetime) -> Column:
    """Times as microseconds in UTC, in the range of events."""
    typed = pa.types.is_timestamp(array.type)
    moments = _utc(array) if typed else _parse_times(array)
    earliest, latest = pa.scalar(EARLIEST, TIME_TYPE), pa.scalar(now + timedelta(days=1), TIME_TYPE)
    usual = pc.fill_null(pc.and_(pc.greater_equal(moments, earliest), pc.less_equal(moments, latest)), False)
    if typed and not pc.all(usual).as_py():
        array = texts_of(moments)  # the reasons are found by the exact function, which reads text
    return settle(array, usual, moments, each(partial(fields.read_time, now=now)))


def _utc(array: pa.Array) -> pa.Array:
    if array.type.tz is None:
        return pc.cast(array, pa.timestamp("us"), safe=False).cast(TIME_TYPE)
    return pc.cast(array, TIME_TYPE, safe=False)


def _from_naive(texts: pa.Array) -> pa.Array:
    return texts.cast(pa.timestamp("us")).cast(TIME_TYPE)


def _from_zoned(texts: pa.Array) -> pa.Array:
    return texts.cast(TIME_TYPE)


def _from_seconds(texts: pa.Array) -> pa.Array:
    return pc.multiply(texts.cast(pa.int64()), 1_000_000).cast(TIME_TYPE)


def _from_milliseconds(texts: pa.Array) -> pa.Array:
    return pc.multiply(texts.cast(pa.int64()), 1_000).cast(TIME_TYPE)


_TIME_FORMS: tuple[tuple[str, Callable[[pa.Array], pa.Array]], ...] = (
    (_TIME, _from_naive),
    (_TIME_ZONED, _from_zoned),
    (_SECONDS, _from_seconds),
    (_MILLISECONDS, _from_milliseconds),
)


def _parse_times(texts: pa.Array) -> pa.Array:
    """Moments of the texts in the usual forms, null for the others. One form a file is the rule, so try it first."""
    result = pa.nulls(len(texts), TIME_TYPE)
    # The form of the first text is most likely the form of all.
    first = texts.slice(0, 1)
    for pattern, parse in sorted(_TIME_FORMS, key=lambda form: not pc.any(matches(first, form[0])).as_py()):
        usual = matches(texts, pattern)
        count = pc.sum(usual).as_py() or 0
        if count == len(texts):
            return parse(texts)
        if count:
            result = pc.replace_with_mask(result, usual, parse(texts.filter(usual)))
    return result


def amounts(texts: pa.Array) -> Column:
    """Amounts as exact decimal text."""
    return settle(texts, matches(texts, _AMOUNT), texts, each(fields.read_amount))


def optional_amounts(texts: pa.Array) -> Column:
    """Amounts, null where the cell is empty or bad."""
    empty = pc.equal(pc.utf8_trim_whitespace(texts), "")
    column = settle(texts, pc.or_(empty, matches(texts, _AMOUNT)), texts, each(fields.read_amount))
    return Column(pc.if_else(empty, pa.scalar(None, pa.string()), column.values), column.errors)


def transaction_ids(texts: pa.Array) -> Column:
    """Transaction ids in normal form."""
    if _all_hex(texts, 64):
        return Column(texts)
    usual = matches(texts, _TX_HASH)
    if not pc.all(usual).as_py():
        bare = pc.and_(matches(texts, _TX_WORD), pc.invert(matches(texts, r"^0[xX]")))
        usual = pc.or_(usual, bare)
    return settle(texts, usual, texts, each(fields.read_tx))


def indices(texts: pa.Array) -> Column:
    """Places in the transaction, as integers."""
    usual = matches(texts, _INDEX)
    values = pc.if_else(usual, texts, "0").cast(pa.int64())
    return settle(texts, usual, values, each(fields.read_index))


def chains(texts: pa.Array) -> Column:
    """Chains in normal form. Few are distinct, so all go the exact way."""
    return settle(texts, pa.array(np.zeros(len(texts), dtype=bool)), texts, each(fields.read_chain))


def by_chain(chain: pa.Array | str, texts: pa.Array, read: Callable[[str, pa.Array], Column]) -> Column:
    """Read a column whose meaning hangs on the row's chain (one text when all rows have the same). Rows without a chain
    get null and no reason."""
    if isinstance(chain, str):
        return read(chain, texts)
    names = chain.dictionary_encode()
    known = names.dictionary.to_pylist()
    codes = names.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    result = Column(pa.nulls(len(texts), pa.string()))
    for code, name in enumerate(known):
        rows = np.flatnonzero(codes == code)
        part = read(name, texts.take(pa.array(rows)))
        result.values = pc.replace_with_mask(result.values, pa.array(codes == code), part.values)
        result.errors |= {int(rows[i]): reason for i, reason in part.errors.items()}
    return result


def addresses(chain: str, texts: pa.Array) -> Column:
    """Addresses of one chain in normal form."""
    if not chain.startswith("eip155:"):
        return settle(texts, pa.array(np.zeros(len(texts), dtype=bool)), texts, each(partial(normalise_address, chain)))
    if _all_hex(texts, 40):
        return Column(texts)
    return settle(texts, matches(texts, _EVM_ADDRESS), texts, partial(_evm, chain))


def _evm(chain: str, texts: list[str]) -> Iterable[Any]:
    """`normalise_address` for many, with their checksums verified side by side."""
    exact = each(partial(normalise_address, chain))
    bare = [text.strip() for text in texts]
    shaped = [text for text in bare if _EVM_MIXED.fullmatch(text)]
    if len(shaped) < _SIDE_BY_SIDE:
        return exact(texts)
    good = {text for text, ok in zip(shaped, checksums_ok(shaped, chain), strict=True) if ok}
    # A verified address needs no second look; the others get their reason from the exact function.
    reasons = iter(exact([text for text in bare if text not in good]))
    return ["0x" + text[2:].lower() if text in good else next(reasons) for text in bare]


def assets(chain: str, texts: pa.Array) -> Column:
    """Asset ids on one chain. Few are distinct, so all go the exact way."""
    none = pa.array(np.zeros(len(texts), dtype=bool))
    return settle(texts, none, texts, each(partial(fields.read_asset, chain)))
