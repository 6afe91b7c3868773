"""What `--json` prints is what the schemas say, and each exit code means one thing.

One fleet of fake machines goes through its whole life once; every command that it takes is kept.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from collector.cli.main import NOUNS, main
from collector.fleet.deadlines import SIGN_TTL_S, S
from infra import settings
from infra.clock import SystemClock
from infra.errors import TrawlError
from infra.store import Store, machines
from tests.collector.cli.commands import speaking_json
from tests.collector.dash.recorded import RECIPE
from tests.house.source import ROOT

FLEET = """\
[pools.fake]
kind = "fake"
count = 2
recycle = {episodes = 1, hours = 4}
"""
SCHEMAS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in (ROOT / "collector" / "cli" / "schemas").glob("*.json")
}
ELSEWHERE = {
    ("host", "join"), ("host", "forget"), ("image", "build"), ("image", "verify"), ("image", "warm"),
    ("corpus", "shelf"), ("doctor",), ("serve",),
}  # fmt: skip
"""Commands that want another host, an image, the archive or QEMU, or that never end."""
GROUPS = {"token", "icons"}


STARTS = {("fleet", "up"), ("fleet", "down"), ("host", "leave")}
"""Commands that may start the controller, which then has another parent than the tests."""


def speaks(words: list[str]) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words)
    return code, out.getvalue(), err.getvalue()


def starts(words: list[str]) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "collector", *words], check=False, capture_output=True, text=True
    )
    return done.returncode, done.stdout, done.stderr


@dataclass
class Life:
    """Each command that was given, with its exit code and its document."""

    home: Path
    said: list[tuple[tuple[str, ...], int, Any]] = field(default_factory=list)

    def __call__(self, *words: str, code: int = 0) -> Any:
        run = starts if words[:2] in STARTS else speaks
        found, out, err = run([*words, "--json"])
        assert found == code, (words, found, out, err)
        document = json.loads(out)
        self.said.append((words, found, document))
        return document

    def store(self) -> Store:
        return Store(self.home / "trawl.db")


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    home = tmp_path_factory.mktemp("life")
    with pytest.MonkeyPatch.context() as patch:
        for name in settings.Settings.model_fields:
            patch.delenv(f"TRAWL_{name.upper()}", raising=False)
        patch.setenv("TRAWL_HOME", str(home))
        patch.setenv("TRAWL_DISK_FLOOR_BYTES", "0")
        patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        life = Life(home)
        try:
            live(life)
        except BaseException:
            starts(["fleet", "down"])
            raise
        yield life


def live(life: Life) -> None:
    file = life.home / "fleet.toml"
    file.write_text(FLEET, encoding="utf-8")
    life("fleet", "plan", "--file", str(file))
    life("fleet", "up", "--file", str(file))
    file.write_text(FLEET.replace("hours = 4", "hours = 5"), encoding="utf-8")
    life("fleet", "plan", "--file", str(file))
    life("fleet", "scale", "fake", "3")
    life("fleet", "status")
    machines_live(life)
    runs_live(life)
    for verb in ("list", "cordon", "uncordon"):
        life("host", verb, *(["here"] if verb != "list" else []))
    life("fleet", "down")
    life("host", "leave")
    life("run", "submit", "--pool", "fake", code=3)
    life("events", "tail", "--last", "1000")
    life("db", "check")
    life("db", "upgrade")
    life("db", "backup", str(life.home / "copy.db"))
    life("db", "backup", str(life.home / "copy.db"), code=4)
    life("support-bundle", "--quick")
    episodes_live(life)
    corpora_live(life)
    life("gallery", "build", "--out", str(life.home / "gallery"))
    life("config", "show")
    life("image", "list")
    life("env", "list")
    life("env", "check", "fake")
    life("serve", "token", "add", "ann", "--role", "operator")
    life("serve", "token", "list")
    life("serve", "token", "remove", "ann")


def episodes_live(life: Life) -> None:
    ended = [row for row in life("episode", "list") if row["status"] == "completed"]
    one = ended[0]["episode"]
    life("episode", "show", one)
    life("episode", "show", one, "--step", "0")
    life("episode", "show", f"{one}x", code=3)
    life("episode", "verify", one)
    life("episode", "replay", one)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRAWL_STORAGE", f"file://{life.home}/shared")
        life("episode", "publish", one)


def corpora_live(life: Life) -> None:
    recipe = life.home / "own.yaml"
    recipe.write_bytes(RECIPE)
    life("corpus", "plan", str(recipe), "--workers", "1")
    life("corpus", "build", str(recipe), "--workers", "1")
    for verb in ("stats", "verify", "export"):
        life("corpus", verb, "own")
    life("corpus", "diff", "own", "own")
    ledger = (life.home / "corpora" / "own" / "ledger.jsonl").read_text(encoding="utf-8")
    sample = json.loads(ledger.splitlines()[0])["id"]
    life("corpus", "why", sample, "--corpus", "own")
    life("corpus", "drop", sample, "--by", "id", "--corpus", "own", "--workers", "1")


def machines_live(life: Life) -> None:
    names = [m["name"] for m in life("machine", "list", "--where", "state:parked")["machines"]]
    life("machine", "list", "--where", "stat:parked", code=2)
    life("machine", "show", f"{names[0]}x", code=3)
    life("machine", "screen", names[0], "--out", str(life.home / "screen.png"))
    life("machine", "drain", *names)
    life("machine", "quarantine", names[0], "--reason", "it is odd")
    life("machine", "show", names[0])
    life("machine", "release", *names)
    life("machine", "recycle", names[1])
    life("machine", "drain", names[1], code=4)


def runs_live(life: Life) -> None:
    words = ("run", "submit", "--pool", "fake", "--episodes", "2")
    run = life(*words, "--steps", "500")["run"]
    life("run", "retry", run, code=4)
    life("run", "show", run)
    life("run", "cancel", run)
    life("run", "follow", run, code=6)
    life("run", "retry", run)
    life("run", "cancel", run)
    life("run", "follow", run, code=6)
    life(*words, "--steps", "2", "--follow")
    life("run", "list")
    life("run", "tasks")
    life("run", "graph", run, "--out", str(life.home / "graph.html"))
    life("run", "actions", run)
    life("run", "actions", f"{run}x", code=3)
    ground_lives(life)


def ground_lives(life: Life) -> None:
    life("ground", "verdicts", str(life.home / "none.json"), code=3)
    for verb in ("build", "check", "sheet"):
        few = ["--texts", "4", "--presses", "0", "--pages", "0"] if verb == "check" else []
        life("ground", verb, "--allow-stand-ins", *few)
    life("ground", "stats")
    life("ground", "export")
    with pytest.MonkeyPatch.context() as patch:  # an image's themes are 100 s of drawing
        patch.setenv("TRAWL_CACHE", str(life.home / "cache"))
        life("ground", "icons", "build", "--no-shelf", "--allow-stand-ins", "--workers", "1")
    life("ground", "icons", "stats")
    shown = json.loads((life.home / "samples" / "precision" / "sheet.json").read_bytes())
    said = {"sheet": shown["sheet"], "verdicts": {shown["ids"][0]: "right"}}
    (life.home / "said.json").write_text(json.dumps(said), encoding="utf-8")
    life("ground", "verdicts", str(life.home / "said.json"))


def schema(noun: str, verb: str) -> dict[str, Any]:
    return {**SCHEMAS[noun], "$ref": f"#/$defs/{verb}"}


def definition(words: tuple[str, ...]) -> str:
    """The name in its noun's schemas of what a command prints."""
    if len(words) == 1 or words[1].startswith("--"):
        return words[0]
    if words[1] in GROUPS:
        return f"{words[1]}-{words[2]}"
    return "step" if "--step" in words else words[1]


def test_every_document_is_what_its_schema_says(life: Life) -> None:
    for words, _, document in life.said:
        failed = "error" in document
        noun, verb = ("error", "error") if failed else (words[0], definition(words))
        jsonschema.validate(document, schema(noun, verb))


def test_every_command_that_speaks_json_has_a_schema_and_was_given(life: Life) -> None:
    given = [words for words, _, document in life.said if "error" not in document]
    for command in speaking_json():
        assert definition(command) in SCHEMAS[command[0]]["$defs"], command
        assert command in ELSEWHERE or any(w[: len(command)] == command for w in given), command


@pytest.mark.parametrize("noun", SCHEMAS)
def test_a_schema_is_a_schema_of_a_noun_and_refuses_what_it_does_not_know(noun: str) -> None:
    assert noun in {*NOUNS, "error"}
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[noun])
    for verb in SCHEMAS[noun]["$defs"]:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"odd": 1}, schema(noun, verb))


def test_a_run_that_was_retried_works_its_episodes_off_again(life: Life) -> None:
    retried = next(d for words, _, d in life.said if words[:2] == ("run", "retry") and "run" in d)
    assert retried["episodes"] == 2


def test_a_plan_tells_a_changed_policy_before_it_is_made(life: Life) -> None:
    before, after = (d["pools"][0] for words, _, d in life.said if words[:2] == ("fleet", "plan"))
    assert (before["change"], before["hosts"]) == (2, {})
    assert after["keys"] == [{"key": "recycle.hours", "is": 4.0, "becomes": 5.0}]
    assert after["hosts"] == {"here": 2}


def test_listings_show_a_machine_without_a_fresh_sign_as_unknown(life: Life) -> None:
    now = SystemClock().now_ns()
    with life.store() as store, store.write() as tx:
        gone = next(m for m in life.said if m[0][:2] == ("machine", "show") and m[1] == 0)[2]
        machine = machines.get(tx, gone["uuid"])
        machine = machines.move(tx, machine, "PARKED", "left by a controller that died", now)
        machines.seen(tx, [machine.uuid], now - (SIGN_TTL_S + 1) * S)
    (listed,) = life("machine", "list")["machines"]
    assert (listed["state"], listed["observed"]) == ("UNKNOWN", "PARKED")
    assert life("machine", "list", "--where", "state:parked")["machines"] == []
    shown = life("machine", "show", listed["name"])
    assert (shown["state"], shown["observed"]) == ("UNKNOWN", "PARKED")


CODES = re.findall(
    r"^\| (\d+) \| ([a-z_`, ]+) \|", (ROOT / "collector" / "README.md").read_text(), re.MULTILINE
)


def test_the_table_of_exit_codes_names_every_error_by_its_code() -> None:
    told = {kind: int(code) for code, kinds in CODES for kind in re.findall(r"`(\w+)`", kinds)}
    assert told == {
        kind.kind: kind.exit_code for kind in (TrawlError, *TrawlError.__subclasses__())
    }


def test_a_failed_command_exits_with_the_code_of_its_error(life: Life) -> None:
    kinds = {
        code: document["error"]["kind"] for _, code, document in life.said if "error" in document
    }
    assert kinds == {2: "usage", 3: "not_found", 4: "conflict"}
    assert (
        life("machine", "screen", "m", "--out", "x.png", code=5)["error"]["kind"] == "unavailable"
    )


def test_a_run_of_which_not_all_was_done_exits_with_six_and_still_prints_it(life: Life) -> None:
    partial = [d for _, code, d in life.said if code == 6]
    assert {d["status"] for d in partial} == {"cancelled"}
