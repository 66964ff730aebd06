"""Fetching, against an HTTP server on this machine that answers as told."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback_server import Answer, Loopback

from stanch.exc import FetchError
from stanch.sources.fetch import Fetched, NotModified, Policy, Validators, fetch

BODY = b"<CONSOLIDATED_LIST>" + b"x" * 300_000
QUICK = Policy(connect_timeout_s=2, read_timeout_s=0.3, deadline_s=20, attempts=3, pause_s=1)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


class Pauses(list[float]):
    """Records how long a fetch would have waited."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def get(
    server: Loopback, folder: Path, held: Validators | None = None, limit: int = 10**6, pauses: Pauses | None = None
) -> Fetched | NotModified:
    pauses = Pauses() if pauses is None else pauses
    return fetch(f"{server.url}/list.xml", folder / "list.xml", limit, held, QUICK, sleep=pauses)


def test_file_arrives_with_hash_and_validators(server: Loopback, tmp_path: Path) -> None:
    server.answers(
        "/list.xml", Answer(BODY, headers={"ETag": '"v1"', "Last-Modified": "Fri, 27 Feb 2026 00:00:09 GMT"})
    )
    result = get(server, tmp_path)
    assert isinstance(result, Fetched)
    assert result.path.read_bytes() == BODY
    assert (result.sha256, result.size) == (hashlib.sha256(BODY).hexdigest(), len(BODY))
    assert result.validators == Validators('"v1"', "Fri, 27 Feb 2026 00:00:09 GMT")
    assert [path.name for path in tmp_path.iterdir()] == ["list.xml"]


def test_validators_are_sent_and_304_is_not_modified(server: Loopback, tmp_path: Path) -> None:
    server.answers("/list.xml", Answer(status=304))
    assert get(server, tmp_path, Validators('"v1"', "yesterday")) == NotModified(f"{server.url}/list.xml")
    sent = server.requests[0].headers
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('"v1"', "yesterday")
    assert list(tmp_path.iterdir()) == []


def test_304_to_a_question_not_asked_is_an_error(server: Loopback, tmp_path: Path) -> None:
    server.answers("/list.xml", Answer(status=304))
    with pytest.raises(FetchError, match="304"):
        get(server, tmp_path)


def test_server_error_is_tried_again_with_growing_pauses(server: Loopback, tmp_path: Path) -> None:
    server.answers("/list.xml", Answer(status=500), Answer(status=503), Answer(BODY))
    pauses = Pauses()
    assert isinstance(get(server, tmp_path, pauses=pauses), Fetched)
    assert pauses == [1, 2]


def test_lasting_server_error_ends_after_the_last_attempt(server: Loopback, tmp_path: Path) -> None:
    server.answers("/list.xml", *[Answer(status=500)] * 9)
    with pytest.raises(FetchError, match=r"answered 500 \(3 attempts\)"):
        get(server, tmp_path)
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [403, 404, 410])
def test_refusal_is_not_tried_again(server: Loopback, tmp_path: Path, status: int) -> None:
    server.answers("/list.xml", Answer(status=status), Answer(BODY))
    with pytest.raises(FetchError, match=str(status)):
        get(server, tmp_path)
    assert len(server.requests) == 1


def test_transfer_cut_half_way_is_fetched_again_from_the_start(server: Loopback, tmp_path: Path) -> None:
    server.answers("/list.xml", Answer(BODY, cut_at=len(BODY) // 2), Answer(BODY))
    result = get(server, tmp_path)
    assert isinstance(result, Fetched)
    assert result.path.read_bytes() == BODY


def test_transfer_always_cut_leaves_nothing_behind(server: Loopback, tmp_path: Path) -> None:
    server.answers("/list.xml", *[Answer(BODY, cut_at=1000)] * 3)
    with pytest.raises(FetchError, match="attempts"):
        get(server, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_failed_fetch_leaves_the_file_of_before(server: Loopback, tmp_path: Path) -> None:
    (tmp_path / "list.xml").write_bytes(b"held")
    server.answers("/list.xml", *[Answer(BODY, cut_at=1000)] * 3)
    with pytest.raises(FetchError):
        get(server, tmp_path)
    assert (tmp_path / "list.xml").read_bytes() == b"held"


def test_silent_server_times_out_and_is_tried_again(server: Loopback, tmp_path: Path) -> None:
    server.answers("/list.xml", Answer(BODY, delay_s=1.0), Answer(BODY))
    assert isinstance(get(server, tmp_path), Fetched)


def test_dripping_server_runs_into_the_deadline(server: Loopback, tmp_path: Path) -> None:
    server.answers("/list.xml", *[Answer(b"x" * 100, drip_s=0.05)] * 5)
    policy = Policy(read_timeout_s=2, deadline_s=0.3, attempts=5, pause_s=0)
    with pytest.raises(FetchError, match="too long"):
        fetch(f"{server.url}/list.xml", tmp_path / "list.xml", 10**6, policy=policy)


@pytest.mark.parametrize("with_length", [True, False])
def test_oversize_file_is_refused(server: Loopback, tmp_path: Path, with_length: bool) -> None:
    server.answers("/list.xml", Answer(BODY, with_length=with_length))
    with pytest.raises(FetchError, match="larger than"):
        get(server, tmp_path, limit=100_000)
    assert list(tmp_path.iterdir()) == []


def test_compressed_transfer_is_bounded_after_unpacking(server: Loopback, tmp_path: Path) -> None:
    server.answers("/list.xml", Answer(gzip.compress(bytes(5_000_000)), headers={"Content-Encoding": "gzip"}))
    with pytest.raises(FetchError, match="larger than"):
        get(server, tmp_path)


def test_compressed_transfer_is_unpacked(server: Loopback, tmp_path: Path) -> None:
    server.answers("/list.xml", Answer(gzip.compress(BODY), headers={"Content-Encoding": "gzip"}))
    result = get(server, tmp_path)
    assert isinstance(result, Fetched)
    assert result.path.read_bytes() == BODY


def test_empty_file_is_refused(server: Loopback, tmp_path: Path) -> None:
    server.answers("/list.xml", *[Answer(b"")] * 3)
    with pytest.raises(FetchError, match="empty"):
        get(server, tmp_path)


def test_redirect_is_followed_and_the_asked_address_is_kept(server: Loopback, tmp_path: Path) -> None:
    server.answers("/list.xml", Answer(status=302, headers={"Location": "/signed?secret=1"}))
    server.answers("/signed?secret=1", Answer(BODY))
    result = get(server, tmp_path)
    assert isinstance(result, Fetched)
    assert result.url == f"{server.url}/list.xml"


def test_endless_redirects_end(server: Loopback, tmp_path: Path) -> None:
    server.answers("/list.xml", *[Answer(status=302, headers={"Location": "/list.xml"})] * 9)
    with pytest.raises(FetchError, match="redirects"):
        get(server, tmp_path)


@pytest.mark.parametrize(
    "target",
    ["http://example.org/list.xml", "file:///etc/passwd", "ftp://127.0.0.1/x", "//", "http://127.0.0.1.evil/x"],
)
def test_redirect_away_from_https_is_refused(server: Loopback, tmp_path: Path, target: str) -> None:
    server.answers("/list.xml", Answer(status=302, headers={"Location": target}))
    with pytest.raises(FetchError, match=r"only https|not a web address|redirects"):
        get(server, tmp_path)


@pytest.mark.parametrize("url", ["http://scsanctions.un.org/x", "file:///etc/passwd", "", "http://10.0.0.1/x"])
def test_plain_http_is_refused_elsewhere(tmp_path: Path, url: str) -> None:
    with pytest.raises(FetchError, match=r"only https|not a web address"):
        fetch(url, tmp_path / "x", 100)


def test_closed_port_is_an_error_in_one_line(tmp_path: Path) -> None:
    with Loopback() as server:
        url = server.url
    with pytest.raises(FetchError) as caught:
        fetch(f"{url}/x", tmp_path / "x", 100, policy=Policy(attempts=2, pause_s=0))
    assert "\n" not in str(caught.value)
    assert "--from FILE" in str(caught.value)


def test_address_in_an_error_hides_credentials(server: Loopback, tmp_path: Path) -> None:
    server.answers("/x?token=hush", Answer(status=404))
    with pytest.raises(FetchError) as caught:
        fetch(f"{server.url}/x?token=hush", tmp_path / "x", 100)
    assert "hush" not in str(caught.value)


def test_progress_is_told_bytes_and_total(server: Loopback, tmp_path: Path) -> None:
    server.answers("/list.xml", Answer(BODY))
    seen: list[tuple[int, int | None]] = []
    fetch(f"{server.url}/list.xml", tmp_path / "x", 10**6, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(BODY), len(BODY))
    assert seen == sorted(seen)
