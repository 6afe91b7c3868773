"""A support bundle holds what is needed to help, and no secret."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest

from collector.cli.main import main
from collector.support import LAST_EVENTS, LOG_BYTES, Part, archive
from infra import settings
from infra.errors import Unavailable
from infra.redaction import Redactor
from infra.store import Store, events, machines, pools
from infra.store.rows import Machine, Pool

CANARY = "canary-7f3a9b"
PARTS = ("versions.jsonl", "settings.jsonl", "doctor.jsonl", "fleet.jsonl", "events.jsonl",
         "controller.log")  # fmt: skip


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for field in settings.Settings.model_fields:
        monkeypatch.delenv(f"TRAWL_{field.upper()}", raising=False)
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRAWL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("EXAMPLE_API_TOKEN", CANARY)
    (tmp_path / "home" / "run").mkdir(parents=True)
    return tmp_path / "home"


def bundle(capsys: pytest.CaptureFixture[str]) -> dict[str, list[str]]:
    """The lines of each part, as the command made them."""
    assert main(["support-bundle", "--quick", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    path = Path(told["file"])
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_size == told["size_bytes"]
    return unpacked(path.read_bytes())


def unpacked(data: bytes) -> dict[str, list[str]]:
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        found = {}
        for entry in tar:
            content = tar.extractfile(entry)
            assert content is not None
            assert entry.mode == 0o600
            found[Path(entry.name).name] = content.read().decode().splitlines()
    return found


def fill(home: Path) -> None:
    """A home where a secret got into whatever words can get into."""
    with Store(home / "trawl.db") as store, store.write() as tx:
        pools.want(tx, [Pool("p", "fake", "", 1, {"start": f"token={CANARY}"})], 1)
        machines.add(tx, Machine("u-1", "m-1", "p", "fake", "", "RUNNING", "PARKED",
                                 f"it said {CANARY}", 1, None, 1, 1, 1, 0))  # fmt: skip
        for number in range(LAST_EVENTS + 10):
            events.add(tx, number, "odd", "u-1", f"Bearer {CANARY}", password=CANARY, n=number)
    log = home / "run" / "controller.log"
    line = json.dumps({"event": "x", "said": f"https://me:{CANARY}@example.org/"}) + "\n"
    log.write_text(line * (LOG_BYTES // len(line) + 10), encoding="utf-8")


def test_it_holds_every_part_and_the_newest_events(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(home)
    found = bundle(capsys)
    assert tuple(found) == PARTS
    assert all(found.values())
    kept = [json.loads(line) for line in found["events.jsonl"]]
    assert len(kept) == LAST_EVENTS
    assert kept[-1]["payload"]["n"] == LAST_EVENTS + 9
    rows = [json.loads(line) for line in found["fleet.jsonl"]]
    assert [row.get("name") for row in rows] == [None, "p", "m-1"]
    assert all(json.loads(line)["event"] == "x" for line in found["controller.log"])
    assert "running" in {json.loads(line)["setting"] for line in found["settings.jsonl"]}
    assert "python" in json.loads(found["versions.jsonl"][0])


def test_a_secret_of_environment_and_configuration_is_not_in_a_bundle(
    home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    fill(home)
    assert CANARY not in str(bundle(capsys))
    (tmp_path / "config" / "trawl").mkdir(parents=True)
    (tmp_path / "config" / "trawl" / "config.toml").write_text(
        f'database = "postgresql://me:{CANARY}-2@127.0.0.1:1/trawl"\n', encoding="utf-8"
    )
    found = bundle(capsys)
    assert CANARY not in str(found)
    assert "not_made" in found["fleet.jsonl"][0]
    assert any('"database"' in line for line in found["settings.jsonl"])


def test_where_nothing_was_made_yet_each_part_says_so_and_nothing_is_made(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = bundle(capsys)
    assert "there is no database yet" in found["fleet.jsonl"][0]
    assert "controller.log" in found["controller.log"][0]
    assert not (home / "trawl.db").exists()


def test_what_one_part_raises_is_told_in_its_place_and_the_others_are_there() -> None:
    def broken() -> list[str]:
        raise Unavailable(f"token={CANARY}", "mend it")

    made = [Part("a", broken), Part("b", lambda: ["well"])]
    found = unpacked(archive(made, Redactor(), 0))
    assert found == {"a": ['{"not_made": "token=[redacted] (mend it)"}'], "b": ["well"]}
