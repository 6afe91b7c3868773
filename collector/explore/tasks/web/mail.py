"""Tasks in the mail client: find, star, put away, answer, sort."""

from __future__ import annotations

from typing import Any, Final

from collector.explore.tasks import texts
from collector.explore.tasks.intents import Choose, Intent, Press, Tick, Type, button
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target, the
from collector.explore.tasks.task import Setting, Values, on_site

IN_SIGHT: Final = 5
"""Mails of the list that show without scrolling on a screen of usual size."""
LIST: Final = the("listbox", "Messages", "邮件")
ORDER: Final = the("combobox", "Order", "排序")


def inbox(setting: Setting) -> list[dict[str, Any]]:
    """The mails of the inbox, as they are listed."""
    return [m for m in setting.page("mail")["mails"] if m["folder"] == "inbox"]


def draw(setting: Setting) -> Values:
    """Two mails in sight, and a line to answer."""
    near = inbox(setting)[:IN_SIGHT]
    one, two = setting.rng.sample(near, 2)
    line = texts.lines(setting, 1)[0]
    return {
        "subject": one["subject"], "other": two["subject"], "mail": one["who"].mail, "line": line,
        "starred": [m["subject"] for m in near if m["star"]], "near": [m["subject"] for m in near],
    }  # fmt: skip


def mail(subject: str) -> Target:
    """A mail in the list."""
    return the("option", subject, match="has")


def star(subject: str) -> Target:
    """Its star."""
    return the(("button",), "Star", "星标", within=mail(subject))


def folder(*names: str) -> Target:
    """A folder, whose name is followed by the number of unread mails."""
    return the("treeitem", *names, match="starts")


def draw_plain(setting: Setting) -> Values:
    """The same, of a mail that has no star."""
    near = inbox(setting)[:IN_SIGHT]
    plain = [m for m in near if not m["star"]] or near
    values = dict(draw(setting))
    one = setting.rng.choice(plain)["subject"]
    other = next(m["subject"] for m in near if m["subject"] != one)
    return {**values, "subject": one, "other": other}


def is_starred(state: State, v: Values) -> Verdict:
    """Whether that one has a star, and the others what they had."""
    found = [s for s in v["near"] if state.is_on(star(s))]
    right = [s for s in v["near"] if s in {*v["starred"], v["subject"]}]
    return verdict(starred=(found, right))


def put_away(where: tuple[str, ...], key: tuple[str, ...], v: Values) -> list[Intent]:
    """Mark it, move it, look into the folder."""
    return [
        Tick(the("checkbox", f"Mark {v['subject']}", f"选择 {v['subject']}")),
        Press(button(*key)),
        Press(folder(*where)),
    ]


def is_put_away(state: State, where: tuple[str, ...], v: Values) -> Verdict:
    """Whether the folder that shows holds it, and none of the others."""
    found = [s for s in v["near"] if state.one(mail(s)) is not None]
    return verdict(folder=(state.is_on(folder(*where)), True), moved=(found, [v["subject"]]))


def is_open(state: State, v: Values) -> Verdict:
    """Whether it is read, found by its subject."""
    return verdict(
        message=(state.one(the("heading", v["subject"])) is not None, True),
        search=(state.value(the("searchbox", "Search mail", "搜索邮件")), v["subject"]),
    )


def answer(v: Values) -> list[Intent]:
    """Open it, reply, write; it is not sent."""
    return [
        Press(mail(v["subject"])),
        Press(button("Reply", "回复")),
        Type(the("textbox", "Message text", "正文"), v["line"]),
    ]


def is_answered(state: State, v: Values) -> Verdict:
    """What the letter that is open says."""
    return verdict(
        to=(state.value(the(("textbox", "combobox"), "To", "收件人")), v["mail"]),
        subject=(state.value(the("textbox", "Subject", "主题")), f"Re: {v['subject']}"),
        text=((state.value(the("textbox", "Message text", "正文")) or "").strip(), v["line"]),
    )


def draw_letter(setting: Setting) -> Values:
    """Somebody to write to, a subject, a line."""
    who = setting.rng.choice(setting.page("mail")["mails"])["who"]
    (subject, other), line = texts.titles(setting, 2), texts.lines(setting, 1)[0]
    return {"to": who.mail, "subject": subject, "other": other, "line": line}


def write(v: Values) -> list[Intent]:
    """A new letter; it is not sent."""
    return [
        Press(button("Compose", "写邮件")),
        Type(the(("textbox", "combobox"), "To", "收件人"), v["to"]),
        Type(the("textbox", "Subject", "主题"), v["subject"]),
        Type(the("textbox", "Message text", "正文"), v["line"]),
    ]


def is_written(state: State, v: Values) -> Verdict:
    """What the letter that is open says."""
    return verdict(
        to=(state.value(the(("textbox", "combobox"), "To", "收件人")), v["to"]),
        subject=(state.value(the("textbox", "Subject", "主题")), v["subject"]),
        text=((state.value(the("textbox", "Message text", "正文")) or "").strip(), v["line"]),
    )


ORDERS: Final = (("Oldest first", "最早优先"), ("By sender", "按发件人"))


def draw_order(setting: Setting) -> Values:
    """An order of the list."""
    one, two = (setting.say(*pair) for pair in setting.rng.sample(ORDERS, 2))
    return {"order": one, "other": two}


ARCHIVE: Final = ("Archive", "归档")
BIN: Final = ("Bin", "已删除")
TASKS: Final = (
    on_site(
        "mail-star",
        ("Give the mail “{subject}” a star.", "给邮件“{subject}”加星标。"),
        draw_plain, lambda v: [Tick(star(v["subject"]))], is_starred,
    ),
    on_site(
        "mail-archive",
        ("Archive the mail “{subject}” and show the folder Archive.", "把邮件“{subject}”归档，并打开归档文件夹。"),
        draw, lambda v: put_away(ARCHIVE, ARCHIVE, v), lambda s, v: is_put_away(s, ARCHIVE, v),
    ),
    on_site(
        "mail-delete",
        ("Delete the mail “{subject}” and show the folder Bin.", "删除邮件“{subject}”，并打开已删除文件夹。"),
        draw, lambda v: put_away(BIN, ("Delete", "删除"), v), lambda s, v: is_put_away(s, BIN, v),
    ),
    on_site(
        "mail-find",
        ("Search for the mail “{subject}” and open it.", "搜索邮件“{subject}”并打开它。"),
        draw,
        lambda v: [Type(the("searchbox", "Search mail", "搜索邮件"), v["subject"]), Press(mail(v["subject"]))],
        is_open,
    ),
    on_site(
        "mail-reply",
        ("Begin a reply to the mail “{subject}” that says “{line}”; do not send it yet.",
         "开始回复邮件“{subject}”，正文写“{line}”，先不要发送。"),
        draw, answer, is_answered,
    ),
    on_site(
        "mail-write",
        ("Begin a new mail to {to} with the subject “{subject}” and the text “{line}”; do not send it yet.",
         "新建一封给 {to} 的邮件，主题“{subject}”，正文“{line}”，先不要发送。"),
        draw_letter, write, is_written,
    ),
    on_site(
        "mail-order",
        ("List the mails in the order “{order}”.", "把邮件按“{order}”排列。"),
        draw_order, lambda v: [Choose(ORDER, v["order"])],
        lambda s, v: verdict(order=(s.value(ORDER), v["order"])),
    ),
)  # fmt: skip
