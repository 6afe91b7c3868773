"""The default teacher: sentences filled from the tree, chosen by the step's own seed.

It needs no model, says nothing the screen before the action does not show, and says the same for
the same step every time.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from grounding.thoughts.moment import Lang, Moment, Target, Thought
from grounding.thoughts.phrases import PHRASES

NAMES_SAID: Final = 4
LONGEST_SAID: Final = 40
LONGEST_TYPED: Final = 120
QUOTES: Final = {"en": '"{}"', "zh": "“{}”"}
JOINS: Final = {"en": ", ", "zh": "、"}
MENUS: Final = frozenset({"menu"})
TOGGLES: Final = frozenset(
    ["checkbox", "check-box", "radio", "radio-button", "switch", "toggle-button", "togglebutton"]
)
SAYING: Final = {
    "select_option": "value",
    "goto": "url",
    "upload_file": "file_name",
    "key_down": "key",
    "key_up": "key",
    "hold_key": "key",
}
"""Actions whose sentence says one of their arguments."""
BY_ACTION: Final = {
    "scroll": "why_scroll",
    "press": "why_keys",
    "hotkey": "why_keys",
    "key_down": "why_keys",
    "key_up": "why_keys",
    "hold_key": "why_keys",
    "mouse_down": "why_drag",
    "mouse_up": "why_let_go",
    "drag": "why_drag",
    "wait": "why_wait",
    "goto": "why_page",
    "go_back": "why_page",
    "go_forward": "why_page",
    "new_tab": "why_page",
    "tab_focus": "why_page",
    "tab_close": "why_page",
    "terminate": "why_end",
}
"""The reason for an action that needs no element."""


def think(moment: Moment) -> Thought:
    """Observation, thought and action for one step."""
    return Thought(_observation(moment), _thought(moment), action_text(moment))


def choose(lang: Lang, key: str, seed: str, **filled: Any) -> str:
    """One of the phrases for `key`, by the seed, with its braces filled."""
    phrases = PHRASES[lang][key]
    digest = hashlib.sha256(f"{seed}/{key}".encode()).digest()
    return phrases[int.from_bytes(digest[:4], "big") % len(phrases)].format(**filled)


def goal_of_a_walk(lang: Lang, seed: str) -> str:
    """What an explorer without a task of its own was sent to do."""
    return choose(lang, "explore", seed)


def sayable(name: str) -> bool:
    """Whether a name can be quoted in a sentence."""
    return 0 < len(name) <= LONGEST_SAID and not set('"“”') & set(name)


def _observation(moment: Moment) -> str:
    lang, seed = moment.lang, moment.seed
    if sayable(moment.window):
        key = "page" if moment.is_page else "window"
        said = choose(lang, key, seed, window=moment.window)
    elif sayable(moment.app):
        said = choose(lang, "app", seed, app=moment.app)
    else:
        said = choose(lang, "unnamed" if moment.window or moment.app else "nowhere", seed)
    names = [QUOTES[lang].format(n) for n in moment.names if sayable(n)][:NAMES_SAID]
    space = " " if lang == "en" else ""
    if names:
        said += space + choose(lang, "names", seed, names=JOINS[lang].join(names))
    if moment.count > NAMES_SAID:
        said += choose(lang, "more", seed, count=moment.count)
    if moment.target is not None:
        said += choose(lang, "target", seed, **_called(moment.target, lang))
    return said


def _thought(moment: Moment) -> str:
    lang, seed = moment.lang, moment.seed
    goal = choose(lang, "goal", seed, goal=moment.goal) if moment.index == 0 else ""
    called = _called(moment.target, lang) if moment.target else {"role": "", "name": ""}
    return goal + choose(lang, _reason(moment), seed, **called)


def _reason(moment: Moment) -> str:
    """Which kind of reason fits the action and its element."""
    name, target = str(moment.action["name"]), moment.target
    if name in BY_ACTION:
        paged = BY_ACTION[name] == "why_page" and not moment.free
        return "why_page_task" if paged else BY_ACTION[name]
    if target is None:
        return "why_other"
    if name == "write" or (name == "click" and target.kind == "field"):
        return "why_field"
    return _why_this(moment, target) if moment.free else "why_task"


def _why_this(moment: Moment, target: Target) -> str:
    """Why an explorer takes this element."""
    if moment.times_before:
        return "why_again"
    if target.role in MENUS:
        return "why_menu"
    return "why_toggle" if target.role in TOGGLES else "why_first"


def action_text(moment: Moment) -> str:
    """The action in one sentence."""
    lang, args = moment.lang, dict(moment.action.get("args") or {})
    key, filled = _sentence(str(moment.action["name"]), args)
    called = _called(moment.target, lang) if moment.target else _place(lang)
    return choose(lang, key, moment.seed, **{**called, **filled})


def _sentence(name: str, args: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """The phrase's key for an action, and what it needs besides the element."""
    if name == "scroll":
        return f"scroll_{_way(args)}", {}
    if name in {"press", "hotkey"}:
        return "keys", {"keys": "+".join(args["keys"])}
    if name == "write":
        return _written(str(args["text"]))
    if name in SAYING:
        return name, {"text": str(args[SAYING[name]])}
    if name == "click":
        return _clicks(args), {}
    if name in {"mouse_down", "mouse_up"}:
        name = name.replace("mouse", args.get("button", "left"))
    known = name in PHRASES["en"]
    return (name, {}) if known else ("other", {"verb": name.replace("_", " ")})


def _written(text: str) -> tuple[str, dict[str, str]]:
    """The phrase for typing, with the text where it can be quoted."""
    if not text:
        return "write_secret", {}
    plain = len(text) <= LONGEST_TYPED and text.isprintable() and not set('"“”') & set(text)
    return ("write", {"text": text}) if plain else ("write_long", {})


def _clicks(args: dict[str, Any]) -> str:
    """Which click it is by its button and count."""
    if args.get("button", "left") != "left":
        return f"{args['button']}_click"
    return {2: "double_click", 3: "triple_click"}.get(int(args.get("clicks", 1)), "click")


def _way(args: dict[str, Any]) -> str:
    if args.get("dy"):
        return "up" if args["dy"] > 0 else "down"
    return "right" if args.get("dx", 0) > 0 else "left"


def _called(target: Target, lang: Lang) -> dict[str, str]:
    """`{role}{name}` for a sentence: `"Save" button`, `“保存”按钮`, or the role alone."""
    word = target.role_word(lang)
    if target.phrase:
        return {"role": target.phrase, "name": ""}
    if not sayable(target.name):
        return {"role": word, "name": ""}
    return {"role": QUOTES[lang].format(target.name) + (" " if lang == "en" else ""), "name": word}


def _place(lang: Lang) -> dict[str, str]:
    """Stands for an element where the action has none."""
    return {"role": "area under the pointer" if lang == "en" else "指针所在的区域", "name": ""}
