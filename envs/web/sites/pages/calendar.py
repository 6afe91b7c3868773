"""A calendar: one month of somebody's events."""

from __future__ import annotations

import datetime as dt
from typing import Any

from envs.web.sites import words
from envs.web.sites.make import Maker
from envs.web.sites.render import Query

KINDS = (
    ("Work", "工作", "#2f6fde"),
    ("Family", "家庭", "#c26a2d"),
    ("Health", "健康", "#2f9a6a"),
    ("Travel", "出行", "#9a4fc0"),
)
DAYS = (
    ("Mon", "周一"),
    ("Tue", "周二"),
    ("Wed", "周三"),
    ("Thu", "周四"),
    ("Fri", "周五"),
    ("Sat", "周六"),
    ("Sun", "周日"),
)


def make(maker: Maker, page: str, query: Query) -> dict[str, Any]:
    """The content of its one page: `month` months after the seed's."""
    del page
    shift = query.number("month") - 100 if "month" in query.words else 0
    month = maker.today.replace(day=1)
    for _ in range(min(abs(shift), 60)):
        month = (
            (month + dt.timedelta(days=32)).replace(day=1)
            if shift > 0
            else (month - dt.timedelta(days=1)).replace(day=1)
        )
    first = month - dt.timedelta(days=month.weekday())
    days = [first + dt.timedelta(days=n) for n in range(42)]
    events: dict[dt.date, list[dict[str, Any]]] = {day: [] for day in days}
    for _ in range(26):
        kind = maker.rng.randrange(len(KINDS))
        events[maker.rng.choice(days)].append(
            {
                "what": maker.pick(words.EVENTS),
                "clock": maker.clock(),
                "kind": kind,
                "where": maker.pick(words.CITIES),
            }
        )
    for day in days:
        events[day].sort(key=lambda e: e["clock"])
    zh = maker.language == "zh"
    return {
        "days": [
            {"day": d, "in": d.month == month.month, "today": d == maker.today, "events": events[d]}
            for d in days
        ],
        "names": [maker.say(pair) for pair in DAYS],
        "kinds": [(maker.say((en, cn)), tone) for en, cn, tone in KINDS],
        "month": f"{month.year}年{month.month}月" if zh else f"{month:%B %Y}",
        "before": 100 + shift - 1,
        "after": 100 + shift + 1,
        "me": maker.person(),
        "today": maker.today,
    }
