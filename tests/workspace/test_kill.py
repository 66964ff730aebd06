"""kill -9 at any moment leaves either the state before the import or the state after it."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stanch.sources.raw import RawFile
from stanch.workspace import Workspace

ROWS = 12_000
KILLS = 6


@pytest.fixture(scope="module")
def ledger_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kill") / "ledger.csv"
    chance = random.Random(7)
    with path.open("w", encoding="utf-8") as stream:
        stream.write("chain,time,tx,index,sender,receiver,asset,amount\n")
        for row in range(ROWS):
            sender, receiver = chance.getrandbits(160), chance.getrandbits(160)
            day = 1 + row % 28
            stream.write(f"eip155:1,2022-03-{day:02d},t{row},0,0x{sender:040x},0x{receiver:040x},ETH,{row}.5\n")
    return path


def start_add(root: Path, ledger: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "stanch", "add", "transfers", str(ledger), "--workspace", str(root)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def state(root: Path) -> tuple[int, int, int]:
    """(transfers registered, transfers readable, stray files) after reopening."""
    with Workspace.find(root) as workspace:
        strays = workspace.folder.sweep(workspace._registered_files())
        readable = sum(part.table.num_rows for part in workspace.transfers())
        return workspace.counts()["transfers"], readable, len(strays)


def test_import_killed_at_random_points_is_whole_or_absent(tmp_path: Path, ledger_csv: Path) -> None:
    root = tmp_path / "ws"
    Workspace.init(root).close()
    began = time.monotonic()
    assert start_add(root, ledger_csv).wait() == 0
    whole = time.monotonic() - began
    assert state(root) == (ROWS, ROWS, 0)

    chance = random.Random(11)
    outcomes = []
    for attempt in range(KILLS):
        root = tmp_path / f"ws-{attempt}"
        Workspace.init(root).close()
        process = start_add(root, ledger_csv)
        # Half of the kills fall into the last part of the run, where bytes, Parquet and the commit happen.
        time.sleep(chance.uniform(0.5 * whole, whole) if attempt % 2 else chance.uniform(0.0, whole))
        process.send_signal(signal.SIGKILL)
        process.wait()
        registered, readable, strays = state(root)
        outcomes.append(registered)
        assert registered in (0, ROWS)
        assert readable == registered
        assert strays == 0
        with Workspace.find(root) as workspace:
            report = workspace.add("transfers", RawFile.open(ledger_csv))
            assert report.already == (registered == ROWS)
        assert state(root) == (ROWS, ROWS, 0)
    assert len(outcomes) == KILLS


def test_database_rolls_back_what_was_not_committed(tmp_path: Path, ledger_csv: Path) -> None:
    """Deterministic twin of the test above: die just before the commit, after all files were written."""
    root = tmp_path / "ws"
    Workspace.init(root).close()
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from stanch.sources.raw import RawFile\n"
        "from stanch.workspace import Workspace\n"
        "from stanch.workspace.imports import Import\n"
        "Import.close = lambda self: os.kill(os.getpid(), 9)\n"
        "Workspace.find(sys.argv[1]).add('transfers', RawFile.open(Path(sys.argv[2])))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(root), str(ledger_csv)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list((root / "ledger").iterdir())) == 2, "the segments were written before the kill"
    assert state(root) == (0, 0, 0)
    assert list((root / "ledger").iterdir()) == []
