from __future__ import annotations

import pytest

from infra.progress import open_progress


def test_off_a_terminal_progress_is_plain_lines_on_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with open_progress("build", 4) as progress:
        progress.say("unpack")
        for _ in range(4):
            progress.advance()
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert "build  unpack" in lines[0]
    assert "4/4" in lines[-1]
    assert "\x1b" not in said.err


def test_the_last_line_comes_even_when_the_work_fails(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        with open_progress("build") as progress:
            progress.advance(7)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert "build  7 (" in capsys.readouterr().err
