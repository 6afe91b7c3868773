"""Text that fits a field: what its name and role ask for, in several languages, from a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Final

PEOPLE: Final = (
    "Ada Byron", "Lin Mei", "Omar Haddad", "Ines Duarte", "Jonas Berg", "Aiko Sato",
    "Grace Okafor", "Tomás Rivera", "王芳", "李建国", "陈静", "Maya Levi",
)  # fmt: skip
CITIES: Final = (
    "Lisbon", "Nairobi", "Osaka", "Quito", "Bergen", "Taipei", "Leeds", "Perth", "北京", "成都",
    "São Paulo", "Kraków",
)  # fmt: skip
WORDS: Final = (
    "budget", "report", "minutes", "garden", "winter", "music", "recipe", "travel", "letter",
    "project", "photo", "invoice", "天气", "会议", "报告", "预算",
)  # fmt: skip
SENTENCES: Final = (
    "The meeting moved to Thursday at ten.",
    "Please bring the printed tickets and a pencil.",
    "Rain is expected along the coast until Friday.",
    "We counted 48 boxes and three of them were open.",
    "The quick brown fox jumps over the lazy dog.",
    "Water the plants twice a week, less in winter.",
    "Half of the samples were measured a second time.",
    "A short walk after lunch clears the head.",
    "今天的会议改到下午三点。",
    "请把报告发给张老师看一下。",
    "春天来了，院子里的花都开了。",
    "这本书一共有两百四十页。",
    "Der Zug fährt um 8:15 Uhr ab.",
    "El museo abre los martes a las diez.",
)
COMMANDS: Final = (
    "ls", "ls -l", "date", "cal", "pwd", "uname -a", "df -h", "free -m", "whoami", "uptime",
    "echo hello", "echo $((6 * 7))", "ls /usr/share", "cat /etc/os-release", "seq 5",
    "head -n 5 /etc/services", "printf 'a b c\\n' | wc -w", "history | tail -n 3",
)  # fmt: skip
"""What is typed into terminals: commands that only look."""
SUMS: Final = ("=SUM(A1:A5)", "=2+3*4", "=AVERAGE(B1:B4)", "=TODAY()", "=ROUND(3.14159;2)")
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "the weekend")
THINGS: Final = (
    "the printed tickets", "two chairs", "the blue folder", "a box of pencils", "the draft",
    "last year's figures", "the garden keys", "three samples", "the map", "a spare battery",
)  # fmt: skip
PATTERNS: Final = (
    "{person} brings {thing} on {day}.",
    "Ask {person} about {thing} before {day}.",
    "We moved the {word} meeting to {day} at {hour}.",
    "{person} in {city} needs {thing} by {hour}.",
    "The {word} has {number} pages; {person} read half of them on {day}.",
    "Between {hour} and lunch nobody found {thing}.",
    "{number} people in {city} signed up for {day}.",
    "请{person}在{hour}之前把报告发过来。",
    "{city}今天的气温是{number}度。",
    "我们{hour}开会，请带上第{number}号文件。",
)
Maker = Callable[[random.Random], str]


def _number(rng: random.Random) -> str:
    return str(rng.choice((rng.randint(0, 9), rng.randint(10, 99), rng.randint(100, 9999))))


def _date(rng: random.Random) -> str:
    return f"{rng.randint(2019, 2027)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def _clock(rng: random.Random) -> str:
    return f"{rng.randint(0, 23):02}:{rng.choice((0, 15, 30, 45)):02}"


def _mail(rng: random.Random) -> str:
    return f"{rng.choice(('ada', 'lin.mei', 'omar', 'ines'))}{rng.randint(1, 99)}@example.org"


def _phone(rng: random.Random) -> str:
    return f"+49 30 {rng.randint(100000, 999999)}"


def _address(rng: random.Random) -> str:
    street = rng.choice(("Garden Street", "Mill Lane", "Harbour Road", "人民路"))
    return f"{rng.randint(1, 180)} {street}"


def _url(rng: random.Random) -> str:
    return f"https://example.org/{rng.choice(WORDS[:12])}"


def _path(rng: random.Random) -> str:
    return rng.choice(("/usr/share", "/home", "/tmp", "/etc", "/usr/share/doc"))  # noqa: S108


def _secret(rng: random.Random) -> str:
    return "".join(rng.choices("abcdefghkmnpqrstuvwxyz23456789", k=10))


def _sentence(rng: random.Random) -> str:
    if rng.random() < 0.3:
        return rng.choice(SENTENCES)
    return rng.choice(PATTERNS).format(
        person=rng.choice(PEOPLE),
        thing=rng.choice(THINGS),
        day=rng.choice(DAYS),
        word=rng.choice(WORDS[:12]),
        city=rng.choice(CITIES),
        hour=_clock(rng),
        number=rng.randint(2, 60),
    )


def _expression(rng: random.Random) -> str:
    return f"{rng.randint(1, 99)}{rng.choice('+-*/')}{rng.randint(1, 99)}"


def _of(options: tuple[str, ...]) -> Maker:
    return lambda rng: rng.choice(options)


ASKS: Final[tuple[tuple[str, Maker], ...]] = (
    (r"pass ?word|passwort|pin\b|secret|密码", _secret),
    (r"e-?mail|邮箱|邮件", _mail),
    (r"phone|mobile|tel\b|fax|电话|手机", _phone),
    (r"birth|date|day|deadline|due|日期|生日", _date),
    (r"time|hour|minute|时间", _clock),
    (r"url|website|link|homepage|网址", _url),
    (r"path|folder|directory|location|路径|目录", _path),
    (r"street|address|地址", _address),
    (r"city|town|place|country|城市", _of(CITIES)),
    (r"zip|postal|邮编", lambda rng: str(rng.randint(10000, 99999))),
    (r"search|find|filter|look|query|搜索|查找", _of(WORDS)),
    (r"amount|price|number|quantity|count|size|width|height|age|percent|数量|金额", _number),
    (r"calc|result|expression|equation", _expression),
    (r"comment|message|note|description|text|document|body|remark|备注|留言", _sentence),
    (r"company|organi[sz]ation|department|title|subject|topic|主题|标题", _of(WORDS)),
    (r"name|author|person|contact|to\b|cc\b|姓名|联系人", _of(PEOPLE)),
)
"""What a field's words ask for, the first that matches."""


def text_for(role: str, words: str, app: str, rng: random.Random, *, wide: bool = False) -> str:
    """Text for a field of that role, called by `words` in program `app`; `wide` ones get prose."""
    if role == "terminal" or "terminal" in app.casefold():
        return rng.choice(COMMANDS)
    if role in BY_ROLE:
        return rng.choice(BY_ROLE[role])(rng)
    if "calculator" in app.casefold():
        return _expression(rng)
    asked = next((make for pattern, make in ASKS if re.search(pattern, words, re.IGNORECASE)), None)
    if asked is not None:
        return asked(rng)
    if wide:
        return " ".join(_sentence(rng) for _ in range(rng.choice((1, 1, 2))))
    return rng.choice(ANY)(rng)


ANY: Final[tuple[Maker, ...]] = (_of(WORDS), _of(PEOPLE), _number, _of(CITIES))
_CELL: Final[tuple[Maker, ...]] = (_number, _number, _of(WORDS), _of(SUMS), _date)
BY_ROLE: Final[dict[str, tuple[Maker, ...]]] = {
    "spinbutton": (_number,),
    **dict.fromkeys(("gridcell", "cell", "table-cell"), _CELL),
}
