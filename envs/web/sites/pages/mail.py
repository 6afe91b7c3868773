"""A mail client: folders, messages, and the one that is read."""

from __future__ import annotations

from typing import Any

from envs.web.sites import words
from envs.web.sites.make import Maker
from envs.web.sites.render import Query

LABELS = (
    ("Family", "家庭", "#c2703d"),
    ("Work", "工作", "#3d73c2"),
    ("Travel", "旅行", "#3f9a6c"),
    ("Receipts", "收据", "#8a5fc0"),
)


def make(maker: Maker, page: str, query: Query) -> dict[str, Any]:
    """The content of its one page."""
    del page, query
    people = maker.people(14)
    subjects = maker.says(words.SUBJECTS, len(words.SUBJECTS))
    mails = []
    for index, subject in enumerate(subjects):
        label = maker.rng.choice([None, None, *range(len(LABELS))])
        mails.append(
            {
                "id": index,
                "who": maker.rng.choice(people),
                "subject": subject,
                "lines": [
                    maker.text(maker.rng.randint(1, 3)) for _ in range(maker.rng.randint(2, 4))
                ],
                "day": maker.today if index < 4 else maker.day(-30, -1),
                "clock": maker.clock(),
                "unread": maker.rng.random() < 0.35,
                "star": maker.rng.random() < 0.2,
                "file": maker.pick(words.FILES["file"]) if maker.rng.random() < 0.35 else "",
                "label": label,
                "folder": maker.rng.choices(["inbox", "archive", "trash"], [8, 2, 1])[0],
            }
        )
    mails.sort(key=lambda m: m["day"], reverse=True)
    return {
        "mails": mails,
        "me": maker.person(),
        "labels": [(maker.say((en, zh)), tone) for en, zh, tone in LABELS],
        "today": maker.today,
        "share": maker.rng.randint(20, 85),
    }
