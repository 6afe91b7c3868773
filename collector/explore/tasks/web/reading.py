"""Tasks on pages to read: the newspaper and the encyclopaedia."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks import texts
from collector.explore.tasks.intents import Press, Tick, Type, button
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target, the
from collector.explore.tasks.task import Setting, Values, on_site


def draw_story(setting: Setting) -> Values:
    """A story of the front page and another."""
    one, two = setting.rng.sample(setting.page("news")["stories"][:7], 2)
    return {"head": one["head"], "id": one["id"], "other": two["head"]}


def later(head: str) -> Target:
    """The mark to read it later."""
    return button(f"Read later: {head}", f"稍后阅读：{head}")


def draw_later(setting: Setting) -> Values:
    """A story with such a mark, and another."""
    one, two = setting.rng.sample([s["head"] for s in setting.page("news")["stories"][1:4]], 2)
    return {"head": one, "other": two}


def is_marked(state: State, v: Values) -> Verdict:
    """Whether that story has the mark, and no other in sight."""
    marks = the("button", "Read later: ", "稍后阅读：", match="starts")
    on = [e.name for e in state.every(marks) if "pressed" in e.states]
    return verdict(marked=([n.endswith(v["head"]) for n in on], [True]))


ANSWERS: Final = (("Yes", "应该"), ("No", "不应该"), ("Only in summer", "只在夏天"))


def draw_answer(setting: Setting) -> Values:
    """An answer of the poll."""
    one, two = (setting.say(*pair) for pair in setting.rng.sample(ANSWERS, 2))
    return {"answer": one, "other": two}


def draw_reader(setting: Setting) -> Values:
    """An address, and a section of the paper that is not chosen yet."""
    page = setting.page("news")
    one, two = setting.rng.sample(page["desks"][2:], 2)
    who = setting.page("mail")["me"]
    return {"mail": who.mail, "desk": one, "other": two, "desks": page["desks"]}


MAIL: Final = the("textbox", "E-mail", "邮箱")


def is_subscribing(state: State, v: Values) -> Verdict:
    """What the form says: the two sections that were chosen, and the new one."""
    on = [d for d in v["desks"] if state.is_on(the("checkbox", d))]
    return verdict(mail=(state.value(MAIL), v["mail"]), sections=(on, [d for d in v["desks"] if d in {*v["desks"][:2], v["desk"]}]))  # fmt: skip


SIZES: Final = (("Small", "小"), ("Large", "大"))
TALK: Final = the("tab", "Talk", "讨论")
TOPIC: Final = the("textbox", "New topic", "新话题")
WATCH: Final = button("Watch this page", "监视本页")


def draw_size(setting: Setting) -> Values:
    """A size of the text."""
    one, two = (setting.say(*pair) for pair in setting.rng.sample(SIZES, 2))
    return {"size": one, "other": two}


def draw_topic(setting: Setting) -> Values:
    """Two topics."""
    one, two = texts.lines(setting, 2)
    return {"line": one, "other": two}


def draw_section(setting: Setting) -> Values:
    """A section of the article."""
    names = [s["name"] for s in setting.page("wiki")["sections"]]
    at, other = setting.rng.sample(range(len(names)), 2)
    return {"section": names[at], "number": at + 1, "other": names[other], "elsewhere": other + 1}


def at_section(state: State, v: Values) -> Verdict:
    """Whether the address points there."""
    return verdict(place=(state.address.partition("#")[2], f"s{v['number']}"))


TASKS: Final = (
    on_site(
        "news-open",
        ("Open the story “{head}”.", "打开报道《{head}》。"),
        draw_story, lambda v: [Press(the("link", v["head"]))],
        lambda s, v: verdict(page=(s.page, "article"), story=(s.asked("id"), str(v["id"]))),
    ),
    on_site(
        "news-later",
        ("Mark the story “{head}” to be read later.", "把报道《{head}》标记为稍后阅读。"),
        draw_later, lambda v: [Tick(later(v["head"]))], is_marked,
    ),
    on_site(
        "news-poll",
        ("Answer the question of the day with “{answer}” and vote.", "在今日话题中选择“{answer}”并投票。"),
        draw_answer, lambda v: [Press(the("radio", v["answer"])), Press(button("Vote", "投票"))],
        lambda s, v: verdict(answer=(s.is_on(the("radio", v["answer"])), True)),
    ),
    on_site(
        "news-subscribe",
        ("Open the form to subscribe, enter {mail} and choose the section “{desk}” as well; do not send it.",
         "打开订阅表单，填写 {mail}，并加选“{desk}”版面，先不要提交。"),
        draw_reader,
        lambda v: [Press(button("Subscribe", "订阅")), Type(MAIL, v["mail"]), Tick(the("checkbox", v["desk"]))],
        is_subscribing,
    ),
    on_site(
        "wiki-size",
        ("Show the article in the text size “{size}”.", "把条目的字号设为“{size}”。"),
        draw_size, lambda v: [Press(the("radio", v["size"]))],
        lambda s, v: verdict(size=(s.is_on(the("radio", v["size"])), True)),
    ),
    on_site(
        "wiki-talk",
        ("Write “{line}” as a new topic on the talk page of the article; do not post it yet.",
         "在条目的讨论页写一个新话题“{line}”，先不要发表。"),
        draw_topic, lambda v: [Press(TALK), Type(TOPIC, v["line"])],
        lambda s, v: verdict(tab=(s.is_on(TALK), True), topic=(s.value(TOPIC), v["line"])),
    ),
    on_site(
        "wiki-section",
        ("Go to the section “{section}” of the article.", "跳到条目的“{section}”一节。"),
        draw_section,
        lambda v: [Press(the("link", f"{v['number']} {v['section']}"))], at_section,
    ),
    on_site(
        "wiki-watch",
        ("Watch this article and show it in the text size “{size}”.", "监视本条目，并把字号设为“{size}”。"),
        draw_size, lambda v: [Tick(WATCH), Press(the("radio", v["size"]))],
        lambda s, v: verdict(watched=(s.is_on(WATCH), True), size=(s.is_on(the("radio", v["size"])), True)),
    ),
)  # fmt: skip
