from __future__ import annotations

import json

import pytest

from collector.cli import render
from collector.cli.main import NOUNS, main
from infra.visible import visible


def test_help_names_every_noun_and_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(noun in said for noun in NOUNS)
    assert "130 interrupted" in said


def test_without_a_word_it_shows_the_help_and_fails_as_usage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 2
    assert "Usage: trawl NOUN VERB" in capsys.readouterr().out


def test_an_unknown_noun_offers_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctr"]) == 3
    said = capsys.readouterr()
    assert "no command named 'doctr'" in said.err
    assert "did you mean 'doctor'?" in said.err


def test_under_json_an_error_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctr", "--json"]) == 3
    said = capsys.readouterr()
    assert json.loads(said.out)["error"]["kind"] == "not_found"
    assert said.err == ""


def test_an_unknown_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "show", "--jsn"]) == 2
    assert "--json" in capsys.readouterr().err


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_explains_itself(noun: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([noun, "--help"]) == 0
    said = capsys.readouterr().out
    assert f"trawl {noun}" in said
    assert "--json" in said or "COMMAND" in said


def test_settings_come_as_one_document_with_their_origin(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAWL_RUNNING", "3")
    assert main(["config", "show", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["running"] == {"value": "3", "origin": "TRAWL_RUNNING"}


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b[2J\x1b]0;owned\x07",
        "\x9b31m",
        "user\u202egpj.exe",
        "zero\u200bwidth",
        "line\u2028sep",
        "bell\x07\x00\x7f",
    ],
)
def test_what_steers_a_terminal_does_not_reach_it(
    hostile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    render.echo(hostile)
    render.table(["name", "title"], [["m-1", hostile]])
    said = capsys.readouterr().out
    assert not set(said) & set("\x1b\x9b\x07\x00\x7f\u202e\u200b\u2028")
    assert "�" in said


def test_text_of_any_script_is_kept() -> None:
    text = "设置 · Größe · नमस्ते · first\nsecond"
    assert visible(text) == text
