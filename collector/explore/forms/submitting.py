"""How a form is submitted: its own button, or Enter in a field; never where deny forbids a button.

Enter presses the button that a form has first, so that a form with a forbidden button is not
submitted at all.
"""

from __future__ import annotations

import random
import re
from typing import Final

from collector.explore import moves
from collector.explore.base import Choice
from collector.explore.forms.groups import Group
from collector.explore.novelty import signature_of
from collector.explore.view import View
from collector.explore.weighing import Move, called
from envs import actions as do
from grounding.scene import Node

SUBMITS: Final = re.compile(
    r"\b(submit|send|save|apply|ok|continue|next|sign in|log in|register|search|find|add|create"
    r"|place order|order|update|change|go|finish|done|accept|reserve|book|join)\b"
    r"|提交|发送|保存|应用|确定|继续|下一步|登录|注册|搜索|查找|添加|创建|下单|更新|修改|完成|订阅|预订",
    re.IGNORECASE,
)
UNDOES: Final = re.compile(
    r"reset|discard|clear|later|back|放弃|重置|清除|暂存|上一步", re.IGNORECASE
)
ENTER_SHARE: Final = 0.35


def submit(group: Group, view: View, rng: random.Random) -> Move | None:
    """Submit a form; None where nothing that shows does it."""
    if group.forbidden:
        return None
    button = _button(group, view)
    focused = view.focused
    lines = {f.key for f in group.fields if moves.takes_text(f.node) and not moves.is_prose(f.node)}
    by_enter = button is None or rng.random() < ENTER_SHARE
    if focused is not None and focused.id in lines and by_enter:
        choice = Choice(do.Press(("enter",)), focused.id, "submits the form by enter")
        return Move(choice, "enter", signature_of(focused, view.scene))
    if button is None:
        return None
    action = do.Click(*moves.place(button.box, rng))
    choice = Choice(action, button.id, f"submits the form by {called(button)}")
    return Move(choice, "click", signature_of(button, view.scene))


def _button(group: Group, view: View) -> Node | None:
    """The button whose name says that it submits: the first after the last field, else the last."""
    order = {key: place for place, key in enumerate(view.scene.nodes)}
    named = [n for n in group.buttons if SUBMITS.search(n.name) and not UNDOES.search(n.name)]
    last = max((order[f.key] for f in group.fields), default=0)
    after = [n for n in named if order[n.id] > last]
    return next(iter(after), named[-1] if named else None)
