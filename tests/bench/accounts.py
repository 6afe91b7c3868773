"""One step of a script, and what the mirror then has otherwise than a reading from nothing.

The mirror is read as an episode reads it, until it agrees with itself. Then the program is read by
a mirror that knows nothing. What differs is read a third time: only where the two readings from
nothing agree, and the mirror read once more still differs, has it something wrong; elsewhere the
program changed meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from collector.episode.observing import Pace, alike, observe, settle
from envs.actions import Action, Click
from envs.types import Element, Screen, Tree
from envs.ubuntu import UbuntuEnv
from infra.clock import Deadline
from tests.bench.changes import Elements, Script, Step, happened, tops
from tests.bench.machines import CLOCK

HAPPENS_S = 20.0
"""A busy host's guest may act seconds after its screen stood still."""
APPEARS_S = 120.0
LATE: Final = "late: "


@dataclass(frozen=True, slots=True)
class Account:
    """One step: whether it happened and the program could be read after it, how many nodes were compared, what was wrong, read in what time."""

    script: Script
    kind: str
    happened: bool
    nodes: int = 0
    wrong: tuple[str, ...] = ()
    changed_meanwhile: int = 0
    read_s: float = 0.0

    @property
    def differences(self) -> int:
        """Nodes that the mirror had wrong."""
        return len(self.wrong)

    def brief(self) -> str:
        """In a line."""
        if not self.happened:
            return f"{self.kind} did not happen"
        causes = "; ".join(sorted(set(self.wrong)))[:300]
        return f"{self.kind} {self.nodes} nodes, {self.differences} wrong, {self.read_s:.2f} s {causes}"


def follow(env: UbuntuEnv, script: Script, rounds: int, whole_every: int = 10) -> Iterator[Account]:
    """Open the program, do its steps `rounds` times, and account for each.

    Every `whole_every`th step all programs are compared, else the one that was acted upon.
    """
    bring_up(env, script)
    for number, step in enumerate(script.steps * rounds):
        yield account(env, script, step, whole=number % whole_every == whole_every - 1)


def bring_up(env: UbuntuEnv, script: Script) -> None:
    """See that the program's window is there and in front."""
    if script.desktop_id:
        env.open_program(script.desktop_id, script.file, script.box)
    deadline = Deadline.after(CLOCK, APPEARS_S)
    while not deadline.is_past():
        tree = env.tree()
        windows = [e for e in tops(shown(tree, script.app)) if script.title in e.name]
        if windows and (script.desktop_id or any("active" in e.states for e in windows)):
            break
        if windows and (button := _task_button(tree, script.title)) is not None:
            _act(env, button)
        CLOCK.sleep(1.0)
    observe(env, CLOCK, Pace())


def account(env: UbuntuEnv, script: Script, step: Step, whole: bool = False) -> Account:
    """Do one step and compare."""
    before, picture = shown(env.tree(), script.app), env.screen()
    for action in step.act(before):
        _act(env, action)
    read_s = _read_that_shows_it(env, script, step, before, picture)
    if read_s is None:
        return Account(script, step.kind, happened=False)
    mirrored = observe(env, CLOCK, Pace()).observation.tree
    names = frozenset() if whole else frozenset({script.app})
    nodes, wrong, meanwhile = differences(env, mirrored, names)
    return Account(
        script,
        step.kind,
        happened=nodes > 0,
        nodes=nodes,
        wrong=tuple(wrong),
        changed_meanwhile=meanwhile,
        read_s=read_s,
    )


def shown(tree: Tree, app: str) -> list[Element]:
    """What one program shows."""
    return [element for element in tree.elements if element.app == app]


def differences(
    env: UbuntuEnv, mirrored: Tree, names: frozenset[str]
) -> tuple[int, list[str], int]:
    """Nodes compared, what the mirror has wrong of them, and how many changed meanwhile.

    A program that was late in a reading from nothing is not there, and proves nothing.
    """
    first = env.mirror.afresh(names)
    apps = {element.app for element in first.elements}
    told = {e.id: e for e in _listed(mirrored) if not names or e.app in apps}
    read = first.by_id()
    doubtful = _differing(told, read)
    if not doubtful:
        return len(read), [], 0
    second = env.mirror.afresh(names)
    again, absent = second.by_id(), _late(first) | _late(second)
    doubtful = [key for key in doubtful if (told.get(key) or read[key]).app not in absent]
    renewed = _renewed(told, read, doubtful)
    now = env.mirror.tree()
    late = {} if now.notes else {e.id: e for e in _listed(now)}  # an audit would hide what is wrong
    settled = [
        key for key in doubtful
        if _signature(read, key) == _signature(again, key)
        and (not late or _signature(late, key) != _signature(again, key))
    ]  # fmt: skip
    wrong = [_cause(told.get(key), read.get(key)) for key in settled if key not in renewed]
    return len(read), wrong, len(doubtful) - len(set(settled) | renewed)


def _late(tree: Tree) -> set[str]:
    """The programs that did not answer in time."""
    return {note.removeprefix(LATE) for note in tree.notes if note.startswith(LATE)}


def _listed(tree: Tree) -> Iterator[Element]:
    """All but GTK 3's tool tips and what is in them: a reading from nothing cannot find those."""
    tips: set[str] = set()
    for element in tree.elements:
        if element.role == "tooltip" or element.parent in tips:
            tips.add(element.id)
        else:
            yield element


def _differing(one: Mapping[str, Element], other: Mapping[str, Element]) -> list[str]:
    keys = sorted(one.keys() | other.keys())
    return [key for key in keys if _signature(one, key) != _signature(other, key)]


def _signature(elements: Mapping[str, Element], key: str) -> tuple[object, ...] | None:
    return elements[key].signature() if key in elements else None


def _renewed(
    told: Mapping[str, Element], read: Mapping[str, Element], keys: Sequence[str]
) -> set[str]:
    """Objects that ended and came again, the same to look at: cells made on demand."""
    gone = Counter(_look(told[key]) for key in keys if key not in read)
    come = Counter(_look(read[key]) for key in keys if key not in told)
    both = gone & come
    alone = [key for key in keys if (key in told) != (key in read)]
    return {key for key in alone if both[_look(told.get(key) or read[key])]}


def _look(element: Element) -> tuple[object, ...]:
    return (element.app, *element.signature()[2:])


def _cause(told: Element | None, read: Element | None) -> str:
    """What kind of thing is wrong: the program's toolkit, the role, and the fact."""
    element = told or read
    assert element is not None
    if told is None or read is None:
        return (
            f"{element.toolkit} {element.role}: {'not known' if told is None else 'gone and kept'}"
        )
    facts = [
        f
        for f in ("parent", "role", "name", "box", "value")
        if getattr(told, f) != getattr(read, f)
    ]
    states = [f"state {state}" for state in sorted(told.states ^ read.states)]
    return f"{element.toolkit} {element.role}: {', '.join(facts + states)}"


def _act(env: UbuntuEnv, action: Action) -> None:
    before = env.screen()
    env.act(action, f"mirror-{CLOCK.now_ns()}", env.fence)
    settle(env, before, CLOCK, Pace())


def _read_that_shows_it(
    env: UbuntuEnv, script: Script, step: Step, before: Elements, picture: Screen
) -> float | None:
    """Seconds of the mirror's reading in which the change shows, None where it never does."""
    deadline = Deadline.after(CLOCK, HAPPENS_S)
    while not deadline.is_past():
        start = CLOCK.monotonic_s()
        after = shown(env.tree(), script.app)
        read_s = CLOCK.monotonic_s() - start
        by_picture = not script.tells_places or step.kind == "scroll"
        if by_picture and not alike(picture, env.screen()):
            return read_s
        if script.tells_places and happened(step.kind, before, after):
            return read_s
        CLOCK.sleep(0.5)
    return None


def _task_button(tree: Tree, title: str) -> Click | None:
    """A click on the panel's button of a window."""
    for element in tree.elements:
        named = element.role == "toggle-button" and title in element.name
        if element.app == "xfce4-panel" and named and element.box is not None:
            return Click(*element.box.centre)
    return None
