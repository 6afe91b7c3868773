"""Plausible wrong runs, one or more for each task: another thing, another value, not saved, too much."""

from __future__ import annotations

from tests.collector.explore.tasks.driving import Slip


def other(key: str) -> Slip:
    """The same done with the other value that the task drew."""
    return Slip(lambda v: {key: v["other"]})


def put(**values) -> Slip:
    """The same done with these values, each made from those of the goal."""
    return Slip(lambda v: {key: made(v) for key, made in values.items()})


UNFINISHED = Slip(left_out=1)
"""All but the last intent: not saved, not confirmed, not sent."""

WEB = {
    "admin-suspend": other("name"),
    "admin-filter": other("team"),
    "admin-delete": other("second"),
    "admin-column": other("names"),
    "admin-edit": UNFINISHED,
    "admin-find": other("name"),
    "admin-sort": put(presses=lambda v: 1),
    "apply-begin": put(day=lambda v: v["month"], month=lambda v: v["day"]),
    "apply-check": other("town"),
    "apply-send": UNFINISHED,
    "board-add": put(column=lambda v: v["next"]),
    "board-move": other("card"),
    "board-sort": other("column"),
    "board-delete": other("card"),
    "calendar-create": other("day"),
    "calendar-show": put(
        day=lambda v: v["other"][0], what=lambda v: v["other"][1], clock=lambda v: v["other"][2]
    ),
    "calendar-delete": put(
        day=lambda v: v["other"][0], what=lambda v: v["other"][1], clock=lambda v: v["other"][2]
    ),
    "calendar-hide": other("kind"),
    "calendar-month": other("ahead"),
    "editor-name": other("name"),
    "editor-table": other("size"),
    "editor-write": other("line"),
    "editor-settle": other("name"),
    "editor-replace": other("new"),
    "editor-font": other("font"),
    "files-folder": UNFINISHED,
    "files-rename": other("file"),
    "files-delete": other("file"),
    "files-list": other("order"),
    "files-tree": other("folder"),
    "files-find": other("file"),
    "mail-star": other("subject"),
    "mail-archive": other("subject"),
    "mail-delete": other("subject"),
    "mail-find": UNFINISHED,
    "mail-reply": other("subject"),
    "mail-write": other("subject"),
    "mail-order": other("order"),
    "news-open": other("head"),
    "news-later": other("head"),
    "news-poll": other("answer"),
    "news-subscribe": other("desk"),
    "player-love": other("song"),
    "player-play": other("song"),
    "player-rate": other("stars"),
    "player-volume": other("volume"),
    "settings-profile": other("zone"),
    "settings-theme": other("theme"),
    "settings-notices": put(name=lambda v: v["other"], on=lambda v: not v["before"][v["other"]]),
    "settings-level": other("name"),
    "settings-device": other("device"),
    "shop-search": other("word"),
    "shop-sort": other("kind"),
    "shop-filter": other("least"),
    "shop-buy": other("count"),
    "shop-quantity": other("name"),
    "shop-remove": other("name"),
    "shop-order": other("code"),
    "studio-tool": other("tool"),
    "studio-hide": other("layer"),
    "wiki-size": other("size"),
    "wiki-talk": other("line"),
    "wiki-section": put(section=lambda v: v["other"], number=lambda v: v["elsewhere"]),
    "wiki-watch": other("size"),
}
DESKTOP = {
    "calc-cell": put(cell=lambda v: v["other"]),
    "calc-total": put(cell=lambda v: v["other"]),
    "featherpad-append": UNFINISHED,
    "featherpad-delete-last": UNFINISHED,
    "featherpad-title": other("line"),
    "galculator-product": other("two"),
    "galculator-sum": other("two"),
    "geany-append": UNFINISHED,
    "geany-comment": other("number"),
    "geany-delete": other("number"),
    "geany-duplicate": other("number"),
    "gucharmap-find": other("name"),
    "gucharmap-size": other("size"),
    "gucharmap-text": other("text"),
    "mousepad-append": other("line"),
    "mousepad-delete-line": other("number"),
    "mousepad-replace": other("new"),
    "mousepad-save-as": put(saved=lambda v: f"copy-of-{v['saved']}"),
    "mousepad-uppercase": UNFINISHED,
    "settings-cycling": put(names=lambda v: v["other"]),
    "settings-cycling-off": put(names=lambda v: v["other"]),
    "settings-keyboard": put(names=lambda v: v["other"]),
    "settings-look": other("look"),
    "settings-workspaces": other("count"),
    "terminal-append": other("file"),
    "terminal-copy": other("result"),
    "terminal-count": other("result"),
    "terminal-remove": put(file=lambda v: "savings.py"),
    "terminal-rename": other("result"),
    "terminal-sort": put(result=lambda v: v["file"]),
    "terminal-write": other("result"),
    "thunar-copy": other("file"),
    "thunar-rename": other("renamed"),
    "thunar-delete": other("file"),
    "writer-add": other("line"),
    "writer-replace": other("new"),
}
