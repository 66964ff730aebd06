from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import httpx
import pytest
from fastapi import FastAPI

from stanch.pipeline import check
from stanch.sources.raw import RawFile
from stanch.web import create_app
from stanch.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("web")
    from stanch.pipeline.reference import load_reference

    with Workspace.init(folder / "ws") as made:
        load_reference(made)
        path = folder / "customers.csv"
        path.write_text("id,name,birth_date\nc-1,리병철,1948\nc-2,<script>alert(1)</script>,\n", encoding="utf-8")
        made.add("customers", RawFile.open(path))
        check(made)
        yield made


class Client:
    """Calls the application in this process."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def get(self, path: str, params: dict[str, str] | None = None) -> httpx.Response:
        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://stanch") as client:
                return await client.get(path, params=params)

        return anyio.run(call)


@pytest.fixture(scope="module")
def client(workspace: Workspace) -> Client:
    return Client(create_app(workspace))


def test_findings_are_those_of_the_workspace(client: Client, workspace: Workspace) -> None:
    found = client.get("/api/findings").json()
    assert found == [{**item, "decision": None} for item in workspace.findings()]
    assert client.get("/api/findings", params={"detector": "none"}).json() == []


def test_finding_is_found_by_its_first_digits(client: Client, workspace: Workspace) -> None:
    first = workspace.findings()[0]
    assert client.get(f"/api/findings/{first['id'][:12]}").json() == {**first, "decision": None}


def test_unknown_finding_answers_404_in_the_one_error_shape(client: Client) -> None:
    response = client.get("/api/findings/ffffffffffffffffffff")
    assert response.status_code == 404
    assert set(response.json()["error"]) == {"status", "message"}


def test_page_is_self_contained_and_guarded(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in response.text
    assert "리병철" in response.text


def test_health_answers(client: Client) -> None:
    assert client.get("/health").json()["status"] == "ok"


def test_serve_answers_on_loopback_while_the_command_line_works(workspace: Workspace) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root = str(workspace.folder.root)
    command = [sys.executable, "-m", "stanch", "serve", "--port", str(port), "--workspace", root]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        for _ in range(100):
            try:
                assert httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).status_code == 200
                break
            except httpx.TransportError:
                assert process.poll() is None
                time.sleep(0.1)
        else:
            pytest.fail("the server did not answer within ten seconds")
        extra = Path(root).parent / "more.csv"
        extra.write_text("id,name\nc-9,New Name\n", encoding="utf-8")
        add = [sys.executable, "-m", "stanch", "add", "customers", str(extra), "--workspace", root]
        assert subprocess.run(add, capture_output=True, check=False).returncode == 0
        assert httpx.get(f"http://127.0.0.1:{port}/api/status", timeout=5).json()["customers"] == 3
    finally:
        process.terminate()
        process.wait(timeout=10)
        assert process.stderr is not None
        process.stderr.close()
