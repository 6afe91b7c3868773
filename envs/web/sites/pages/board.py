"""A board of cards in columns."""

from __future__ import annotations

from typing import Any

from envs.web.sites import words
from envs.web.sites.make import Maker
from envs.web.sites.render import Query

COLUMNS = (("To do", "待办"), ("In progress", "进行中"), ("Review", "待审核"), ("Done", "已完成"))
TAGS = (
    ("Design", "设计", "#b4559c"),
    ("Engine", "引擎", "#3d73c2"),
    ("Text", "文案", "#b97f16"),
    ("Bug", "缺陷", "#c5453d"),
    ("Research", "调研", "#3f8f63"),
)


def make(maker: Maker, page: str, query: Query) -> dict[str, Any]:
    """The content of its one page."""
    del page, query
    team = maker.people(6)
    tasks = maker.says(words.TASKS, len(words.TASKS))
    columns = []
    for pair in COLUMNS:
        cards = []
        for _ in range(maker.rng.randint(2, 4)):
            if tasks:
                en, zh, tone = maker.rng.choice(TAGS)
                cards.append(
                    {
                        "title": tasks.pop(),
                        "tag": maker.say((en, zh)),
                        "tone": tone,
                        "who": maker.rng.choice(team),
                        "day": maker.day(1, 30),
                        "notes": maker.rng.randint(0, 7),
                        "done": maker.rng.choice([None, 20, 45, 70, 100]),
                    }
                )
        columns.append({"name": maker.say(pair), "cards": cards})
    return {
        "team": team,
        "columns": columns,
        "project": maker.say(
            maker.rng.choice(
                [
                    ("Lighthouse", "灯塔计划"),
                    ("Summer release", "夏季版本"),
                    ("New warehouse", "新仓库"),
                ]
            )
        ),
        "text": maker.text(2),
    }
