"""Engagement records: the documented example, other spellings, wrong shapes, and hostile records."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.exc import InputError
from stanch.model import Engagement, Login, Payout
from stanch.sources.base import Record, Rejected, RejectedField
from stanch.sources.engagements import ENGAGEMENT_SCHEMA, EXAMPLE, read_engagements
from stanch.sources.raw import RawFile

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def read(tmp_path: Path, text: str) -> tuple[list[Engagement], list[Rejected]]:
    path = tmp_path / "e.jsonl"
    path.write_text(text, encoding="utf-8")
    items = list(read_engagements(RawFile.open(path), now=NOW))
    good = [item.value for item in items if isinstance(item, Record)]
    return good, [item for item in items if isinstance(item, Rejected)]


def read_one(tmp_path: Path, record: dict[str, Any]) -> tuple[Engagement, list[Rejected]]:
    (good,), rejected = read(tmp_path, json.dumps(record))
    return good, rejected


def test_the_documented_example_is_read_whole(tmp_path: Path) -> None:
    engagement, rejected = read_one(tmp_path, EXAMPLE)
    assert rejected == []
    assert engagement.id == "c-1001"
    assert engagement.emails == ("jan.example@example.com",)
    assert engagement.start == datetime(2025, 3, 1, tzinfo=UTC)
    assert engagement.logins == (Login(datetime(2025, 3, 3, 9, 12, tzinfo=UTC), "198.51.100.7", "fp-2f9a"),)
    assert engagement.payouts[0].iban == "PL61109010140000071219812874"
    assert engagement.extra == {"cv_text": EXAMPLE["cv_text"]}


def test_the_schema_knows_every_field_of_the_example() -> None:
    assert ENGAGEMENT_SCHEMA["$schema"].endswith("2020-12/schema")
    assert set(EXAMPLE) - {"cv_text"} <= set(ENGAGEMENT_SCHEMA["properties"])
    assert set(ENGAGEMENT_SCHEMA["$defs"]) == {"LoginShape", "PayoutShape"}


def test_single_values_and_other_spellings_are_read(tmp_path: Path) -> None:
    engagement, _ = read_one(
        tmp_path,
        {
            "engagement_id": 5,
            "email": "a@b.com",
            "phone": 821012345678,
            "client": "X",
            "payout": {"wallet": "T9", "chain": "tron"},
            "logins": {"time": 1741000000, "ip": "2001:DB8::1"},
        },
    )
    assert (engagement.id, engagement.emails, engagement.phones) == ("5", ("a@b.com",), ("821012345678",))
    assert engagement.employer == "X"
    assert engagement.payouts == (Payout(wallet="T9", chain="tron"),)
    assert engagement.logins[0].ip == "2001:db8::1"


def test_flat_csv_is_read(tmp_path: Path) -> None:
    text = (
        "id,name,emails,iban,holder,login_time,ip,shirt\n1,A,a@b.com;c@d.com,DE89,A B,2025-03-03T09:12:00Z,10.0.0.1,L\n"
    )
    (engagement,), rejected = read(tmp_path, text)
    assert rejected == []
    assert engagement.emails == ("a@b.com", "c@d.com")
    assert engagement.payouts == (Payout(holder="A B", iban="DE89"),)
    assert engagement.logins == (Login(datetime(2025, 3, 3, 9, 12, tzinfo=UTC), "10.0.0.1"),)
    assert engagement.extra == {"shirt": "L"}


def test_csv_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no column for id \(the file has: shoe, size\)"):
        read(tmp_path, "shoe,size\n1,2\n")


def test_unknown_keys_are_kept_also_inside_logins(tmp_path: Path) -> None:
    login = {"time": "2025-03-03", "vpn": True}
    engagement, _ = read_one(tmp_path, {"id": "1", "logins": [login], "score": {"a": [1]}})
    assert engagement.extra == {"score": {"a": [1]}, "logins": [login]}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('["a"]', "not a JSON object"),
        ('"a"', "not a JSON object"),
        ("{", "not JSON"),
        ("{" * 100_000, "not JSON"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('{"a":' * 100 + "1" + "}" * 100, "nested too deeply"),
        ('{"id": "1", "logins": "yesterday"}', "Expected"),
        ('{"id": "1", "logins": [{"ip": "10.0.0.1"}]}', "Object missing required field time - at logins[0]"),
        ('{"id": "1", "logins": [{"time": "2025-03-03", "ip": 5}]}', "Expected str | null, got int - at logins[0].ip"),
        ('{"id": "1", "emails": {"a": 1}}', "Expected"),
        ('{"id": true}', "Expected int | str | null, got bool - at id"),
        ('{"id": "0", "name": "again"}', "id: '0' is already on line 1"),
        ('{"id": "1", "name": "a\\u0000b"}', "holds damaged characters"),
    ],
)
def test_a_record_of_wrong_shape_costs_itself_only(tmp_path: Path, line: str, reason: str) -> None:
    good, (bad,) = read(tmp_path, f'{{"id": "0"}}\n{line}\n{{"id": "9"}}\n')
    assert [engagement.id for engagement in good] == ["0", "9"]
    assert bad.line == 2
    assert bad.reason.startswith(reason)
    assert not isinstance(bad, RejectedField)
    assert bad.remedy


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"start": "9999-01-01"}, "start: 9999-01-01 is in the future"),
        ({"start": "soon"}, "start: not an ISO 8601 time"),
        ({"logins": [{"time": "9999-01-01"}]}, "logins[0].time: 9999-01-01 is in the future"),
        ({"logins": [{"time": "2025-01-01", "ip": "1.2.3"}]}, "logins[0].ip: not an IP address: '1.2.3'"),
        ({"payouts": [{"iban": "DE89", "since": "x"}]}, "payouts[0].since: not an ISO 8601 time"),
    ],
)
def test_a_bad_value_is_dropped_and_the_record_kept(tmp_path: Path, record: dict[str, Any], reason: str) -> None:
    engagement, (notice,) = read_one(tmp_path, {"id": "1", **record})
    assert engagement.id == "1"
    assert isinstance(notice, RejectedField)
    assert notice.reason.startswith(reason)
    assert notice.reason.endswith("; the rest of the row is kept")


def test_a_record_without_id_is_numbered(tmp_path: Path) -> None:
    good, _ = read(tmp_path, '{"name": "A"}\nbad\n{"name": "B"}\n')
    assert [engagement.id for engagement in good] == ["row-1", "row-3"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(blacklist_categories=["Cs"]), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(ENGAGEMENT_SCHEMA["properties"])) | st.text(max_size=4), JSON, max_size=5)
)
def test_any_json_object_gives_a_record_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, record: dict[str, Any]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    items = list(read_engagements(RawFile.open(path), now=NOW))
    assert sum(not isinstance(item, RejectedField) for item in items) == 1
    assert all(item.reason for item in items if isinstance(item, Rejected))
