"""A command whose output nobody reads ends quietly; one that was given no streams works all the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.store import Store, events
from tests.house.source import ROOT

UNREAD = 141
WORDS = (
    ("--help",),
    ("--version",),
    ("fleet", "--help"),
    ("config", "show"),
    ("env", "list"),
    ("events", "tail"),
    ("events", "tail", "--jsonl"),
    ("events", "tail", "--follow"),
    ("events", "tail", "--json"),
    ("fleet", "status"),
    ("machine", "show", "nobody", "--json"),
)
COMMAND = [sys.executable, "-m", "collector"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("home")
    with Store(root / "trawl.db").write() as tx:
        for number in range(5000):
            events.add(tx, 1, "made", f"u-{number}")
    return root


def environ(home: Path) -> dict[str, str]:
    return {**os.environ, "TRAWL_HOME": str(home)}


def unread() -> int:
    """The writing end of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_a_command_whose_output_nobody_reads_ends_without_a_word(
    words: tuple[str, ...], home: Path
) -> None:
    out = unread()
    done = subprocess.run(
        [*COMMAND, *words], stdout=out, stderr=subprocess.PIPE, cwd=ROOT, env=environ(home),
        timeout=60, check=False,
    )  # fmt: skip
    os.close(out)
    assert (done.returncode, done.stderr) == (UNREAD, b"")


def test_a_reader_that_has_seen_enough_is_no_error(home: Path) -> None:
    line = f"{sys.executable} -m collector events tail --last 5000 --jsonl | head -n 2; "
    done = subprocess.run(
        ["bash", "-c", line + "exit ${PIPESTATUS[0]}"], capture_output=True, cwd=ROOT,
        env=environ(home), timeout=60, check=False,
    )  # fmt: skip
    subjects = [json.loads(told)["subject"] for told in done.stdout.splitlines()]
    assert (done.returncode, subjects, done.stderr) == (UNREAD, ["u-0", "u-1"], b"")


def test_what_nobody_reads_on_standard_error_stops_nothing(home: Path) -> None:
    err = unread()
    done = subprocess.run(
        [*COMMAND, "machine", "show", "nobody"], stdout=subprocess.PIPE, stderr=err, cwd=ROOT,
        env=environ(home), timeout=60, check=False,
    )  # fmt: skip
    os.close(err)
    assert (done.returncode, done.stdout) == (3, b"")


@pytest.mark.parametrize(("words", "code"), [("fleet status", 0), ("machine show nobody", 3)])
def test_a_command_without_streams_works_all_the_same(words: str, code: int, home: Path) -> None:
    line = f"{sys.executable} -m collector {words} <&- >&- 2>&-"
    done = subprocess.run(
        ["bash", "-c", line], capture_output=True, cwd=ROOT, env=environ(home), timeout=60,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", b"")


OPENS = """
import os
from collector.cli import streams
with streams.minded():
    number = os.open(os.devnull, os.O_RDONLY)
os._exit(number)
"""


def test_no_file_gets_the_number_of_a_stream_that_was_closed() -> None:
    line = f'{sys.executable} -c "$0" <&- >&- 2>&-'
    done = subprocess.run(["bash", "-c", line, OPENS], cwd=ROOT, timeout=60, check=False)
    assert done.returncode > 2
