"""Fault 36: a canary put where secrets come from is in no output, no file and no database.

What the log does with secrets is held by the tests of `infra.logs`; what recordings do with password
fields by those of `envs.recording`. Here it is followed through errors, commands and exports.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collector.cli.main import main
from collector.gallery.build import build as gallery
from corpus import build as building
from corpus import recipe
from corpus.build import Places
from envs import actions as a
from envs.base import ActResult
from envs.recording.types import Effect
from envs.recording.writer import Recorder
from envs.types import Observation
from envs.web.origins import Origin
from grounding.build import build as ground
from infra import settings
from infra.clock import FakeClock
from infra.errors import UsageError
from infra.progress import Silent
from tests.faults.canary import holding
from tests.faults.test_12_disk_full import RECIPE
from tests.grounding import episodes
from tests.grounding.desk import SHOWN, element, window
from tests.grounding.desk import observation as desk

CANARY = "canary-7f3e91"
ADDRESS = f"http://me:{CANARY}@example.org/"
DATABASE = f"postgresql://me:{CANARY}@127.0.0.1:1/trawl"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for field in settings.Settings.model_fields:
        monkeypatch.delenv(f"TRAWL_{field.upper()}", raising=False)
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRAWL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "trawl").mkdir(parents=True)
    return tmp_path / "home"


def holds_canary(*places: Path) -> list[str]:
    return holding(CANARY, *places)


COMMANDS = (
    ("config", "show", "--origin"),
    ("doctor",),
    ("machine", "list"),
    ("fleet", "status"),
    ("run", "list"),
    ("run", "submit", "--pool", "a"),
    ("env", "check", "web", "--set", f"start={ADDRESS}"),
)


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2]))
def test_a_command_that_knows_a_secret_does_not_say_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    words: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    monkeypatch.setenv("TRAWL_DATABASE", DATABASE)
    monkeypatch.setenv("TRAWL_TOKEN", CANARY)
    main([*words, "--json"] if as_json else list(words))
    said = capfd.readouterr()
    assert said.out + said.err
    assert CANARY not in said.out + said.err
    assert holds_canary(home) == []


@pytest.mark.parametrize(
    "text",
    [
        f"database = '{DATABASE}'\n",
        f"database = '{DATABASE}'\nrunning = 0\n",
        f"database = ['{DATABASE}']\n",
        f"running = '{CANARY}'\n",
        f"accel = '{DATABASE}'\n",
        f"home = 3\nimage = ['{CANARY}']\n",
    ],
)
def test_no_value_of_the_configuration_is_quoted_in_an_error(
    home: Path, capfd: pytest.CaptureFixture[str], text: str
) -> None:
    settings.config_path().write_text(text)
    main(["config", "show", "--json"])
    main(["config", "show"])
    said = capfd.readouterr()
    assert said.out + said.err
    assert CANARY not in said.out + said.err
    assert holds_canary(home) == []


def test_an_address_with_a_password_is_refused_where_it_is_written(
    home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "fleet.toml"
    for value in (f'"{ADDRESS}"', f'["{ADDRESS}"]', f'{{x = "{ADDRESS}"}}'):
        file.write_text(
            f'[pools.a]\nkind = "web"\ncount = 1\n[pools.a.settings]\nstart = {value}\n'
        )
        assert main(["fleet", "up", "--file", str(file)]) == UsageError.exit_code
        said = capfd.readouterr()
        assert CANARY not in said.out + said.err
    assert holds_canary(home) == []


@pytest.mark.parametrize(
    "url",
    [ADDRESS, f"https://{CANARY}@x/", f"ftp://me:{CANARY}@x/", f"http://me:{CANARY}@[::1/",
     f"HTTP:me:{CANARY}@x", f" http://me:{CANARY}@x:99999/"],
)  # fmt: skip
def test_an_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Origin.of(url)
    assert CANARY not in json.dumps(caught.value.as_record()) + repr(caught.value)


def form(n: int) -> Observation:
    """A form with a password field that holds the canary, and shows it as its name."""
    return desk(
        window(title="Sign in"),
        element("save", "button", (40, 40, 120, 70), "Save"),
        element("other", "button", (40, 240, 120 + 9 * n, 270), f"Other {n}"),
        element(
            "pass", "password text", (110, 90, 300, 110), value=CANARY, states=SHOWN | {"protected"}
        ),
    )


def test_a_typed_password_is_in_no_recording_sample_corpus_or_gallery(
    home: Path, tmp_path: Path
) -> None:
    recorder = Recorder(home, episodes.header("ep-1", goal="Sign in."), FakeClock())
    steps = ((a.Click(120, 100), "pass"), (a.Write(CANARY), "pass"), (a.Click(50, 50), "save"))
    recorder.first(form(0))
    for n, (action, aim) in enumerate(steps, 1):
        recorder.intent(f"st-{n}", action, aim, f"types {CANARY}" if n == 2 else "new")
        recorder.result(ActResult("applied", "", 1, 2, "host"))
        recorder.commit(form(n), Effect(did_anything=True), settle_s=0.1, settled=True)
    recorder.close("completed")
    assert ground(home, Silent()).as_record()["steps"] == len(steps)
    built = building.build(
        recipe.parse(RECIPE.replace(b"screens: {category: agent, reader: grounding}",
                                    b"steps: {category: agent, reader: goals}"), "r"),
        Places(home, tmp_path / "cache", 1, 0), Silent(),
    )  # fmt: skip
    assert built.stats["samples"] > 0
    assert holds_canary(home) == []
    (home / "corpora" / "small").rename(home / "corpora" / "first")
    gallery(home, tmp_path / "gallery", Silent())
    assert holds_canary(home, tmp_path / "gallery", tmp_path / "cache") == []
