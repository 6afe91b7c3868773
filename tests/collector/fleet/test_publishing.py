"""Closed episodes reach the shared storage whole or not at all, whatever goes wrong on the way."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import threading
import traceback
from types import SimpleNamespace

import pytest

from collector.fleet.mending import mend
from collector.fleet.publisher import BACKOFF_S, EPISODE_S, EVERY_S, HANGS_S, Publisher, Round
from collector.fleet.publishing import abreast, publish
from envs.recording import reader
from envs.recording.mirror import Mirror
from envs.recording.verify import Verifier
from infra import files
from infra.clock import FakeClock
from infra.errors import Conflict, UsageError
from infra.ids import RandomIds
from infra.metrics import Metrics
from infra.settings import Settings
from infra.storage import Away, Storage, name_of
from infra.store import Store, events, published
from tests.envs.recording.script import header, observation, write_episode
from tests.infra import faulty

URL = "faulty://shared"


@pytest.fixture
def faults():
    yield faulty.fresh()
    faulty.fresh()


@pytest.fixture
def host(tmp_path, faults):
    """A home with two closed episodes and what publishes them."""
    home = tmp_path / "alpha"
    for name in ("ep-1", "ep-2"):
        write_episode(home, episode_id=name)
    made = host_of(home, Store(tmp_path / "trawl.db"))
    yield made
    made.store.close()


def host_of(home, store, name="alpha", url=URL):
    clock = FakeClock()
    metrics = Metrics(("fake",), clock)
    publisher = Publisher(home, name, store, metrics, clock, RandomIds(clock), name_of(url),
                          lambda: Storage(url, name))  # fmt: skip
    return SimpleNamespace(home=home, name=name, store=store, clock=clock, metrics=metrics,
                           publisher=publisher)  # fmt: skip


def index(host, url=URL):
    with host.store.read() as tx:
        return [p.recording for p in published.listed(tx, name_of(url))]


def said(host, *kinds):
    with host.store.read() as tx:
        return [e for e in events.after(tx, 0) if e.kind in kinds]


def counted(host, outcome):
    return host.metrics.registry.get_sample_value("trawl_publications_total", {"outcome": outcome})


def waiting(host):
    return host.metrics.registry.get_sample_value("trawl_unpublished_episodes")


def tend(host, after_s=0.0):
    """A pass of the loop that begins a round, its end, and a pass that concludes it."""
    host.clock.sleep(after_s)
    host.publisher.tend()
    host.publisher._thread.join(60)
    host.publisher.tend()


def whole(place, url=URL):
    """The episodes of the storage, each with every byte read and found right."""
    mirror = Mirror(Storage(url), place)
    names, wrong = mirror.logs()
    assert wrong == {}
    for name in names:
        directory = mirror.log(name)
        assert mirror.blobs(directory) == []
        assert Verifier().verify(directory).is_whole
    return names


def test_closed_episodes_are_published_indexed_and_told(host, tmp_path):
    tend(host)
    assert whole(tmp_path / "seen") == index(host) == ["ep-1", "ep-2"]
    told = said(host, "episode.published")
    assert [(e.subject, e.payload["storage"]) for e in told] == [("ep-1", URL), ("ep-2", URL)]
    assert (counted(host, "published"), waiting(host)) == (2, 0)


def test_the_seal_comes_after_the_log_and_that_after_every_blob(host, faults):
    order = []
    faults.after_write = lambda path: order.append(path.split("/")[2])
    tend(host)
    assert order[0] == "trawl-storage.json"
    assert order[-2:] == ["recordings", "episodes"]
    assert order.index("recordings") > order.index("blobs")
    first = order[: order.index("episodes")]
    assert first.count("blobs") == len(list((host.home / "blobs").glob("*/*")))


def test_a_second_round_writes_nothing_and_opens_no_storage(host, faults):
    tend(host)
    before, faults.away = faults.writes, True
    tend(host, EVERY_S)
    assert faults.writes == before
    assert said(host, "storage.away") == []


def test_an_open_episode_is_left_until_it_is_closed(host, tmp_path):
    from envs.recording.writer import Recorder

    with Recorder(host.home, header("ep-3"), FakeClock()) as recorder:
        recorder.first(observation(0))
        tend(host)
        assert (index(host), waiting(host)) == (["ep-1", "ep-2"], 0)
        recorder.close("completed")
    tend(host, EVERY_S)
    assert index(host) == whole(tmp_path / "seen") == ["ep-1", "ep-2", "ep-3"]


def test_an_index_that_was_lost_is_made_again_without_a_write(host, faults, tmp_path):
    tend(host)
    before = faults.writes
    with Store(tmp_path / "another.db") as store:
        again = host_of(host.home, store)
        tend(again)
        assert index(again) == ["ep-1", "ep-2"]
    assert faults.writes == before


@pytest.mark.parametrize("every", [2, 3, 5, 7])
def test_a_storage_that_fails_every_nth_write_shows_no_half_episode_and_converges(
    host, faults, tmp_path, every
):
    faults.fail_every = every
    for number in range(30):
        tend(host, max(BACKOFF_S))
        assert set(index(host)) <= set(whole(tmp_path / f"seen-{number}"))
        if index(host) == ["ep-1", "ep-2"]:
            break
    assert whole(tmp_path / "seen") == index(host) == ["ep-1", "ep-2"]
    assert counted(host, "away") >= 1


def test_a_storage_that_goes_is_said_once_tried_ever_more_slowly_and_said_when_back(host, faults):
    faults.away = True
    for pause_s in (0.0, *BACKOFF_S):
        if pause_s:
            host.clock.sleep(pause_s - 1)
            host.publisher.tend()
            assert host.publisher._thread is None, "it is not due yet"
            host.clock.sleep(1)
        tend(host)
    (away,) = said(host, "storage.away", "storage.back")
    assert (away.kind, away.subject) == ("storage.away", "alpha")
    assert "no route to host" in away.reason
    assert "hunter2" not in away.reason
    assert (counted(host, "away"), waiting(host)) == (4, 2)
    faults.away = False
    tend(host, max(BACKOFF_S))
    assert [e.kind for e in said(host, "storage.away", "storage.back")] == [
        "storage.away", "storage.back",
    ]  # fmt: skip
    assert index(host) == ["ep-1", "ep-2"]


def test_a_full_storage_waits_for_room_and_goes_on(host, faults):
    tend(host)
    write_episode(host.home, episode_id="ep-3")
    faults.full = True
    tend(host, EVERY_S)
    assert "No space left" in said(host, "storage.away")[0].reason
    assert index(host) == ["ep-1", "ep-2"]
    faults.full = False
    tend(host, max(BACKOFF_S))
    assert index(host) == ["ep-1", "ep-2", "ep-3"]


def test_a_storage_that_hangs_holds_one_round_and_is_said_while_it_does(host, faults):
    faults.hold = threading.Event()
    host.publisher.tend()
    threads = threading.active_count()
    for _ in range(5):
        host.clock.sleep(HANGS_S + 1)
        host.publisher.tend()
    assert threading.active_count() <= threads + 4
    (away,) = said(host, "storage.away")
    assert "finished nothing" in away.reason
    faults.hold.set()
    host.publisher._thread.join(60)
    faults.hold = None
    host.publisher.tend()
    tend(host, max(BACKOFF_S))
    assert said(host, "storage.back")
    assert index(host) == ["ep-1", "ep-2"]


def test_an_episode_that_takes_too_long_goes_on_where_it_ended(host, faults):
    faults.after_write = lambda path: host.clock.sleep(EPISODE_S / 4)
    for _ in range(20):
        tend(host, max(BACKOFF_S))
    assert index(host) == ["ep-1", "ep-2"]
    assert "too slow" in said(host, "storage.away")[0].reason
    names = [name for name in faulty.kept() if "/blobs/" in name]
    assert faults.writes == len(names) + 5, "no object was put twice"


def test_a_damaged_episode_is_refused_once_and_does_not_hold_up_the_others(host):
    path = host.home / "recordings" / "ep-1" / "log"
    data = path.read_bytes()
    path.write_bytes(data[:40] + b"\xff" + data[41:])
    tend(host)
    tend(host, EVERY_S)
    assert index(host) == ["ep-2"]
    (refused,) = said(host, "episode.unpublishable")
    assert refused.subject == "ep-1"
    assert counted(host, "refused") == 1
    path.write_bytes(data)
    tend(host, EVERY_S)
    assert index(host) == ["ep-1", "ep-2"]


def test_another_episode_of_the_same_name_is_not_replaced(host, tmp_path):
    tend(host)
    before = faulty.kept()
    other = tmp_path / "other"
    write_episode(other, episode_id="ep-9")
    (other / "recordings" / "ep-9").rename(other / "recordings" / "ep-1")
    with pytest.raises(Conflict, match="another episode ep-1, of host alpha"):
        publish(other / "recordings" / "ep-1", Storage(URL, "beta"), "beta", lambda: None)
    assert faulty.kept() == before


def test_a_share_that_is_not_mounted_is_away_and_is_not_written_to(host, tmp_path):
    mount = tmp_path / "mount"
    url = f"file://{mount}"
    mount.mkdir()
    first = host_of(host.home, host.store, url=url)
    tend(first)
    mount.rename(tmp_path / "elsewhere")
    mount.mkdir()
    write_episode(host.home, episode_id="ep-3")
    tend(first, EVERY_S)
    assert list(mount.iterdir()) == []
    assert "does not bear the mark" in said(host, "storage.away")[0].reason
    mount.rmdir()
    (tmp_path / "elsewhere").rename(mount)
    tend(first, max(BACKOFF_S))
    assert index(first, url) == whole(tmp_path / "seen", url) == ["ep-1", "ep-2", "ep-3"]


def test_a_storage_that_lies_about_bytes_is_found_by_who_reads_and_mended(
    host, faults, tmp_path, monkeypatch
):
    faults.flips = next(reader.blobs_of(host.home / "recordings" / "ep-1").names())
    tend(host)
    faults.flips = ""
    mirror = Mirror(Storage(URL), tmp_path / "seen")
    (wrong,) = mirror.blobs(mirror.log("ep-1"))
    assert "was changed" in wrong
    settings = Settings(home=host.home, host="alpha", storage=URL)
    before = faults.writes
    assert [seal.episode for seal in mend(settings, ["ep-1"], host.clock, RandomIds())] == ["ep-1"]
    assert faults.writes == before + 1, "nothing but that blob"
    assert whole(tmp_path / "again") == ["ep-1", "ep-2"]


def test_mending_wants_a_storage(host):
    with pytest.raises(UsageError, match="no storage"):
        list(mend(Settings(home=host.home, storage=""), ["ep-1"], host.clock, RandomIds()))


def test_nothing_is_begun_after_the_first_error():
    done = []

    def act(item):
        done.append(item)
        if item == 3:
            raise Away("gone")

    with pytest.raises(Away):
        abreast(act, range(100), 1, lambda: None)
    assert done == [0, 1, 2, 3]


def publishing(home, url, die_at):
    """A process that publishes and dies at that commit point; whether it got to its end."""
    pid = os.fork()
    if pid == 0:
        try:
            os.environ["CRASH_AT"] = str(die_at)
            files._points = itertools.count(1)
            ended = host_of(home, Store(home / "trawl.db"), url=url).publisher.round()
        except BaseException:  # noqa: BLE001 - it is a process of its own
            traceback.print_exc()
            os._exit(2)
        os._exit(1 if ended.away or ended.failed else 0)
    (_, status) = os.waitpid(pid, 0)
    assert status in (0, signal.SIGKILL), "it neither ended well nor died where it should"
    return status == 0


def test_killed_at_any_commit_point_nothing_half_is_seen_and_the_next_goes_on(tmp_path):
    home = tmp_path / "alpha"
    write_episode(home)
    for point in itertools.count(1):
        copy, shared, url = tmp_path / "home", tmp_path / "shared", f"file://{tmp_path}/shared"
        shutil.copytree(home, copy)
        ended = publishing(copy, url, point)
        seen = whole(tmp_path / "seen", url)
        with Store(copy / "trawl.db") as store:
            host = host_of(copy, store, url=url)
            assert set(index(host, url)) <= set(seen)
            assert host.publisher.round() == Round()
            assert index(host, url) == whole(tmp_path / "seen", url) == ["ep-1"]
        assert ended or [p for p in (shared / "partial").rglob("*") if p.is_file()] == []
        if ended:
            break
        for place in (copy, shared, tmp_path / "seen"):
            shutil.rmtree(place)
    assert point > 40
