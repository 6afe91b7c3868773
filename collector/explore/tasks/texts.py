"""What tasks write about: lines, words, file names, numbers, in the machine's language."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks.task import Setting

LINES: Final = (
    ("water the plants on Friday", "星期五给花浇水"),
    ("return the library books", "归还图书馆的书"),
    ("book the train to the coast", "预订去海边的火车票"),
    ("ask Jonas about the invoice", "问约纳斯发票的事"),
    ("print the form and sign it", "打印表格并签字"),
    ("order new filters for the pump", "订购水泵的新滤芯"),
    ("call the school before noon", "中午以前给学校打电话"),
    ("bring the ladder back", "把梯子还回去"),
)
TITLES: Final = (
    ("Team lunch", "团队午餐"),
    ("Roof inspection", "屋顶检查"),
    ("Choir evening", "合唱之夜"),
    ("Budget talk", "预算讨论"),
    ("Bicycle repair", "修自行车"),
    ("Garden meeting", "花园会议"),
    ("Swimming course", "游泳课"),
    ("Book club", "读书会"),
)
WORDS: Final = (
    ("river", "valley"),
    ("lantern", "candle"),
    ("market", "harbour"),
    ("garden", "orchard"),
    ("winter", "spring"),
    ("silver", "copper"),
)
STEMS: Final = ("list", "minutes", "plan", "draft", "notes", "report", "summary", "inventory")


def lines(setting: Setting, count: int) -> list[str]:
    """Different lines."""
    return [setting.say(*pair) for pair in setting.rng.sample(LINES, count)]


def titles(setting: Setting, count: int) -> list[str]:
    """Different titles of what one plans."""
    return [setting.say(*pair) for pair in setting.rng.sample(TITLES, count)]


def english(setting: Setting, count: int) -> list[str]:
    """Different lines that any keyboard has."""
    return [pair[0] for pair in setting.rng.sample(LINES, count)]


def names(setting: Setting, ending: str, count: int) -> list[str]:
    """Different names of files, none of which a warmed desktop has."""
    stems = setting.rng.sample(STEMS, count)
    return [f"{stem}-{setting.rng.randrange(10, 99)}.{ending}" for stem in stems]


def text_of(rows: list[str]) -> bytes:
    """A text file of these lines."""
    return ("\n".join(rows) + "\n").encode()
