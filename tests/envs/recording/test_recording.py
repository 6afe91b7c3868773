from __future__ import annotations

import itertools
import os
import resource
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from envs.actions import Click, Hotkey, Press, Write
from envs.base import ActResult
from envs.recording import framing, reader
from envs.recording.types import Effect
from envs.recording.verify import Verifier
from envs.recording.writer import Recorder
from envs.types import Box, Screen
from infra import files
from infra.clock import FakeClock
from infra.errors import Conflict, Corrupt, NotFound, UsageError
from tests.envs.recording import script
from tests.envs.recording.script import APPLIED, STEPS, header, observation, write_episode

SECRET = "hunter2-canary"


def log(home: Path) -> Path:
    return home / "recordings" / "ep-1" / "log"


def test_an_episode_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_episode(tmp_path)
    recording = reader.read(tmp_path / "recordings" / "ep-1")
    assert recording.header == header()
    assert [s.index for s in recording.steps] == list(range(STEPS))
    assert recording.steps[0].action == Click(5, 4)
    assert recording.steps[0].effect.box == Box(1, 1, 3, 3)
    assert recording.steps[1].before == recording.steps[0].after
    assert recording.close is not None
    assert recording.close.status == "completed"
    assert (recording.pending, recording.torn) == (None, False)
    blobs = reader.blobs_of(tmp_path / "recordings" / "ep-1")
    for number, seen in enumerate(recording.observations()):
        loaded = seen.load(blobs)
        assert loaded.screen.equals(observation(number).screen)
        assert loaded.tree == observation(number).tree
    assert Verifier().verify(tmp_path / "recordings" / "ep-1").is_whole


def test_a_log_cut_at_every_byte_gives_the_exact_prefix(tmp_path: Path) -> None:
    write_episode(tmp_path)
    whole = log(tmp_path).read_bytes()
    full = reader.read(log(tmp_path).parent)
    first_record = framing.PREAMBLE + framing.frame(framing.scan(whole).payloads[0])
    last_step = len(whole) - 900
    for cut in (*range(len(first_record), last_step, 11), *range(last_step, len(whole))):
        log(tmp_path).write_bytes(whole[:cut])
        got = reader.read(log(tmp_path).parent)
        assert got.steps == full.steps[: len(got.steps)]
        assert got.close is None
        if got.pending is not None:
            assert got.pending.index == len(got.steps)
        assert got.torn == (got.lost_bytes > 0)


def test_a_log_torn_in_its_first_record_says_so(tmp_path: Path) -> None:
    write_episode(tmp_path)
    whole = log(tmp_path).read_bytes()
    for cut in (0, 5, len(framing.PREAMBLE), 30):
        log(tmp_path).write_bytes(whole[:cut])
        with pytest.raises(Corrupt, match="torn before its first record"):
            reader.read(log(tmp_path).parent)


def test_every_flipped_byte_of_the_log_is_noticed(tmp_path: Path) -> None:
    write_episode(tmp_path)
    whole = log(tmp_path).read_bytes()
    full = reader.read(log(tmp_path).parent)
    for at in range(0, len(whole), 3):
        log(tmp_path).write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        try:
            got = reader.read(log(tmp_path).parent)
        except Corrupt:
            continue
        assert got.torn
        assert got.steps == full.steps[: len(got.steps)]


def test_a_flipped_byte_of_any_blob_is_found_by_verify(tmp_path: Path) -> None:
    write_episode(tmp_path)
    blobs = reader.blobs_of(log(tmp_path).parent)
    for name in list(blobs.names()):
        path = blobs.path(name)
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        report = Verifier().verify(log(tmp_path).parent)
        assert not report.is_whole
        path.unlink()
        assert "no blob" in " ".join(Verifier().verify(log(tmp_path).parent).problems)
        path.write_bytes(whole)
    assert Verifier().verify(log(tmp_path).parent).is_whole


def _run(home: Path, told: Path, crash_at: int) -> int:
    """The scripted episode in a process of its own that dies at that commit point."""
    pid = os.fork()
    if pid == 0:
        os.environ["CRASH_AT"] = str(crash_at)
        files._points = itertools.count(1)
        write_episode(home, told)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _holds(home: Path, told: Path) -> None:
    """Nothing acknowledged is lost, and what is there is whole."""
    lines = told.read_text().splitlines() if told.exists() else []
    if not log(home).exists():
        assert lines == []
        return
    recording = reader.read(log(home).parent)
    report = Verifier().verify(log(home).parent)
    assert report.is_whole, report.problems
    steps = [line for line in lines if line.startswith("step")]
    intents = [line for line in lines if line.startswith("intent")]
    assert len(steps) <= len(recording.steps) <= len(steps) + 1
    started = len(recording.steps) + (recording.pending is not None)
    assert len(intents) <= started <= len(intents) + 1
    if "first" in lines:
        assert recording.first is not None
    if "close" in lines:
        assert recording.close is not None


def test_killed_at_every_commit_point_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    killed = 0
    for n in range(1, 400):
        home = tmp_path / str(n)
        code = _run(home, home.with_suffix(".told"), n)
        _holds(home, home.with_suffix(".told"))
        if code == 0:
            break
        assert code == -signal.SIGKILL
        killed += 1
    else:
        pytest.fail("the script never ran to its end")
    assert killed > 60


def test_a_full_disk_leaves_the_log_whole_and_the_close_fits(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, header(), FakeClock())
    recorder.first(observation(0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = log(tmp_path).stat().st_size
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40, hard))
        with pytest.raises(OSError, match="large"):
            recorder.intent("st-0", Write("x" * 100), None, "")
        assert log(tmp_path).stat().st_size == size
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    recorder.close("failed", "no room")
    recording = reader.read(log(tmp_path).parent)
    assert recording.close is not None
    assert (recording.torn, recording.pending) == (False, None)


def test_a_pending_intent_tells_what_is_known_of_it(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, header(), FakeClock())
    recorder.first(observation(0))
    recorder.intent("st-0", Click(1, 1), "e1", "")
    pending = reader.read(recorder.directory).pending
    assert pending is not None
    assert pending.result is None
    recorder.result(ActResult("unknown", "no answer", 1, 2))
    with pytest.raises(Conflict):
        recorder.commit(observation(1), Effect(), settle_s=0, settled=True)
    recorder.close("tainted", "no answer")
    pending = reader.read(recorder.directory).pending
    assert pending is not None
    assert pending.result is not None
    assert pending.result.outcome == "unknown"


def test_calls_out_of_order_are_refused(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, header(), FakeClock())
    with pytest.raises(Conflict):
        recorder.intent("st-0", Click(1, 1), None, "")
    recorder.first(observation(0))
    with pytest.raises(Conflict):
        recorder.first(observation(0))
    with pytest.raises(Conflict):
        recorder.result(APPLIED)
    recorder.close("completed")
    assert recorder.close("failed").status == "completed"
    with pytest.raises(Conflict):
        recorder.intent("st-0", Click(1, 1), None, "")


def test_an_episode_id_is_used_once_and_is_no_path(tmp_path: Path) -> None:
    Recorder(tmp_path, header(), FakeClock()).close("completed")
    with pytest.raises(Conflict):
        Recorder(tmp_path, header(), FakeClock())
    with pytest.raises(UsageError):
        Recorder(tmp_path, header("../ep"), FakeClock())


def test_an_unknown_episode_offers_the_nearest(tmp_path: Path) -> None:
    write_episode(tmp_path)
    with pytest.raises(NotFound, match="did you mean 'ep-1'"):
        reader.find(tmp_path, "ep-2")


def test_a_protected_field_is_black_silent_and_its_text_dropped(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, header(), FakeClock())
    seen = observation(3, protected=True)
    secret = tuple(replace(e, value=SECRET) if e.id == "e0" else e for e in seen.tree.elements)
    seen = replace(seen, tree=replace(seen.tree, elements=secret))
    recorder.first(seen)
    recorder.intent("st-0", Write(SECRET), "e0", f"types {SECRET}")
    recorder.result(APPLIED)
    recorder.commit(seen, Effect(), settle_s=0, settled=True)
    recorder.intent("st-1", Hotkey(("shift", "h")), None, "")
    recorder.result(APPLIED)
    recorder.commit(seen, Effect(), settle_s=0, settled=True)
    recorder.intent("st-2", Press(("enter",)), None, "")
    recording = reader.read(recorder.directory)
    first = recording.first
    assert first is not None
    assert first.screen.redacted == 1
    loaded = first.load(recorder.blobs)
    assert not loaded.screen.pixels[2:8, 0:4].any()
    assert np.array_equal(loaded.screen.pixels[:, 4:], seen.screen.pixels[:, 4:])
    assert loaded.tree.by_id()["e0"].value == ""
    assert recording.steps[0].action == Write("")
    assert recording.steps[0].redacted
    assert recording.steps[1].action == Hotkey(("shift", "redacted"))
    assert recording.pending is not None
    assert not recording.pending.redacted
    for path in [*tmp_path.rglob("*")]:
        assert path.is_dir() or SECRET.encode() not in path.read_bytes()


def test_a_protected_field_seen_only_by_the_second_tree_is_black_too(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, header(), FakeClock())
    ref = recorder.first(observation(3), also=[observation(3, protected=True).tree])
    assert not ref.screen.load(recorder.blobs).pixels[2:8, 0:4].any()


def test_a_protected_field_whose_place_is_not_known_withholds_the_screen(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, header(), FakeClock())
    seen = observation(3, protected=True)
    lost = tuple(replace(e, box=None) if e.id == "e0" else e for e in seen.tree.elements)
    bright = Screen(np.full((16, 32, 3), 200, dtype=np.uint8), 1)
    ref = recorder.first(replace(seen, screen=bright, tree=replace(seen.tree, elements=lost)))
    assert not ref.screen.load(recorder.blobs).pixels.any()


def test_the_same_screen_is_stored_once(tmp_path: Path) -> None:
    write_episode(tmp_path)
    before = len(list(reader.blobs_of(log(tmp_path).parent).names()))
    script.write_episode(tmp_path, episode_id="ep-2")
    assert len(list(reader.blobs_of(log(tmp_path).parent).names())) == before
