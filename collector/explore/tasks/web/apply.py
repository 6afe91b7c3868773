"""Tasks in the application in four steps."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks.intents import Choose, Intent, Press, Tick, Type, button
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import the
from collector.explore.tasks.task import Setting, Values, on_site

GIVEN: Final = the("textbox", "Given names", "名")
FAMILY: Final = the("textbox", "Family name", "姓")
MAIL: Final = the("textbox", "E-mail address", "电子邮箱")
DAY, MONTH, YEAR = (the("textbox", *n) for n in (("Day", "日"), ("Month", "月"), ("Year", "年")))
AHEAD: Final = button("Continue", "下一步")


def draw(setting: Setting) -> Values:
    """Who applies, when they were born, where they live, for how long and why."""
    who = setting.page("mail")["me"]
    given, family = ("雨桐", "王") if setting.language == "zh" else who.name.split(" ", 1)
    towns = setting.page("apply")["cities"]
    town, other = setting.rng.sample(towns, 2)
    return {
        "given": given, "family": family, "mail": who.mail,
        "day": str(setting.rng.randrange(1, 28)), "month": str(setting.rng.randrange(1, 12)),
        "year": str(setting.rng.randrange(1960, 2004)), "code": str(setting.rng.randrange(10000, 99999)),
        "street": f"Mill Lane {setting.rng.randrange(1, 99)}", "town": town, "other": other,
        "span": setting.say("Three years", "三年"), "why": setting.say("I moved here for work.", "因工作搬到此地。"),
    }  # fmt: skip


def you(v: Values) -> list[Intent]:
    """The first step's fields."""
    return [
        Type(GIVEN, v["given"]),
        Type(FAMILY, v["family"]),
        Type(DAY, v["day"]),
        Type(MONTH, v["month"]),
        Type(YEAR, v["year"]),
        Type(MAIL, v["mail"]),
    ]


def whole(v: Values) -> list[Intent]:
    """All steps up to the answers to be checked."""
    return [
        *you(v), Press(AHEAD),
        Type(the("textbox", "Street and number", "街道门牌"), v["street"]),
        Type(the("textbox", "Postcode", "邮政编码"), v["code"]),
        Choose(the("combobox", "Town", "城市"), v["town"]), Press(AHEAD),
        Press(the("radio", v["span"])),
        Type(the("textbox", "Reason", "申请理由"), v["why"]), Press(AHEAD),
    ]  # fmt: skip


def is_begun(state: State, v: Values) -> Verdict:
    """What the first step's fields hold."""
    fields = {
        "given": GIVEN,
        "family": FAMILY,
        "day": DAY,
        "month": MONTH,
        "year": YEAR,
        "mail": MAIL,
    }
    found = {name: state.value(field) for name, field in fields.items()}
    return verdict(form=(found, {name: v[name] for name in fields}))


def is_checked(state: State, v: Values) -> Verdict:
    """What the answers say, as they are shown to be checked."""
    said = set(state.names(the("definition")) + state.names(the("text", within=the("definition"))))
    wanted = ("given", "family", "year", "mail", "street", "code", "town", "span", "why")
    shown = " ".join(state.names(the("text")))
    missing = [name for name in wanted if v[name] not in said and v[name] not in shown]
    return verdict(answers_missing=(missing, []))


def is_sent(state: State, v: Values) -> Verdict:
    """Whether the page says that it has the application; what it said is checked the step before."""
    del v
    heading = the("heading", "We have your application", "申请已提交")
    return verdict(sent=(state.one(heading) is not None, True))


TASKS: Final = (
    on_site(
        "apply-begin",
        ("Fill in the first step of the application for {given} {family}, born on {day}/{month}/{year} (day/month/year), {mail}; do not continue.",
         "填写申请的第一步：姓 {family}，名 {given}，出生日期 {year} 年 {month} 月 {day} 日，邮箱 {mail}；先不要进入下一步。"),
        draw, you, is_begun,
    ),
    on_site(
        "apply-check",
        ("Fill in the application for {given} {family}, born on {day}/{month}/{year} (day/month/year), {mail}, living at {street}, {code} {town}, for “{span}”, with the reason “{why}”, up to the page where the answers are checked.",
         "填写申请：姓 {family}，名 {given}，{year} 年 {month} 月 {day} 日出生，邮箱 {mail}，住址 {town} {street}，邮编 {code}，期限“{span}”，理由“{why}”，一直填到核对页面。"),
        draw, whole, is_checked,
    ),
    on_site(
        "apply-send",
        ("Fill in the application for {given} {family}, born on {day}/{month}/{year} (day/month/year), {mail}, living at {street}, {code} {town}, for “{span}”, with the reason “{why}”, confirm that it is true and send it.",
         "填写申请：姓 {family}，名 {given}，{year} 年 {month} 月 {day} 日出生，邮箱 {mail}，住址 {town} {street}，邮编 {code}，期限“{span}”，理由“{why}”，确认属实并提交。"),
        draw,
        lambda v: [*whole(v), Tick(the("checkbox", "What I have written is true", "我保证所填内容属实")),
                   Press(button("Send application", "提交申请"))],
        is_sent,
    ),
)  # fmt: skip
