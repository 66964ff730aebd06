"""The client that others write against yente, against `stanch serve` on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

yente_client = pytest.importorskip("yente_client", reason="yente-client is not installed (the dev extra has it)")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder: Path = tmp_path_factory.mktemp("nowhere")
    environment = {name: value for name, value in os.environ.items() if name != "STANCH_WORKSPACE"}
    command = [sys.executable, "-m", "stanch", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            for _ in range(200):
                assert process.poll() is None
                try:
                    if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200:
                        break
                except httpx.TransportError:
                    pass
                time.sleep(0.1)
            else:
                pytest.fail("the server was not ready within twenty seconds")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            said = process.communicate(timeout=10)[1]
    assert "no workspace here: serving the match API alone, over the packaged lists" in said


@pytest.fixture
def client(address: str) -> Iterator[Any]:
    with yente_client.Client(base_url=address) as made:
        yield made


def test_match_gives_the_listed_person(client: Any) -> None:
    answer = client.match(yente_client.Person(name="Ri Pyong Chol", birthDate="1948", nationality="kp"), limit=3)
    assert answer.top.match
    assert answer.top.caption.upper().startswith("RI PYONG CH")
    assert answer.total.value == len(answer.matches) == 2
    assert "birth.year" in answer.top.contributing_explanations


def test_match_takes_filters_threshold_and_algorithm(client: Any) -> None:
    person = yente_client.Person(firstName="Pyong Chol", lastName="Ri")
    answer = client.match(
        person, datasets=["us_ofac_sdn"], threshold=0.99, cutoff=0.1, algorithm="logic-v2", exclude_entities=["x"]
    )
    assert [(item.id, item.match) for item in answer.results] == [("ofac-23215", False)]


def test_match_of_many_streams_back_by_key(client: Any) -> None:
    pairs = [(str(n), yente_client.Person(name=name)) for n, name in enumerate(("Ri Pyong Chol", "Ada Lovelace") * 5)]
    found = {key: bool(answer.matches) for key, answer in client.match_iter(pairs)}
    assert found == {str(n): n % 2 == 0 for n in range(10)}


def test_company_and_vessel_are_matched(client: Any) -> None:
    company = yente_client.Company(name="Korea Mining Development Trading Corporation")
    assert client.match(company).top.match
    assert client.match(yente_client.Vessel(name="Nobody's Boat")).top is None


def test_search_and_fetch_give_entities(client: Any) -> None:
    found = client.search("리병철", datasets=["un_sc_sanctions"])
    assert client.fetch(found.results[0].id) == found.results[0]


def test_catalogue_algorithms_and_health_are_understood(client: Any) -> None:
    assert {"default", "un_sc_sanctions"} <= {item.name for item in client.datasets().datasets}
    assert client.algorithms().best == "stanch"
    assert client.healthz().status == client.readyz().status == "ok"


def test_wrong_data_set_is_the_client_s_not_found(client: Any) -> None:
    with pytest.raises(yente_client.NotFoundError, match="no data set 'peps'"):
        client.match(yente_client.Person(name="A B"), datasets=["peps"])
