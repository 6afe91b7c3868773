"""Fault 35: names that steer a terminal go through every listing command and steer nothing."""

from __future__ import annotations

import importlib
import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from collector.cli.main import NOUNS, main
from corpus import build as building
from corpus import recipe
from corpus.build import Places
from infra.files import sha256_bytes
from infra.images.image import DISK, INITRD, KERNEL, Manifest, save
from infra.progress import Silent, _plain, open_progress
from infra.store import Store, events, hosts, machines, pools, runs
from infra.store.rows import Host, Machine, Pool, Run
from tests.corpus import made
from tests.envs.recording.script import write_episode
from tests.grounding import episodes

HOSTILE = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\x08\x00\u202egpj\x7f=1+1"
WORD = HOSTILE.replace("\x00", "")
"""As it can be said on a command line or be a file's name."""
STEERS = {"Cc", "Cf", "Zl", "Zp"}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cc="http://web.resource.org/cc/">'
    "<metadata><cc:Work><dc:title>A \u202ered circle</dc:title></cc:Work></metadata>"
    '<circle cx="50" cy="50" r="{}" fill="red"/></svg>'
)
RECIPE = b"""\
name: odd
budget_tokens: 9000
categories: {caption: {weight: 1}}
sources: {clips: {category: caption, reader: openclipart, package: openclipart-svg}}
"""
LISTING = frozenset({"list", "show", "status", "stats", "plan", "why", "verify", "tail"})
COMMANDS = (
    ("config", "show", "--origin"),
    ("corpus", "plan", "{recipe}"),
    ("corpus", "stats", "odd", "--drops"),
    ("corpus", "verify", "odd"),
    ("corpus", "why", "caption", "--corpus", "odd"),
    ("env", "list"),
    ("db", "check"),
    ("episode", "list"),
    ("episode", "show", "ep-1"),
    ("episode", "verify", "--all"),
    ("events", "tail"),
    ("events", "tail", "--jsonl"),
    ("fleet", "plan", "--file", "{fleet}"),
    ("fleet", "status"),
    ("ground", "stats"),
    ("host", "list"),
    ("image", "list"),
    ("image", "verify", WORD),
    ("machine", "list"),
    ("machine", "show", "m-1"),
    ("run", "list"),
    ("run", "show", "run-1"),
    ("run", "follow", "run-1"),
)
REFUSED = (
    (WORD,),
    ("episode", "show", WORD),
    ("episode", WORD),
    ("config", "show", f"--{WORD}"),
    ("config", "show", WORD),
    ("run", "submit", "--pool", WORD),
    ("run", "submit", "--pool", "a", "--steps", WORD),
    ("machine", "show", WORD),
    ("corpus", "build", WORD),
    ("corpus", "stats", WORD),
    ("db", "backup", f"/nowhere/{WORD}"),
    ("env", "check", "fake", "--set", WORD),
    ("fleet", "plan", "--file", "{pools}"),
    ("fleet", "plan", "--file", WORD),
)


def rows(home: Path) -> None:
    """A database of hostile names, as a guest's words end up there by way of reasons."""
    with Store(home / "trawl.db").write() as tx:
        pools.want(tx, [Pool("a", HOSTILE, HOSTILE, 1, {"start": HOSTILE})], 1)
        machine = Machine("u-1", "m-1", "a", HOSTILE, HOSTILE, "RUNNING", "PARKED", HOSTILE,
                          1, None, 1, 1, 1, 0)  # fmt: skip
        machines.add(tx, machine)
        machines.add(tx, replace(machine, uuid="u-2", name=HOSTILE))
        events.add(tx, 2, HOSTILE, "u-1", HOSTILE, state=HOSTILE)
        hosts.report(tx, Host(HOSTILE, 2, 1, 1, 1))
        run = Run("run-1", "a", HOSTILE, 1, 3, 0, "running", 1, None)
        runs.submit(tx, run)
        claimed = runs.claim(tx, ["a"], HOSTILE, 1)
        assert claimed is not None
        runs.end(tx, claimed, "failed", HOSTILE, 2)


def image(cache: Path) -> None:
    directory = cache / "images" / "odd-1"
    directory.mkdir(parents=True)
    for part in (DISK, KERNEL, INITRD):
        (directory / part).write_bytes(b"x")
    files = dict.fromkeys((DISK, KERNEL, INITRD), sha256_bytes(b"x"))
    save(directory, Manifest(name=HOSTILE, built_from="0" * 64, built_ns=1, agent=HOSTILE,
                             os_id=HOSTILE, os_version=HOSTILE, cmdline="", files=files,
                             packages={}))  # fmt: skip


def corpus(home: Path, cache: Path) -> None:
    files = {
        f"usr/share/openclipart/svg/{n}{WORD}.svg": SVG.format(20 + 9 * n).encode()
        for n in range(2)  # of more, a title that is not their name would be a collection's
    }
    files[f"usr/share/openclipart/svg/{WORD}.svg"] = b"<svg/>"
    made.write_package(cache / "shelf", "openclipart-svg", files, b"Public domain.")
    places = Places(home, cache, 1, 0)
    built = building.build(recipe.parse(RECIPE, "r"), places, Silent())
    (built.root / WORD).touch()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("odd")
    rows(root)
    image(root / "cache")
    corpus(root, root / "cache")
    write_episode(root, episode_id="ep-0")
    env = replace(episodes.ENV, image=HOSTILE, platform=HOSTILE)
    episodes.record(root, "ep-1", explorer=HOSTILE, env=env, run_id=HOSTILE, goal=HOSTILE)
    odd = root / "recordings" / WORD
    odd.mkdir()
    (odd / "log").write_bytes(b"junk")
    assert main_quietly(root, "ground", "build") == 0
    stats = root / "samples" / "agent" / "stats.json"
    told = json.loads(stats.read_text())
    stats.write_text(json.dumps({**told, "applications": {HOSTILE: 3}, "dropped": {HOSTILE: 1}}))
    (root / "recipe.yaml").write_bytes(RECIPE)
    (root / "fleet.toml").write_text('[pools.a]\nkind = "web"\ncount = 1\n')
    (root / "pools.toml").write_text(f"[pools.{json.dumps(HOSTILE)}]\nkind = 'web'\ncount = 1\n"
                                     .replace("\\u0000", "").replace("\x7f", ""))  # fmt: skip
    return root


def main_quietly(root: Path, *words: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRAWL_HOME", str(root))
        return main([*words, "--json"])


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRAWL_HOME", str(home))
    monkeypatch.setenv("TRAWL_CACHE", str(home / "cache"))
    monkeypatch.setenv("TRAWL_IMAGE", WORD)
    return home


def steering(text: str) -> set[str]:
    return {c for c in text if c != "\n" and unicodedata.category(c) in STEERS}


def filled(words: tuple[str, ...], root: Path) -> list[str]:
    names = {"{recipe}": "recipe.yaml", "{fleet}": "fleet.toml", "{pools}": "pools.toml"}
    return [str(root / names[word]) if word in names else word for word in words]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_listing_shows_hostile_names_and_is_not_steered_by_them(
    words: tuple[str, ...], here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if words[1] == "follow":  # it ends with the run
        with Store(here / "trawl.db").read() as tx:
            assert runs.get(tx, "run-1").status == "failed"
    main(filled(words, here))
    said = capfd.readouterr()
    assert said.out + said.err
    assert steering(said.out + said.err) == set()


@pytest.mark.parametrize("words", REFUSED, ids=lambda words: repr(words)[:60])
def test_a_refusal_quotes_hostile_words_and_is_not_steered_by_them(
    words: tuple[str, ...], here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(filled(words, here)) != 0
    said = capfd.readouterr()
    assert said.err
    assert steering(said.out + said.err) == set()


def test_every_listing_command_is_among_these() -> None:
    tried = {words[:2] for words in COMMANDS}
    there = {
        (noun, command.name or command.callback.__name__)
        for noun in NOUNS
        for command in importlib.import_module(
            f"collector.cli.{noun.replace('-', '_')}"
        ).app.registered_commands
    }
    assert {pair for pair in there if pair[1] in LISTING} <= tried


def refuse_constant(name: str) -> None:
    pytest.fail(f"{name} is no JSON")


@pytest.mark.parametrize("words", [w for w in COMMANDS if "--jsonl" not in w], ids=" ".join)
def test_hostile_names_leave_one_document_of_strict_json(
    words: tuple[str, ...], here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    main([*filled(words, here), "--json"])
    said = capfd.readouterr().out
    assert said.isascii()
    assert steering(said) == set()
    assert json.loads(said, parse_constant=refuse_constant)


@pytest.mark.parametrize("words", [w for w in REFUSED if len(w) > 1], ids=lambda w: repr(w)[:60])
def test_a_refusal_is_one_document_of_strict_json_too(
    words: tuple[str, ...], here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main([*filled(words, here), "--json"]) != 0
    said = capfd.readouterr().out
    assert said.isascii()
    assert json.loads(said)["error"]["kind"] in {"usage", "not_found", "unavailable", "corrupt"}


@pytest.mark.parametrize(
    "words", [("machine", "list"), ("machine", "show", "m-0"), ("events", "tail"), ("fleet", "status")],
    ids=" ".join,
)  # fmt: skip
def test_no_reason_looks_like_a_line_of_ours(
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path))
    forged = "gone\nm-9  forged  here  READY\nerror: forged"
    with Store(tmp_path / "trawl.db").write() as tx:
        pools.want(tx, [Pool("a", "web", forged, 1, {})], 1)
        machines.add(tx, Machine("u-0", "m-0", "a", "web", "", "RUNNING", "PARKED", forged,
                                 1, None, 1, 1, 1, 0))  # fmt: skip
    assert main(list(words)) == 0
    said = capfd.readouterr().out
    assert "forged" in said
    assert not any(line.startswith(("m-9", "error:")) for line in said.splitlines())


def test_a_number_that_json_does_not_have_is_null(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path))
    with Store(tmp_path / "trawl.db").write() as tx:
        events.add(tx, 1, "odd", "u-0", took_s=float("nan"), boxes=[float("inf"), 1.5])
    assert main(["events", "tail", "--json"]) == 0
    (event,) = json.loads(capfd.readouterr().out, parse_constant=refuse_constant)["events"]
    assert event["payload"] == {"took_s": None, "boxes": [None, 1.5]}


def test_one_json_document_is_faithful_and_holds_no_raw_escape(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["machine", "list", "--json"]) == 0
    said = capfd.readouterr().out
    assert steering(said) == set()
    assert HOSTILE in {row["reason"] for row in json.loads(said)["machines"]}


def test_progress_is_one_line_whatever_a_stage_is_called(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with open_progress(HOSTILE, 3) as shown:
        shown.say(f"{HOSTILE}\nerror: forged")
    said = capfd.readouterr().err
    assert steering(said) == set()
    assert not any(line.startswith("error:") for line in said.splitlines())


def test_a_bar_shows_markup_to_the_letter() -> None:
    from rich.text import Text

    assert Text.from_markup(_plain("[bold]x[/bold] [link=file:///a]")).plain == (
        "[bold]x[/bold] [link=file:///a]"
    )
