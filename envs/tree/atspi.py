"""AT-SPI as calls and values: the questions that are asked, the bits of a state set, cache entries.

Everything a program answers becomes plain bounded values here, or None where it makes no sense.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from envs.tree.batches import Answer, Call
from envs.tree.dbus_wire import Variant
from envs.types import Box
from infra.limits import COORDINATE_PX

REGISTRY: Final = "org.a11y.atspi.Registry"
REGISTRY_PATH: Final = "/org/a11y/atspi/registry"
ROOT_PATH: Final = "/org/a11y/atspi/accessible/root"
NULL_PATH: Final = "/org/a11y/atspi/null"
PREFIX: Final = "org.a11y.atspi."
ACCESSIBLE: Final = "org.a11y.atspi.Accessible"
COMPONENT: Final = "org.a11y.atspi.Component"
TABLE: Final = "org.a11y.atspi.Table"
PROPERTIES: Final = "org.freedesktop.DBus.Properties"
CACHE: Final = "org.a11y.atspi.Cache"
CACHE_PATH: Final = "/org/a11y/atspi/cache"
ITEM: Final = "((so)(so)(so)iiassusau)"
"""A cache entry: itself, application, parent, index, child count, interfaces, name, role, …"""
SCREEN: Final = 0
"""Extents in screen coordinates."""
PATH_CHARS: Final = 256
BUS_CHARS: Final = 255
"""A longer object path or bus name is refused: no toolkit needs one."""
NAME_CHARS: Final = 1_000
"""Longest name or description kept."""
ACTIONS: Final = 16
"""Most actions kept of one element."""
LABELLED_BY: Final = 2

STATES: Final = (
    "invalid", "active", "armed", "busy", "checked", "collapsed", "defunct", "editable",
    "enabled", "expandable", "expanded", "focusable", "focused", "has-tooltip", "horizontal",
    "iconified", "modal", "multi-line", "multiselectable", "opaque", "pressed", "resizable",
    "selectable", "selected", "sensitive", "showing", "single-line", "stale", "transient",
    "vertical", "visible", "manages-descendants", "indeterminate", "required", "truncated",
    "animated", "invalid-entry", "supports-autocompletion", "selectable-text", "is-default",
    "visited", "checkable", "has-popup", "read-only",
)  # fmt: skip
BITS: Final = {name: 1 << place for place, name in enumerate(STATES)}
ACTIVE: Final = BITS["active"]
DEFUNCT: Final = BITS["defunct"]
FOCUSED: Final = BITS["focused"]
ICONIFIED: Final = BITS["iconified"]
SHOWN: Final = BITS["showing"] | BITS["visible"]
MANAGES: Final = BITS["manages-descendants"]

Key = tuple[str, str]
"""A bus name and an object path: what names an accessible on its bus."""


class Item(NamedTuple):
    """A cache entry, bounded."""

    key: Key
    parent: Key | None
    place: int
    children: int
    interfaces: frozenset[str]
    name: str
    role: int
    description: str
    states: int


def get(bus: str, path: str, interface: str, name: str) -> Call:
    """One property. Never GetAll: it kills programs of Qt 5."""
    return Call(bus, path, PROPERTIES, "Get", "v", "ss", (PREFIX + interface, name))


def extents(key: Key) -> Call:
    """Where it is on the screen."""
    return Call(*key, COMPONENT, "GetExtents", "(iiii)", "u", (SCREEN,))


def states(key: Key) -> Call:
    """Its state set."""
    return Call(*key, ACCESSIBLE, "GetState", "au")


def role(key: Key) -> Call:
    """Its role's number."""
    return Call(*key, ACCESSIBLE, "GetRole", "u")


def interfaces(key: Key) -> Call:
    """What it implements."""
    return Call(*key, ACCESSIBLE, "GetInterfaces", "as")


def attributes(key: Key) -> Call:
    """Its toolkit's own attributes."""
    return Call(*key, ACCESSIBLE, "GetAttributes", "a{ss}")


def children(key: Key) -> Call:
    """All its children."""
    return Call(*key, ACCESSIBLE, "GetChildren", "a(so)")


def child(key: Key, index: int) -> Call:
    """One child, also where it lives in another program."""
    return Call(*key, ACCESSIBLE, "GetChildAtIndex", "(so)", "i", (index,))


def relations(key: Key) -> Call:
    """What it stands in relation to."""
    return Call(*key, ACCESSIBLE, "GetRelationSet", "a(ua(so))")


def actions(key: Key) -> Call:
    """Names, descriptions and keys of its actions."""
    return Call(*key, PREFIX + "Action", "GetActions", "a(sss)")


def text(key: Key, end: int) -> Call:
    """Its text up to `end`, -1 for all of it."""
    return Call(*key, PREFIX + "Text", "GetText", "s", "ii", (0, end))


def at_point(key: Key, x: int, y: int) -> Call:
    """What of it is at a pixel of the screen."""
    return Call(*key, COMPONENT, "GetAccessibleAtPoint", "(so)", "iiu", (x, y, SCREEN))


def items(bus: str, form: str = ITEM) -> Call:
    """Everything the program keeps in its cache."""
    return Call(bus, CACHE_PATH, CACHE, "GetItems", f"a{form}")


def first(answer: Answer) -> Any:
    """The only value of an answer, None where there is none."""
    return answer[0] if answer else None


def as_text(answer: Answer, most: int = NAME_CHARS) -> str:
    """The text of a property's or a method's answer, cut to `most` characters."""
    value = first(answer)
    value = value.value if isinstance(value, Variant) else value
    return value[:most] if isinstance(value, str) else ""


def as_number(answer: Answer) -> int:
    """The whole number of a property's or a method's answer, 0 where there is none."""
    value = first(answer)
    value = value.value if isinstance(value, Variant) else value
    return value if isinstance(value, int) else 0


def as_states(words: list[int] | None) -> int:
    """The bits of a state set, of which only the known ones are kept."""
    low = words[0] if words else 0
    high = words[1] if words and len(words) > 1 else 0
    return (low | high << 32) & ((1 << len(STATES)) - 1)


def as_box(answer: Answer) -> Box | None:
    """A box in screen pixels; None where it is empty, inverted or absurdly far out."""
    rectangle = first(answer)
    if rectangle is None:
        return None
    x, y, width, height = rectangle
    corners = (x, y, x + width, y + height)
    if width <= 0 or height <= 0 or any(abs(value) > COORDINATE_PX for value in corners):
        return None
    return Box(*corners)


def short(names: Sequence[str]) -> frozenset[str]:
    """Interface names without their common beginning; foreign ones are left out."""
    return _short(tuple(name for name in names[:64] if len(name) <= 64))


@lru_cache(maxsize=1024)
def _short(names: tuple[str, ...]) -> frozenset[str]:
    """The same set for the same names, so that a thousand nodes share one."""
    return frozenset(name[len(PREFIX) :] for name in names if name.startswith(PREFIX))


def as_key(reference: Any) -> Key | None:
    """A reference to an accessible; None where it is none, or longer than any toolkit's."""
    if reference is None or reference[1] == NULL_PATH:
        return None
    bus, path = reference
    return (bus, path) if len(bus) <= BUS_CHARS and len(path) <= PATH_CHARS else None


@lru_cache(maxsize=4096)
def state_names(bits: int) -> frozenset[str]:
    """The names of the set bits."""
    return frozenset(name for name, bit in BITS.items() if bits & bit)


def as_item(raw: tuple[Any, ...]) -> Item:
    """One cache entry of the present form."""
    own, _program, parent, index, count, implemented, name, number, description, bits = raw
    return Item(
        own,
        as_key(parent),
        index,
        count,
        short(implemented),
        name[:NAME_CHARS],
        number,
        description[:NAME_CHARS],
        as_states(bits),
    )
