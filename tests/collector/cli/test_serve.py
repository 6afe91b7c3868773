"""`trawl serve` as an operator starts it: a process of its own, on loopback unless others cannot listen."""

from __future__ import annotations

import json
import signal
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from collector.cli.main import main
from tests.certificate import certificate

TO_OTHERS = ("0.0.0.0", "::", "192.0.2.1", "10.0.0.1")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path))
    return tmp_path


@contextmanager
def started(*words: str) -> Iterator[tuple[dict[str, str], subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "collector", "serve", "--port", "0", "--json", *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as ran:
        assert ran.stdout is not None
        try:
            yield json.loads(ran.stdout.readline()), ran
        finally:
            ran.terminate()
            ran.wait(20)


def document(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict:
    assert main([*words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_the_first_start_makes_a_token_and_says_where_it_stands(home: Path) -> None:
    with started() as (told, _):
        file = Path(told["token_file"])
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        form = {"token": file.read_text()}
        ours = {"Sec-Fetch-Site": "same-origin"}
        with httpx.Client(base_url=told["address"], headers=ours, timeout=20) as peer:
            assert peer.get("/readyz").text == "ready\n"
            assert peer.post("/login", data=form).status_code == 303
        first = file.read_text()
    with started() as (told, _):
        assert Path(told["token_file"]).read_text() == first


def test_it_ends_when_it_is_told_to_and_says_nothing_more() -> None:
    with started() as (_, ran):
        ran.send_signal(signal.SIGINT)
        out, err = ran.communicate(timeout=20)
    assert (ran.returncode, out, err) == (130, "", "")


@pytest.mark.parametrize("address", TO_OTHERS)
def test_where_others_could_listen_it_does_not_start(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    error = document(capsys, "serve", "--bind", address, code=2)["error"]
    assert "--tls-cert" in error["hint"]
    assert "--behind-proxy" in error["hint"]


@pytest.mark.parametrize(
    "words",
    [
        ("--tls-cert", "{here}"),
        ("--tls-key", "{here}"),
        ("--tls-cert", "{here}", "--tls-key", "/nothing"),
        ("--bind", "example.org"),
        ("--bind", "999.1.1.1"),
        ("--port", "65536"),
    ],
    ids=" ".join,
)
def test_what_does_not_go_together_is_refused(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    said = [word.replace("{here}", __file__) for word in words]
    assert document(capsys, "serve", *said, code=2)["error"]["kind"] == "usage"


def test_a_port_that_is_taken_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with started() as (told, _):
        port = httpx.URL(told["address"]).port
        error = document(capsys, "serve", "--port", str(port), code=5)["error"]
    assert str(port) in error["message"]


def test_behind_a_proxy_it_answers_to_the_name_that_people_use() -> None:
    with (
        started("--behind-proxy", "--name", "trawl.example") as (told, _),
        httpx.Client(base_url=told["address"], timeout=20) as peer,
    ):
        ours = {"Sec-Fetch-Site": "same-origin", "Host": "trawl.example"}
        form = {"token": Path(told["token_file"]).read_text()}
        entered = peer.post("/login", data=form, headers=ours)
        assert entered.status_code == 303
        assert entered.headers["set-cookie"].startswith("__Host-trawl-")
        assert "; Secure" in entered.headers["set-cookie"]
        assert "strict-transport-security" in entered.headers
        assert peer.get("/healthz", headers={"Host": "other.example"}).status_code == 421


def test_a_token_is_made_listed_and_taken_away(capsys: pytest.CaptureFixture[str]) -> None:
    made = document(capsys, "serve", "token", "add", "ann", "--role", "operator")
    assert made["token"].startswith("tw-")
    (listed,) = document(capsys, "serve", "token", "list")["tokens"]
    assert (listed["name"], listed["role"]) == ("ann", "operator")
    assert document(capsys, "serve", "token", "add", "ann", code=4)["error"]["kind"] == "conflict"
    wrong = document(capsys, "serve", "token", "add", "bob", "--role", "king", code=2)["error"]
    assert "annotator" in wrong["hint"]
    assert document(capsys, "serve", "token", "remove", "ann") == {"removed": "ann"}
    assert document(capsys, "serve", "token", "list") == {"tokens": []}


def test_with_a_certificate_it_speaks_tls_and_nothing_else(tmp_path: Path) -> None:
    made, key = certificate(tmp_path)
    trusts = ssl.create_default_context(cafile=str(made))
    with started("--tls-cert", str(made), "--tls-key", str(key)) as (told, _):
        assert told["address"].startswith("https://127.0.0.1:")
        form = {"token": Path(told["token_file"]).read_text()}
        ours = {"Sec-Fetch-Site": "same-origin"}
        with httpx.Client(base_url=told["address"], verify=trusts, timeout=20) as peer:
            entered = peer.post("/login", data=form, headers=ours)
            assert entered.headers["set-cookie"].startswith("__Host-trawl-")
            assert peer.get("/events").status_code == 200
        with pytest.raises(httpx.HTTPError):
            httpx.get(told["address"].replace("https", "http"), timeout=20)
