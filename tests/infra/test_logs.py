"""The log of a process: one JSON object a line, without secrets, bounded on disk, safe to look at."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys

import pytest
import structlog

from infra import logs
from infra.redaction import Redactor

CANARY = "cAnaRy7f3b9"


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Broken(io.StringIO):
    def write(self, text):
        raise OSError(28, "No space left on device")


def configured(stream=None, **kwargs):
    stream = stream or io.StringIO()
    logs.configure(stream, **kwargs)
    return stream, structlog.get_logger("test")


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_of_json_with_its_time_level_and_context():
    stream, log = configured()
    structlog.contextvars.bind_contextvars(episode="ep-1")
    log.info("episode.started", run="r-1")
    log.debug("not this one")
    (line,) = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "episode.started", "level": "info", "run": "r-1", "episode": "ep-1"}


def test_redaction_is_the_last_before_the_renderer():
    for on_terminal in (True, False):
        chain = logs.processors(on_terminal, Redactor(), lambda: None)
        assert isinstance(chain[-2], logs.Redaction)


class Opaque:
    def __init__(self, word):
        self.word = word

    def __repr__(self):
        return f"Opaque(password={self.word!r})"


def login(word):
    raise ValueError(f"no login with {word}")


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_a_secret_reaches_no_line_by_any_way(stream, monkeypatch):
    monkeypatch.setenv("TRAWL_TOKEN", CANARY)
    stream, log = configured(stream(), secrets={CANARY})
    structlog.contextvars.bind_contextvars(authorization=f"Bearer {CANARY}")
    said = f"token={CANARY}"
    log.info(said, config={"database": {"password": CANARY}})
    log.info("url", url=f"https://u:{CANARY}@host/", headers={"Cookie": CANARY})
    log.info("env", env={"TRAWL_TOKEN": CANARY}, argv=["--token", CANARY], nothing=Opaque(CANARY))
    log.info("bare", reason=f"{CANARY} is not the word")
    try:
        login(CANARY)
    except ValueError as error:
        log.exception("failed", cause=error)
    logging.getLogger("library").warning("connecting with %s", CANARY)
    assert CANARY not in stream.getvalue()
    assert stream.getvalue().count("redacted") >= 9


def test_without_knowing_it_a_secret_is_found_by_its_key_and_its_shape():
    stream, log = configured()
    try:
        login(f"https://u:{CANARY}@host/?token={CANARY}")
    except ValueError:
        log.exception("failed", account=Opaque(CANARY))
    assert CANARY not in stream.getvalue()
    assert "ValueError" in lines(stream)[0]["exception"]


def test_what_cannot_be_redacted_is_withheld_and_counted():
    class Liar:
        def __str__(self):
            raise RuntimeError(CANARY)

    counted = []
    stream, log = configured(failed=lambda: counted.append(1))
    log.error("before", value=Liar())
    log.error("after")
    assert [line["event"] for line in lines(stream)] == ["log.withheld", "after"]
    assert CANARY not in stream.getvalue()
    assert counted == [1]


def test_nothing_steers_the_terminal_but_our_own_colours():
    hostile = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eexe\r\b"
    stream, log = configured(Terminal())
    log.info(hostile, title=hostile, deep={hostile: [hostile]})
    try:
        login(hostile)
    except ValueError:
        log.exception("failed")
    shown = stream.getvalue()
    assert shown.count("\x1b") == shown.count("\x1b[") > 0
    for steers in ("\x1b]", "\x1b[2J", "\x07", "\x9b", "\u202e", "\r", "\b"):
        assert steers not in shown


def test_hostile_text_in_json_stays_one_line_of_ascii():
    stream, log = configured()
    log.info("event", title="a\nb\u2028c\x1b[2J\ud800")
    assert len(stream.getvalue().splitlines()) == 1
    assert stream.getvalue().isascii()
    assert "\x1b" not in stream.getvalue()


def test_a_full_disk_stops_nobody():
    _, log = configured(Broken())
    log.info("lost")


def test_the_file_is_kept_short_and_its_older_part_lies_beside_it(tmp_path):
    path = tmp_path / "controller.log"
    with path.open("a", encoding="utf-8") as stream:
        kept = logs.Lines(stream, path, most_bytes=1000)
        for number in range(100):
            kept.write(f"line {number:03} {'x' * 50}\n")
    older = (tmp_path / "controller.log.1").read_text(encoding="utf-8")
    newest = path.read_text(encoding="utf-8")
    assert len(older) <= 1000
    assert 0 < len(newest) <= 1000
    assert "\0" not in newest
    numbers = [int(line.split()[1]) for line in (older + newest).splitlines()]
    assert numbers == list(range(numbers[0], 100))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["controller.log", "controller.log.1"]


def test_what_others_append_to_the_same_file_stays_in_it(tmp_path):
    path = tmp_path / "log"
    with path.open("a", encoding="utf-8") as stream, path.open("a", encoding="utf-8") as other:
        kept = logs.Lines(stream, path, most_bytes=100)
        kept.write("x" * 90 + "\n")
        kept.write("after the cut\n")
        other.write("a library's word\n")
    assert path.read_text(encoding="utf-8") == "after the cut\na library's word\n"


def test_only_the_file_that_is_appended_to_is_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "LOG_BYTES", 10)
    path = tmp_path / "log"
    path.write_text("somebody else's\n", encoding="utf-8")
    _, log = configured(path=path)
    log.info("elsewhere")
    with path.open("r+", encoding="utf-8") as stream:
        configured(stream, path=path)[1].info("not at the end")
    assert not (tmp_path / "log.1").exists()


DIES = """
import sys, threading
from pathlib import Path
from infra import logs
logs.configure(sys.stderr, Path(sys.argv[1]), {sys.argv[2]})
def die():
    raise ValueError(f"no login with {sys.argv[2]}")
thread = threading.Thread(target=die)
thread.start()
thread.join()
die()
"""


def test_what_nobody_caught_is_logged_without_secrets(tmp_path):
    path = tmp_path / "log"
    with path.open("ab") as out:
        done = subprocess.run(
            [sys.executable, "-c", DIES, str(path), CANARY], stderr=out, timeout=60, check=False
        )
    assert done.returncode == 1
    said = path.read_text(encoding="utf-8")
    assert CANARY not in said
    uncaught = [json.loads(line) for line in said.splitlines()]
    assert [line["event"] for line in uncaught] == ["uncaught", "uncaught"]
    assert all("ValueError: no login with [redacted]" in line["exception"] for line in uncaught)
