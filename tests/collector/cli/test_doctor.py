from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from collector.cli.main import main
from infra.errors import Conflict


def test_the_document_says_what_was_seen_and_what_mends_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["doctor", "--json"])
    found = json.loads(capsys.readouterr().out)
    names = [check["name"] for check in found["checks"]]
    assert {"qemu", "libvirt", "chromium", "disk", "memory", "image", "template"} <= set(names)
    assert code == (0 if found["ok"] else 5)
    assert all(check["ok"] or check["mend"] for check in found["checks"])


def test_a_host_without_qemu_or_chromium_is_refused_with_the_command_that_mends_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert main(["doctor", "--json"]) == 5
    found = {c["name"]: c for c in json.loads(capsys.readouterr().out)["checks"]}
    assert found["qemu"]["mend"] == "apt-get install qemu-system-x86"
    assert found["chromium"]["mend"] == "apt-get install chromium"


def test_people_get_a_table_and_a_last_word(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAWL_DISK_FLOOR_BYTES", str(1 << 60))
    assert main(["doctor"]) == 5
    said = capsys.readouterr()
    assert "not as it must be: disk" in said.err
    assert "are kept free" in said.out


def test_each_boundary_is_looked_at_and_it_is_said_how(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert os.geteuid() != 0
    monkeypatch.setenv("TRAWL_HOME", str(tmp_path))
    main(["doctor", "--security", "--json"])
    found = {b["name"]: b for b in json.loads(capsys.readouterr().out)["boundaries"]}
    assert len(found) == 17
    assert all(b["how"] for b in found.values())
    assert all(b["mend"] for b in found.values() if b["state"] != "holds")


def test_a_boundary_that_does_not_hold_ends_the_command_with_a_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    monkeypatch.setenv("TRAWL_HOME", str(home))
    assert main(["doctor", "--security"]) == Conflict.exit_code
    said = capsys.readouterr()
    assert "does not hold" in said.err
    assert "data is this user's" in said.err
    assert "chmod 700" in said.out


def test_a_command_that_writes_closes_the_data_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    monkeypatch.setenv("TRAWL_HOME", str(home))
    main(["fleet", "status", "--json"])
    assert home.stat().st_mode & 0o777 == 0o700
