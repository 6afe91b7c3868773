"""OS-Genesis's random walk, written from its public loop for phones, on a desktop.

Sun et al. 2024 (arXiv 2412.19723), section 3.1, "interaction-driven functional discovery"; the
figures from collection/random_walk_aw.py: episodes of ten steps (l. 405), 3 s after a program is
opened (l. 392), 2 s after each action (l. 438), and AndroidWorld's 1 s before a state is read
(`transition_pause`). An element is drawn with ten times the weight of scrolling and of going back;
what can be edited is typed into. An element whose press changed nothing (the sets of all fields are
equal) is never tried again. Kinder than the original: the state after a step is not read again as
the next one's before, and what would end the session is not pressed. Typed text is ours.
"""

from __future__ import annotations

import random
from typing import Final

from collector.explore import deny
from collector.explore.phrases import text_for
from envs.actions import Action, Click, Press, Scroll, Write
from infra.clock import Clock
from tests.bench.explorers.machine import Machine
from tests.bench.explorers.neutral import Found, Seen, shows

STEPS: Final = 10
OPENED_S: Final = 3.0
ACTED_S: Final = 2.0
READ_S: Final = 1.0
ROLES: Final = (
    "button", "check", "radio", "combo", "menu", "tab", "text", "entry", "item", "icon", "link",
    "slider", "spin", "toggle", "cell", "searchbox",
)  # fmt: skip
EDITED: Final = ("text", "entry", "terminal", "searchbox", "textbox", "paragraph", "editor")
CENTRE: Final = (640, 400)


def explore(machine: Machine, clock: Clock, within_s: float, seed: int) -> Found:
    """Walk for so many seconds of the machine's time."""
    rng, found = random.Random(f"genesis {seed}"), Found()
    dead: set[tuple[str, str, str, tuple[int, ...] | None]] = set()
    start = clock.monotonic_s() + machine.restart()
    while (spent := clock.monotonic_s() - start) < within_s:
        _episode(machine, clock, rng, found, dead, start + within_s)
        found.worked_s = clock.monotonic_s() - start
        assert spent < within_s
    return found


def _episode(
    machine: Machine,
    clock: Clock,
    rng: random.Random,
    found: Found,
    dead: set[tuple[str, str, str, tuple[int, ...] | None]],
    until_s: float,
) -> None:
    machine.act(Press(("esc",)))
    _pause(machine, clock, OPENED_S + READ_S)
    before = machine.look()
    found.saw(before)
    for _ in range(STEPS):
        if clock.monotonic_s() > until_s:
            return
        target, actions = _choose(before, dead, rng)
        for action in actions:
            machine.act(action)
        _pause(machine, clock, ACTED_S + READ_S)
        after = machine.look()
        found.saw(after)
        found.steps += 1
        if target is not None and set(after) == set(before):
            dead.add(_key(target))
        before = after


def _choose(
    things: list[Seen], dead: set[tuple[str, str, str, tuple[int, ...] | None]], rng: random.Random
) -> tuple[Seen | None, list[Action]]:
    """An element, ten times as likely as each of the other three moves."""
    usable = [t for t in things if is_usable(t) and _key(t) not in dead]
    others: list[Action] = [Scroll(*CENTRE, dy=-5), Scroll(*CENTRE, dy=5), Press(("esc",))]
    drawn = rng.randrange(10 * len(usable) + len(others))
    if drawn >= 10 * len(usable):
        return None, [others[drawn - 10 * len(usable)]]
    target = usable[drawn // 10]
    return target, press(target, rng)


def press(target: Seen, rng: random.Random) -> list[Action]:
    """What is done to an element: typed into where it can be edited, else pressed."""
    assert target.box is not None
    left, top, right, bottom = target.box
    click = Click(min(max((left + right) // 2, 0), 1279), min(max((top + bottom) // 2, 0), 799))
    if "editable" in target.states or any(word in target.role for word in EDITED):
        text = text_for(target.role, target.name, target.app, rng)
        return [click, Write("".join(c for c in text if c.isascii()) or "hello")]
    return [click]


def is_usable(thing: Seen) -> bool:
    """Whether it shows, can be pressed, and does not end the session."""
    enabled = bool({"enabled", "sensitive"} & thing.states)
    acts = any(word in thing.role for word in ROLES)
    return enabled and acts and shows(thing) and not deny.forbids([thing.name], isolated=True)


def _key(thing: Seen) -> tuple[str, str, str, tuple[int, ...] | None]:
    return thing.app, thing.role, thing.name, thing.box


def _pause(machine: Machine, clock: Clock, seconds: float) -> None:
    if machine.sleeps:
        clock.sleep(seconds)
