"""What a desktop is started as and how it is made to look: closed, seeded, within the screen."""

from __future__ import annotations

import pytest

from envs.ubuntu import look as looks
from envs.ubuntu.contents import WORDS, contents
from envs.ubuntu.look import PLACEMENTS, Look, apply, placed
from envs.ubuntu.programs import SETS
from envs.ubuntu.session import LOCALES, SCALES, SCREENS, Session, fits
from infra.errors import HostileInput

SESSIONS = [
    Session(scale=scale, screen=screen, programs=programs)
    for scale in SCALES
    for screen in SCREENS
    for programs in SETS
    if fits(scale, screen)
]


@pytest.mark.parametrize("session", SESSIONS, ids=str)
@pytest.mark.parametrize("placement", [p for p in PLACEMENTS if p != "opened"])
def test_every_window_is_put_where_some_of_it_is_on_the_screen(session, placement):
    width, height = session.size
    boxes = placed(Look(placement=placement, files=7), session)
    assert len(boxes) == len(session.opened.programs)
    for left, top, wide, high in boxes:
        assert 0 <= left < width - 100
        assert 0 <= top < height - 60
        assert wide > 100
        assert high > 60


@pytest.mark.parametrize("locale", LOCALES)
def test_files_follow_from_their_seed(locale):
    assert contents(5, locale) == contents(5, locale)
    assert set(contents(5, locale).values()).isdisjoint(contents(6, locale).values())
    assert locale in WORDS


def test_a_session_reaches_the_kernel_as_words_without_spaces():
    words = Session("he_IL", "1.5", "1920x1080", "modern").words()
    assert words == ("trawl.locale=he_IL", "trawl.dpi=144", "trawl.scale=1", "trawl.qt=1.5")


def asked(answer):
    """An agent that answers so, and what it was asked."""
    seen = []

    def ask(verb, args, within_s):
        assert within_s > 0
        seen.append((verb, args))
        return answer if verb == "look" else {}

    return ask, seen


SAID = {"theme": "Arc-Dark", "icons": "Tango", "font": "Cantarell 9", "locale": "zh_CN.UTF-8",
        "dpi": 96, "scale": 1, "qt_scale": "1"}  # fmt: skip


def test_a_look_is_asked_of_the_agent_in_names_only():
    ask, seen = asked(SAID)
    look = Look("Arc-Dark", "Tango", "Cantarell", "night", "tiles", files=2)
    apply(ask, look, Session(locale="zh_CN"))
    assert [verb for verb, _ in seen] == ["put"] * 4 + ["arrange", "look"]
    assert seen[5][1] == {"theme": "Arc-Dark", "icons": "Tango", "font": "Cantarell",
                          "dark": True, "wallpaper": "night"}  # fmt: skip
    assert len(seen[4][1]["boxes"]) == 9


def test_a_guest_that_does_not_take_its_look_is_not_believed():
    ask, _ = asked({**SAID, "theme": "Greybird"})
    with pytest.raises(HostileInput, match="did not take"):
        apply(ask, Look("Arc-Dark", "Tango", "Cantarell"), Session())


def test_dark_themes_are_told_as_dark():
    assert {name for name, dark in looks.THEMES.items() if dark} == {
        name for name in looks.THEMES if name.lower().endswith("dark")
    }
