"""Two hosts publish into one place, and what is built from it is what is built from their homes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

from infra.store import events, published
from tests.collector.fleet.several import Host, House, until


@contextmanager
def several(tmp_path, house, url, *names):
    """Hosts of those names that publish to `url`, ended afterwards."""
    joined = [Host(tmp_path, name, house) for name in names]
    try:
        for host in joined:
            host.environ["TRAWL_STORAGE"] = url
            host.start()
        yield joined
    finally:
        for host in joined:
            host.end()


def trawl(home, *words, **more):
    """One command that sees no database and no storage but what it is told."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("TRAWL_")}
    done = subprocess.run(
        [sys.executable, "-m", "collector", *words, "--json"],
        env={**environ, "TRAWL_HOME": str(home), "TRAWL_CACHE": f"{home}.cache", **more},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout, done.stderr)
    return json.loads(done.stdout)


def files(place):
    return {
        str(p.relative_to(place)): p.read_bytes()
        for p in sorted(place.rglob("*"))
        if p.is_file() and p.name != ".lock"
    }


def built(home, *words):
    home.mkdir(exist_ok=True)
    trawl(home, "ground", "build", "--allow-stand-ins", *words)
    return files(home / "samples" / "agent")


def index(house, url):
    with house.store.read() as tx:
        return published.listed(tx, url)


def test_two_hosts_publish_into_one_place_and_samples_from_it_are_those_of_their_homes(
    database, tmp_path
):
    house, shared = House(database()), tmp_path / "shared"
    url = f"file://{shared}"
    house.want(2)
    with several(tmp_path, house, url, "alpha", "beta") as (alpha, beta):
        until(lambda: house.shares() == {"alpha": 1, "beta": 1}, 60, house.shares)
        run = house.submit(6, 3)
        until(lambda: house.has_ended(run), 90, lambda: (house.episodes(run), alpha.said()))
        until(lambda: len(index(house, url)) == 6, 60, lambda: (alpha.said(), beta.said()))
    rows = index(house, url)
    assert {row.host for row in rows} == {"alpha", "beta"}
    assert {row.recording for row in rows} == {e.recording for e in house.episodes(run)}
    with house.store.read() as tx:
        told = [e.subject for e in events.after(tx, 0) if e.kind == "episode.published"]
    house.store.close()
    assert sorted(told) == [row.recording for row in rows]

    listed = trawl(tmp_path / "reader", "episode", "list", "--from", url)
    assert [row["episode"] for row in listed] == sorted(told)
    checked = trawl(tmp_path / "reader", "episode", "verify", "--all", "--from", url)
    assert (checked["whole"], len(checked["episodes"])) == (True, 6)

    united = tmp_path / "united"
    for host in (alpha, beta):
        for part in ("recordings", "blobs"):
            shutil.copytree(host.home / part, united / part, dirs_exist_ok=True)
    from_homes = built(united)
    assert from_homes["trajectories.jsonl"].count(b"\n") == 6
    assert built(tmp_path / "reader", "--from", url) == from_homes
    assert built(tmp_path / "as-home", "--from", str(shared)) == from_homes


def test_a_host_that_is_killed_while_it_publishes_goes_on_when_it_is_back(database, tmp_path):
    house, url = House(database()), f"file://{tmp_path}/shared"
    house.want(1)
    with several(tmp_path, house, url, "alpha") as (alpha,):
        run = house.submit(4, 3)
        until(lambda: index(house, url), 90, alpha.said)
        alpha.kill()
        before = {row.recording for row in index(house, url)}
        alpha.start()
        until(lambda: house.has_ended(run), 90, alpha.said)
        whole = {e.recording for e in house.episodes(run)}
        until(lambda: whole <= {row.recording for row in index(house, url)}, 60, alpha.said)
    house.store.close()
    checked = trawl(tmp_path / "reader", "episode", "verify", "--all", "--from", url)
    assert checked["whole"]
    assert before | whole <= {row["episode_id"] for row in checked["episodes"]}
