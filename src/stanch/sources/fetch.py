"""Fetching official files over HTTPS: conditional, bounded, retried, and never half a file under its name.

Knows neither cards nor the workspace: URLs and a folder in, files and validators out.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from stanch import __version__
from stanch.exc import FetchError
from stanch.model import now_utc

#: Called with the bytes received so far and the expected total (None when the server does not say).
Progress = Callable[[int, int | None], None]

_MAX_REDIRECTS = 5
_RETRIED_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient a fetch is. Seconds; `attempts` counts the first one; the pause doubles from `pause_s`."""

    connect_timeout_s: float = 10.0
    read_timeout_s: float = 30.0
    deadline_s: float = 900.0
    attempts: int = 4
    pause_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave with a file, to ask next time whether it changed."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as received. `url` is the one asked for, not where redirects led (those links expire)."""

    path: Path
    url: str
    sha256: str
    size: int
    fetched_at: datetime
    validators: Validators


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that the file is the one already held."""

    url: str


class _RetryError(Exception):
    """An attempt failed in a way that another may not."""


def fetch(
    url: str,
    target: Path,
    max_bytes: int,
    held: Validators | None = None,
    policy: Policy | None = None,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Fetched | NotModified:
    """Fetch `url` to the file `target`, which appears only when all of it has arrived and is on disk.

    Server errors, time-outs and transfers that break off are tried again, each from the start.

    Raises:
        FetchError: not HTTPS (plain HTTP is for this machine only), refused, larger than `max_bytes`, empty, or still
            failing after the last attempt.
    """
    policy = policy or Policy()
    deadline = time.monotonic() + policy.deadline_s
    reason = ""
    for attempt in range(policy.attempts):
        if attempt:
            sleep(policy.pause_s * 2 ** (attempt - 1))
        try:
            return _attempt(url, target, max_bytes, held or Validators(), policy, progress, deadline)
        except (httpx.TimeoutException, httpx.NetworkError, httpx.ProtocolError, httpx.ProxyError, _RetryError) as err:
            reason = str(err) or type(err).__name__
        except httpx.HTTPError as err:
            raise FetchError(f"{_shown(url)}: {err}") from err
        if time.monotonic() > deadline:
            break
    raise FetchError(
        f"{_shown(url)}: {reason} ({attempt + 1} attempts); what is held stays, try again later or use --from FILE"
    )


def _attempt(
    url: str,
    target: Path,
    max_bytes: int,
    held: Validators,
    policy: Policy,
    progress: Progress | None,
    deadline: float,
) -> Fetched | NotModified:
    timeout = httpx.Timeout(policy.read_timeout_s, connect=policy.connect_timeout_s)
    headers = {"User-Agent": f"stanch/{__version__}", "Accept-Encoding": "identity"}
    if held.etag:
        headers["If-None-Match"] = held.etag
    if held.last_modified:
        headers["If-Modified-Since"] = held.last_modified
    # Proxy settings of the environment do not apply to this machine itself.
    with httpx.Client(timeout=timeout, headers=headers, trust_env=not _is_loopback(url)) as client:
        address = url
        for _ in range(_MAX_REDIRECTS + 1):
            _check_address(address, allow_http=_is_loopback(url))
            with client.stream("GET", address) as response:
                if response.is_redirect and "location" in response.headers:
                    address = urljoin(address, response.headers["location"])
                    continue
                if response.status_code == httpx.codes.NOT_MODIFIED and held != Validators():
                    return NotModified(url)
                _check_status(url, response)
                return _save(url, response, target, max_bytes, progress, deadline)
    raise FetchError(f"{_shown(url)}: more than {_MAX_REDIRECTS} redirects")


def _save(
    url: str, response: httpx.Response, target: Path, max_bytes: int, progress: Progress | None, deadline: float
) -> Fetched:
    declared = response.headers.get("content-length", "")
    total = int(declared) if declared.isdigit() else None
    if total is not None and total > max_bytes:
        raise _too_large(url, max_bytes)
    digest, size = hashlib.sha256(), 0
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as stream:
            for chunk in _chunks(response, deadline):
                size += len(chunk)
                if size > max_bytes:
                    raise _too_large(url, max_bytes)
                digest.update(chunk)
                stream.write(chunk)
                if progress is not None:
                    progress(size, total)
            if total is not None and response.num_bytes_downloaded != total:
                raise _RetryError(f"the transfer broke off after {response.num_bytes_downloaded:,} of {total:,} bytes")
            if size == 0:
                raise _RetryError("the server sent an empty file")
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    validators = Validators(response.headers.get("etag", ""), response.headers.get("last-modified", ""))
    return Fetched(target, url, digest.hexdigest(), size, now_utc(), validators)


def _chunks(response: httpx.Response, deadline: float) -> Iterator[bytes]:
    """The decoded body as it arrives, so that a server that drips bytes for ever runs into the deadline."""
    for chunk in response.iter_bytes():
        if time.monotonic() > deadline:
            raise _RetryError("the transfer took too long")
        yield chunk


def _check_status(url: str, response: httpx.Response) -> None:
    status = response.status_code
    if status in _RETRIED_STATUS:
        raise _RetryError(f"the server answered {status}")
    if status != httpx.codes.OK:
        raise FetchError(f"{_shown(url)}: the server answered {status} {response.reason_phrase}; what is held stays")


def _check_address(url: str, allow_http: bool) -> None:
    """HTTPS everywhere; plain HTTP only where the fetch began on this machine, so that no redirect leads there."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise FetchError(f"{_shown(url)}: not a web address")
    if parts.scheme == "http" and not (allow_http and _is_loopback(url)):
        raise FetchError(f"{_shown(url)}: only https is fetched (http on this machine itself only)")


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _too_large(url: str, max_bytes: int) -> FetchError:
    return FetchError(f"{_shown(url)}: larger than {max_bytes / 1024**2:,.0f} MiB; what is held stays")


def _shown(url: str) -> str:
    """The address without a query, which can hold credentials."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"[:300]
