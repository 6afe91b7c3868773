"""A paragraph about a screen: which window is in front, what is in it, what can be done there.

It is drawn from the record's own windows and elements, so that each of its sentences holds; what
the record does not tell is not said. The seed chooses words and examples.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Final

from grounding import roles
from grounding.dense import phrases
from grounding.dense.asking import Record, is_plain, reading_order, rng_of, row
from grounding.effects.words import Lang, listed, sayable, thing, top

EXAMPLES: Final = 3
GROUPS: Final = 5
"""Most kinds of element that are told of."""
OTHERS: Final = 3


def export(record: Record) -> Iterator[dict[str, Any]]:
    """One paragraph in English and one in Chinese, each as an answer about the image."""
    for lang in ("en", "zh"):
        rng = rng_of(record, f"caption/{lang}")
        ask = rng.choice(phrases.PHRASES[lang]["ask"])
        yield row(record, [(ask, caption(record, lang, rng))], form="caption", lang=lang)


def caption(record: Record, lang: Lang, rng: random.Random) -> str:
    """The paragraph."""
    front = next((n for n, w in enumerate(record["windows"]) if w["front"]), None)
    inside = reading_order([e for e in record["elements"] if e["window"] == front])
    said = [
        _front(record, front, lang, rng),
        _parts(inside, "parts" if front is not None else "on_screen", lang, rng),
        _states(inside, lang, rng),
        _doing(inside, lang, rng),
        _others(record, front, lang, rng),
    ]
    return ("" if lang == "zh" else " ").join(s for s in said if s)


def _say(lang: Lang, key: str, rng: random.Random, **filled: str) -> str:
    return rng.choice(phrases.PHRASES[lang][key]).format(**filled)


def _front(record: Record, front: int | None, lang: Lang, rng: random.Random) -> str:
    """Which window, dialog or page is in front."""
    if front is None:
        return _say(lang, "no_front", rng)
    window = record["windows"][front]
    if not _can_be_said(window["title"]):
        return _say(lang, "untitled", rng)
    if window["role"] == "document":
        return _say(lang, "page", rng, name=listed((window["title"],), lang))
    what = "dialog" if "dialog" in window["role"] or "chooser" in window["role"] else "window"
    said = top(what, window["title"], lang)
    own = _can_be_said(window["app"]) and window["app"].casefold() not in window["title"].casefold()
    if own:
        return _say(lang, "front_of", rng, top=said, app=listed((window["app"],), lang))
    return _say(lang, "front", rng, top=said)


def _parts(inside: list[Record], key: str, lang: Lang, rng: random.Random) -> str:
    """What kinds of element are in it, each with a few by name."""
    groups: dict[str, list[str]] = {}
    for element in inside:
        if element["name"] and _can_be_said(element["name"]):
            groups.setdefault(_alike(element["role"]), []).append(element["name"])
    chosen = sorted(groups, key=lambda role: -len(set(groups[role])))[:GROUPS]
    told = [
        _group(role, groups[role], lang, rng) for role in sorted(chosen, key=list(groups).index)
    ]
    return _say(lang, key, rng, parts=phrases.joined(told, lang)) if told else ""


def _group(role: str, names: list[str], lang: Lang, rng: random.Random) -> str:
    """Elements of one role: the only one, or a few of several."""
    different = list(dict.fromkeys(names))
    if len(different) == 1:
        return _say(lang, "one", rng, thing=thing(role, different[0], lang))
    kind, some = phrases.several(roles.word(role), lang), _picked(different, rng)
    return _say(lang, "group", rng, kind=kind, names=listed(tuple(some), lang))


def _states(inside: list[Record], lang: Lang, rng: random.Random) -> str:
    """What is switched on, chosen, or has the focus."""
    told = []
    for state, key in (("checked", "is_on"), ("selected", "is_chosen"), ("focused", "has_focus")):
        having = [e for e in inside if state in e["states"] and _can_be_said(e["name"] or "")]
        having = [e for e in having if e["role"] != "menu"]
        if having:
            told.append(
                _say(lang, key, rng, thing=thing(having[0]["role"], having[0]["name"], lang))
            )
    return ("" if lang == "zh" else " ").join(told)


def _doing(inside: list[Record], lang: Lang, rng: random.Random) -> str:
    """What can be done: where text goes, what is pressed."""
    able = [e for e in inside if e["interactable"] and _can_be_said(e["name"] or "")]
    told = []
    for key, kind in (("can_type", "field"), ("can_press", "control")):
        names = [e["name"] for e in able if roles.role_of(e["role"]).kind == kind and _takes(e)]
        if names:
            told.append(_say(lang, key, rng, names=phrases.either(_picked(names, rng), lang)))
    return ("" if lang == "zh" else " ").join(told)


def _picked(names: list[str], rng: random.Random) -> list[str]:
    different = list(dict.fromkeys(names))
    return sorted(rng.sample(different, min(EXAMPLES, len(different))), key=different.index)


def _others(record: Record, front: int | None, lang: Lang, rng: random.Random) -> str:
    """What else is open."""
    titles = [
        w["title"]
        for n, w in enumerate(record["windows"])
        if n != front and _can_be_said(w["title"]) and w["role"] not in {"document", "desktop-frame"}
        and "panel" not in w["app"].casefold() and "desktop" not in w["app"].casefold()
    ]  # fmt: skip
    other = tuple(dict.fromkeys(titles))[:OTHERS]
    return _say(lang, "others", rng, names=listed(other, lang)) if other else ""


def _takes(element: Record) -> bool:
    """Whether a field takes text: most lists that drop down do not."""
    return "combo" not in element["role"] or "editable" in element["states"]


def _alike(role: str) -> str:
    """The first role of those that people call the same."""
    return next((name for name in roles.ROLES if roles.word(name) == roles.word(role)), role)


def _can_be_said(name: str) -> bool:
    return sayable(name) and is_plain(name)
