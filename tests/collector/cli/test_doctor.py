from __future__ import annotations

import json
import os

import pytest

from collector.cli.main import main


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


def test_each_boundary_is_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert os.geteuid() != 0
    main(["doctor", "--security", "--json"])
    checks = json.loads(capsys.readouterr().out)["checks"]
    assert {c["name"] for c in checks} >= {"not root", "guests have no network", "no open port"}
