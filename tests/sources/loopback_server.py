"""An HTTP server on this machine whose answers a test writes down beforehand."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


@dataclass(frozen=True)
class Answer:
    """One answer. `cut_at` closes the connection after so many bytes; `delay_s` waits first; `drip_s` pauses after
    each byte."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_at: int | None = None
    delay_s: float = 0.0
    drip_s: float = 0.0
    with_length: bool = True


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]


class Loopback:
    """Answers each path with its answers in turn; the last one stays."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._answers: defaultdict[str, deque[Answer]] = defaultdict(deque)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answers(self, path: str, *answers: Answer) -> None:
        self._answers[path].extend(answers)

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                loopback.requests.append(Request(self.path, dict(self.headers)))
                answers = loopback._answers[self.path]
                answer = Answer(status=404) if not answers else answers.popleft() if len(answers) > 1 else answers[0]
                time.sleep(answer.delay_s)
                with contextlib.suppress(OSError):  # the client may be gone
                    self._write(answer)

            def _write(self, answer: Answer) -> None:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.with_length and answer.status != 304:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if answer.drip_s:
                    for byte in answer.body:
                        self.wfile.write(bytes([byte]))
                        self.wfile.flush()
                        time.sleep(answer.drip_s)
                else:
                    self.wfile.write(answer.body[: answer.cut_at])

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        return Handler
