"""A recording as a canonical trajectory: what was seen, done, and thought, step by step.

Of a whole recording every committed step is kept in its place, refused or not; of a goal only its
own. `index` counts the trajectory's steps, `step` is the recording's. `terminal` is `explicit` (the last action ends the task), `last_screenshot` (the
recording closed after a whole step) or `missing` (it broke off; a tail may be lost).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from envs.recording.types import ObservationRef, Recording, Step
from grounding import elements, roles, text
from grounding.effects import Effects
from grounding.elements import Harvest
from grounding.goals import Cut
from grounding.records import provenance
from grounding.referring.whereabouts import whereabouts
from grounding.scene import Node, Scene, once
from grounding.thoughts import gate, template
from grounding.thoughts.moment import Lang, Moment, Target, Thought
from grounding.thoughts.reflections import reflect
from grounding.view import View

CHINESE_OF: Final = 3
"""One episode in so many is told in Chinese; where most names are Chinese, always."""

Look = Callable[[ObservationRef], View]
"""The view of an observation."""


@dataclass(slots=True)
class Told:
    """A trajectory with what its thoughts were found guilty of."""

    trajectory: dict[str, Any]
    flags: Counter[str] = field(default_factory=Counter)
    """Flaws of thoughts that no second try mended; these steps ship without a thought."""
    mended: Counter[str] = field(default_factory=Counter)
    """Flaws of thoughts that were told again in plainer words."""


def trajectory(recording: Recording, look: Look, effects: Effects, final_image: str | None) -> Told:
    """The canonical trajectory of a recording that has at least one step."""
    header = recording.header
    lang = _language(header.episode_id, look(recording.steps[0].before).scene)
    goal = text.clean(header.goal)
    head = {
        "id": header.episode_id,
        "goal": goal or template.goal_of_a_walk(lang, header.episode_id),
        "goal_source": "recorded" if goal else "template",
        "lang": lang,
        "terminal": terminal(recording),
        "final_image": final_image,
    }
    return _told(recording, recording.steps, head, look, effects)


def of_goal(recording: Recording, cut: Cut, look: Look, effects: Effects) -> Told:
    """The canonical trajectory of one goal: its own steps, in a row, with what was left out."""
    lang = _language(cut.id, look(cut.steps[0].before).scene)
    if lang not in cut.goals:
        lang = "zh" if "zh" in cut.goals else "en"
    ends = cut.steps[-1].index == len(recording.steps) - 1
    head = {
        "id": cut.id,
        "goal": cut.goals[lang],
        "goals": cut.goals,
        "goal_source": cut.source,
        "goal_kind": cut.kind,
        "task_completed": cut.completed,
        "lang": lang,
        "terminal": terminal(recording) if ends else "last_screenshot",
        "final_image": look(cut.steps[-1].after).image,
        "removed": [one.as_record() for one in cut.removed],
    }
    return _told(recording, cut.steps, head, look, effects)


def _told(
    recording: Recording,
    steps: Sequence[Step],
    head: dict[str, Any],
    look: Look,
    effects: Effects,
) -> Told:
    """The trajectory of some of a recording's steps under its head."""
    header, first = recording.header, look(steps[0].before).scene
    told = Told(
        {
            "id": head["id"],
            "episode_id": header.episode_id,
            **head,
            "platform": header.env.platform,
            "os": {"id": header.env.os_id, "version": header.env.os_version},
            "family": header.family,
            "screen": {
                "w": first.screen.width,
                "h": first.screen.height,
                "scale": first.observation.screen.scale,
            },
            "steps": [],
            "provenance": provenance(header),
        }
    )
    used: Counter[str] = Counter()
    for step in steps:
        told.trajectory["steps"].append(_step(told, step, look, effects, used))
    return told


def terminal(recording: Recording) -> str:
    """How the trajectory ends."""
    if recording.steps and recording.steps[-1].action.name == "terminate":
        return "explicit"
    whole = recording.close is not None and recording.pending is None and not recording.torn
    return "last_screenshot" if whole else "missing"


def _step(
    told: Told, step: Step, look: Look, effects: Effects, used: Counter[str]
) -> dict[str, Any]:
    """One step of the canonical form, with its thought and what the gate found in it."""
    view = look(step.before)
    scene, harvest = view.scene, view.found
    node = scene.nodes.get(step.element_id or "")
    moment = _moment(told.trajectory, step, view, node, used)
    if node is not None:
        used[_key(node)] += 1
    elsewhere = "" if node is None else _whereabouts(node, view, moment.lang)
    thought, flags = _thought(told, moment, elsewhere, _to_be_seen(scene, harvest, moment))
    return {
        "index": moment.index,
        "step": step.index,
        "image": view.image,
        "after_image": look(step.after).image,
        "action": moment.action,
        "element": None if node is None else _element(node),
        "outcome": step.result.outcome,
        "did_anything": step.effect.did_anything,
        "stable": step.before.stable,
        "observation": thought.observation,
        "thought": thought.thought,
        "action_text": thought.action_text,
        "thought_flags": list(flags),
        "reflection": reflect(moment.lang, effects.of(step), moment.seed),
        "redacted": step.redacted,
    }


def _thought(
    told: Told, moment: Moment, elsewhere: str, seen: set[str]
) -> tuple[Thought, tuple[str, ...]]:
    """The step's words; told again without the element's name where the gate stops them.

    `elsewhere` says where the element stands instead. Where that is stopped too they are empty.
    """
    thought = template.think(moment)
    flags = gate.flaws(thought, seen, moment.action)
    if not flags:
        return thought, ()
    target = None if moment.target is None else replace(moment.target, name="", phrase=elsewhere)
    plain = replace(moment, target=target)
    again = template.think(plain)
    if not gate.flaws(again, seen, moment.action):
        told.mended.update(flags)
        return again, ()
    told.flags.update(flags)
    return Thought("", "", template.action_text(plain)), flags


def _moment(
    trajectory: dict[str, Any],
    step: Step,
    view: View,
    node: Node | None,
    used: Counter[str],
) -> Moment:
    scene, harvest = view.scene, view.found
    window, app = _place(scene, node)
    inside = [n for n in harvest.kept if _window_of(n) == window] or harvest.kept
    names = sorted(
        {
            n.name: (n.box.top // 16, n.box.left)
            for n in reversed(inside)
            if n.name and elements.data_type(n) == "text"
        }.items(),
        key=lambda item: (item[1], item[0]),
    )
    return Moment(
        index=len(trajectory["steps"]),
        lang=trajectory["lang"],
        goal=trajectory["goal"],
        app=app,
        window=window,
        names=_spread([name for name, _ in names if template.sayable(name)]),
        count=sum(n.interactable for n in inside),
        action=step.action.as_record(),
        target=None if node is None else _target(node, view, trajectory["lang"]),
        times_before=0 if node is None else used[_key(node)],
        is_page=_is_page(scene),
        seed=f"{trajectory['id']}/{step.index}",
        free=trajectory["goal_source"] == "template",
    )


def _spread(names: list[str]) -> tuple[str, ...]:
    """A few names from all over, rather than the first ones of a menu bar only."""
    if len(names) <= template.NAMES_SAID:
        return tuple(names)
    stride = len(names) / template.NAMES_SAID
    return tuple(names[int(i * stride)] for i in range(template.NAMES_SAID))


def _place(scene: Scene, node: Node | None) -> tuple[str, str]:
    """The window and the program an action goes to, or those in front."""
    if node is not None and (window := _window_of(node)):
        return window, node.app
    for front in scene.nodes.values():
        if front.kind == "window" and "active" in front.element.states and front.box.area:
            return front.name, front.app
        if _is_page(scene) and front.element.role == "document":
            return front.name, front.app
    return "", ""


def _is_page(scene: Scene) -> bool:
    """Whether the screen is a page rather than a desktop."""
    return scene.tree.source.startswith("dom")


@once
def _window_of(node: Node) -> str:
    for above in (node, *node.above):
        if above.kind in {"window", "popup"} and above.name:
            return above.name
    return text.clean(node.element.window)


def _to_be_seen(scene: Scene, harvest: Harvest, moment: Moment) -> set[str]:
    """What a thought may quote: names on the screen before, and what the goal itself quotes."""
    shown = {n.name for n in (*harvest.kept, *harvest.seen) if n.name}
    windows = {moment.window, moment.app} | {
        n.name for n in scene.nodes.values() if n.kind == "window" and n.box.area
    }
    return shown | windows | set(gate.quotes(moment.goal))


def _target(node: Node, view: View, lang: Lang) -> Target:
    role = node.element.role
    words = roles.word(role), roles.word(role, "zh")
    phrase = view.phrase(node, lang)
    if not phrase and not template.sayable(node.name):
        phrase = _whereabouts(node, view, lang)
    return Target(role, *words, node.name, node.kind, phrase)


def _whereabouts(node: Node, view: View, lang: Lang) -> str:
    return whereabouts(roles.word(node.element.role, lang), node.box, view.scene.screen, lang)


def _key(node: Node) -> str:
    """The same element in later screens, whose ids may have changed."""
    return f"{node.element.app}/{node.element.role}/{node.name}/{node.box.as_list()}"


def _element(node: Node) -> dict[str, Any]:
    return {
        "id": node.id,
        "role": node.element.role,
        "name": node.name or None,
        "bbox_px": node.box.as_list(),
    }


def _language(episode_id: str, scene: Scene) -> Lang:
    """Chinese where most named elements are, and for a share of the others."""
    said = [text.language(n.name) for n in scene.nodes.values() if n.name and n.box.area]
    if said and 2 * said.count("zh") > len(said):
        return "zh"
    digest = hashlib.sha256(episode_id.encode()).digest()
    return "zh" if digest[0] % CHINESE_OF == 0 else "en"
