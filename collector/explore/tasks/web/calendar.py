"""Tasks in the calendar: events made, looked at and deleted, calendars hidden, other months."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any, Final

from collector.explore.tasks import texts
from collector.explore.tasks.intents import Intent, Press, SetTime, Tick, Type, button
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target, the
from collector.explore.tasks.task import Setting, Values, on_site
from envs.web.sites.make import Maker

SHOWN: Final = 3
"""Events of a day that show in its cell."""


def said(setting: Setting, day: dt.date) -> str:
    """A date as the site writes it."""
    return Maker("calendar", setting.site_seed, setting.language).date(day)


def cell(day: str) -> Target:
    """A day's cell in the month."""
    return the("gridcell", day)


def days(setting: Setting, most: int) -> list[dict[str, Any]]:
    """The month's days in sight with at most so many events."""
    found = setting.page("calendar")["days"][:21]
    return [d for d in found if d["in"] and len(d["events"]) <= most]


def draw_new(setting: Setting) -> Values:
    """A day with room, a title, a time."""
    one, two = setting.rng.sample(days(setting, 1), 2)
    return {
        "day": said(setting, one["day"]), "other": said(setting, two["day"]),
        "number": str(one["day"].day), "title": texts.titles(setting, 1)[0],
        "clock": f"{setting.rng.randrange(7, 20):02d}:{setting.rng.choice([0, 15, 30, 45]):02d}",
    }  # fmt: skip


def make(v: Values) -> list[Intent]:
    """The day's number, the dialog, save."""
    number = Target(("text",), (v["day"].split()[0], v["number"]), within=cell(v["day"]))
    return [
        Press(number),
        Type(the("textbox", "What", "标题"), v["title"]),
        SetTime(the("date", "From", "开始"), v["clock"]),
        Press(button("Save", "保存")),
    ]


def is_made(state: State, v: Values) -> Verdict:
    """Whether that day has it, at that time, and no other day."""
    event = the("button", f"{v['clock']} {v['title']}")
    here = [e.id for e in state.every(event.inside(cell(v["day"])))]
    everywhere = [e.id for e in state.every(the("button", v["title"], match="has"))]
    return verdict(events_on_that_day=(len(here), 1), events_of_that_name=(len(everywhere), 1))


def draw_event(setting: Setting) -> Values:
    """An event in sight that is the only one of its kind, and another."""
    found = setting.page("calendar")["days"][:21]
    shown = [(d["day"], e) for d in found for e in d["events"][:SHOWN]]
    times = Counter((day, e["what"]) for day, e in shown)
    alone = [(day, e) for day, e in shown if times[day, e["what"]] == 1]
    (day, event), (other_day, other) = setting.rng.sample(alone, 2)
    return {
        "day": said(setting, day), "what": event["what"], "clock": event["clock"], "where": event["where"],
        "other": (said(setting, other_day), other["what"], other["clock"]), "count": len(shown),
    }  # fmt: skip


def event(day: str, what: str, clock: str) -> Target:
    """An event in its cell."""
    return the("button", f"{clock} {what}", within=cell(day))


def show(v: Values) -> list[Intent]:
    """Press it."""
    return [Press(event(v["day"], v["what"], v["clock"]))]


def is_shown(state: State, v: Values) -> Verdict:
    """Whether the dialog says what and when."""
    dialog = the("dialog", v["what"])
    texts_ = [e.name for e in state.every(Target(("text",), within=dialog))]
    return verdict(
        event=(state.one(dialog) is not None, True),
        when=(f"{v['day']} {v['clock']}" in texts_, True),
    )


def is_deleted(state: State, v: Values) -> Verdict:
    """Whether it is gone, and the one beside it is not."""
    gone = state.one(event(v["day"], v["what"], v["clock"])) is None
    kept = state.one(event(*v["other"])) is not None
    open_ = state.one(the("dialog")) is not None
    return verdict(deleted=(gone, True), the_others_kept=(kept, True), dialog_open=(open_, False))


def draw_kind(setting: Setting) -> Values:
    """One of the calendars."""
    kinds = [name for name, _ in setting.page("calendar")["kinds"]]
    one, two = setting.rng.sample(kinds, 2)
    return {"kind": one, "other": two, "kinds": kinds}


def is_hidden(state: State, v: Values) -> Verdict:
    """Whether that calendar is off and the others are on."""
    found = [k for k in v["kinds"] if not state.is_on(the("checkbox", k))]
    return verdict(hidden_calendars=(found, [v["kind"]]))


def draw_month(setting: Setting) -> Values:
    """How many months on, and how it is to be seen."""
    ahead, other = setting.rng.sample([1, 2, 3, 4], 2)
    return {"ahead": ahead, "other": other, "view": setting.say(*setting.rng.choice([("Day", "日"), ("Week", "周")]))}  # fmt: skip


def later(v: Values) -> list[Intent]:
    """On by one month, again and again; then the view."""
    on = Press(the("link", "Next month", "下个月"))
    return [*[on] * v["ahead"], Press(button(v["view"]))]


TASKS: Final = (
    on_site(
        "calendar-create",
        ("Make an event “{title}” on {day}, beginning at {clock}.", "在 {day} {clock} 新建日程“{title}”。"),
        draw_new, make, is_made,
    ),
    on_site(
        "calendar-show",
        ("Show the details of “{what}” at {clock} on {day}.", "查看 {day} {clock} 的日程“{what}”。"),
        draw_event, show, is_shown,
    ),
    on_site(
        "calendar-delete",
        ("Delete the event “{what}” at {clock} on {day}.", "删除 {day} {clock} 的日程“{what}”。"),
        draw_event, lambda v: [*show(v), Press(button("Delete", "删除"))], is_deleted,
    ),
    on_site(
        "calendar-hide",
        ("Hide the calendar “{kind}”.", "隐藏日历“{kind}”。"),
        draw_kind, lambda v: [Tick(the("checkbox", v["kind"]), on=False)], is_hidden,
    ),
    on_site(
        "calendar-month",
        ("Go {ahead} months ahead and show the view “{view}”.", "前进 {ahead} 个月，并切换到“{view}”视图。"),
        draw_month, later,
        lambda s, v: verdict(month=(s.asked("month"), str(100 + v["ahead"])), view=(s.is_on(button(v["view"])), True)),
    ),
)  # fmt: skip
