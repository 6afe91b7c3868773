"""What an explorer never presses: names that end the machine, and names that cannot be undone.

Two lists, English and Chinese. What ends the session, the machine or our view of it is never
pressed anywhere. What pays, sends, deletes or formats is pressed only on an isolated machine: a
fork without a network that is thrown away. The keyboard is judged by what it would press.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from envs.actions import Action, Hotkey, MoveTo, Press, Scroll, Wait, Write
from envs.types import Element
from grounding.scene import Scene

ENDS: Final = (
    "shut down|shutdown|power off|poweroff|turn off|halt|restart|reboot|suspend|hibernate"
    "|hybrid sleep|sleep|log out|logout|log off|sign out|switch user|lock|lock screen"
    "|end session|quit session|exit session|new session|screen resolution|resolution|rotation"
    "|assistive technologies|kill|terminate|end process|end task|send signal|stop process"
    "|display settings|accessibility settings"
)
ENDS_ZH: Final = (
    "关机|关闭计算机|关闭电源|重启|重新启动|注销|登出|退出登录|休眠|挂起|睡眠|锁定|锁屏|切换用户"
    "|结束会话|结束进程|终止|辅助技术|分辨率|旋转"
)
COSTS: Final = (
    "delete account|remove account|close account|deactivate|pay|pay now|payment|buy|buy now"
    "|purchase|check out|checkout|place order|order now|donate|transfer|withdraw|subscribe"
    "|send|send now|post|publish|submit order|share|invite|format|erase|wipe|factory reset"
    "|reset all|uninstall|install|delete|delete all|delete permanently|empty trash|empty bin"
    "|move to trash|unmount|eject|partition|overwrite|replace all files"
)
COSTS_ZH: Final = (
    "删除|移除账户|付款|支付|购买|下单|结账|捐款|转账|提现|订阅|发送|发表|发布|分享|邀请|格式化"
    "|抹掉|恢复出厂|卸载|安装|清空|回收站|弹出|分区"
)
PRESSING_KEYS: Final = frozenset({"enter", "return", "space", " ", "\n"})
NEAR: Final = 6
"""Most elements around one that are asked for their names."""


def _words(english: str, chinese: str) -> re.Pattern[str]:
    spaced = english.replace(" ", r"[\s_-]*")
    return re.compile(rf"(?<![a-z])(?:{spaced})(?![a-z])|{chinese}", re.IGNORECASE)


_ENDS: Final = _words(ENDS, ENDS_ZH)
_COSTS: Final = _words(COSTS, COSTS_ZH)


def forbids(names: Iterable[str], *, isolated: bool) -> str:
    """The word among `names` that forbids pressing what they call; empty where none does."""
    for name in names:
        plain = name.replace("_", "")
        found = _ENDS.search(plain) or (None if isolated else _COSTS.search(plain))
        if found is not None:
            return found.group(0).casefold()
    return ""


def verdict(action: Action, element_id: str | None, scene: Scene, *, isolated: bool) -> str:
    """Why this action may not be tried here; empty where it may."""
    if isinstance(action, MoveTo | Scroll | Wait):
        return ""
    target = scene.tree.by_id().get(element_id or "")
    if target is not None and (word := forbids(names_of(target, scene), isolated=isolated)):
        return word
    if _presses(action):
        return _of_keyboard(scene, isolated=isolated)
    return ""


def names_of(element: Element, scene: Scene) -> list[str]:
    """What the element is called: its own words and program, and the words around and inside it."""
    above = [n for n in scene.ancestors(element.id) if n.interactable]
    below = [n for n, _ in zip(scene.descendants(element.id), range(NEAR), strict=False)]
    near = [element, *(n.element for n in above[:NEAR])]
    if not element.name:
        near += [n.element for n in below]
    return [words for e in near for words in (e.name, e.description, e.app) if words]


def _presses(action: Action) -> bool:
    """Whether the keyboard would press what has the focus, or what a dialog offers first."""
    if isinstance(action, Write):
        return action.submit or "\n" in action.text
    if isinstance(action, Press | Hotkey):
        return not PRESSING_KEYS.isdisjoint(action.keys)
    return False


def _of_keyboard(scene: Scene, *, isolated: bool) -> str:
    """The word that forbids enter and space now: the focus's, or any button's of an open dialog."""
    for node in scene.nodes.values():
        element = node.element
        focused = "focused" in element.states and node.kind in {"control", "field"}
        if focused and (word := forbids(names_of(element, scene), isolated=isolated)):
            return word
        if element.role.endswith("button") and _in_dialog(element, scene):
            word = forbids([element.name], isolated=isolated)
            if word and scene.is_showing(element):
                return word
    return ""


def _in_dialog(element: Element, scene: Scene) -> bool:
    return any(node.kind == "popup" for node in scene.ancestors(element.id))
