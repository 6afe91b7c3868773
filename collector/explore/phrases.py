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
NUMBERS: Final = frozenset({"spinbutton", "spin-button"})
HAN: Final = re.compile(r"[\u4e00-\u9fff]")
SCRIPT_TRIES: Final = 8


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


def _among(low: int, high: int) -> Maker:
    return lambda rng: str(rng.randint(low, high))


def _given(rng: random.Random) -> str:
    return _parted(rng)[0]


def _family(rng: random.Random) -> str:
    return _parted(rng)[1]


def _parted(rng: random.Random) -> tuple[str, str]:
    """A person's given and family name."""
    name = rng.choice(PEOPLE)
    given, _, family = name.partition(" ")
    return (given, family) if family else (name[1:], name[0])


def _prose(rng: random.Random) -> str:
    """Mostly a sentence or two, now and then a long text."""
    return " ".join(_sentence(rng) for _ in range(rng.choices((1, 2, 9), (6, 3, 1))[0]))


ASKS: Final[tuple[tuple[str, Maker], ...]] = (
    (r"pass ?word|passwort|pin\b|secret|密码", _secret),
    (r"\bmail\b|e-?mail|邮箱|邮件", _mail),
    (r"phone|mobile|\btel|fax|电话|手机", _phone),
    (r"^\W*(day|dd|日)\W*$", _among(1, 28)),
    (r"^\W*(month|mm|月)\W*$", _among(1, 12)),
    (r"^\W*(year|yyyy|yy|年)\W*$", _among(1950, 2005)),
    (r"birth|\bdate|\bday\b|deadline|\bdue\b|日期|生日", _date),
    (r"\btime\b|hour|minute|时间", _clock),
    (r"\burl|website|\blink|homepage|网址", _url),
    (r"\bpath|folder|directory|location|路径|目录", _path),
    (r"zip|postal|post ?code|邮编|邮政编码", _among(10000, 99999)),
    (r"street|address|地址|街道", _address),
    (r"city|town|place|country|城市", _of(CITIES)),
    (r"search|find|filter|look|query|搜索|查找", _of(WORDS)),
    (r"percent|%|百分", _among(1, 100)),
    (r"\bage\b|年龄", _among(18, 90)),
    (r"amount|price|number|quantity|\bcount\b|\bsize|width|height|people|seconds|数量|金额|人数",
     _number),
    (r"calc|result|expression|equation", _expression),
    (r"given|first name|^\W*名\W*$", _given),
    (r"family name|last name|surname|^\W*姓\W*$", _family),
    (r"comment|message|note|description|\btext|document|body|remark|reason|about|备注|留言|理由|简介",
     _prose),
    (r"company|organi[sz]ation|department|title|subject|topic|主题|标题", _of(WORDS)),
    (r"name|author|person|contact|\bto\b|\bcc\b|姓名|联系人", _of(PEOPLE)),
)  # fmt: skip
"""What a field's words ask for, the first that matches."""
WRONG: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (r"\bmail\b|e-?mail|邮箱|邮件", ("ada.example.org", "lin@", "@example.org")),
    (r"phone|mobile|\btel|fax|电话|手机", ("call me", "12", "----")),
    (r"^\W*(day|dd|日|month|mm|月)\W*$", ("99", "x")),
    (r"^\W*(year|yyyy|yy|年)\W*$", ("20", "soon")),
    (r"birth|\bdate|deadline|日期|生日", ("31-31-2020", "yesterday")),
    (r"\burl|website|homepage|网址", ("not an address", "http:/")),
    (r"zip|postal|post ?code|邮编|邮政编码", ("?", "#12")),
    (r"amount|price|number|quantity|\bcount\b|people|seconds|数量|金额|人数", ("-1", "99999")),
    (r"name|street|town|city|reason|姓|名|城市|街道|理由", ("",)),
)
"""Values that a field of these words does not take."""
COMPLAINS: Final = re.compile(
    r"required|invalid|not valid|please|must|missing|wrong|error|is not|does not|cannot|not right"
    r"|too (long|short|large|small)|at (least|most)|between|请|错误|无效|必填|不正确|格式|不能|缺失|有误",
    re.IGNORECASE,
)
"""What words say that complain of a value."""
LIMITS: Final = (
    re.compile(r"(-?\d+)\s*(?:to|and|-|–|…|~|至|到)\s*(-?\d+)"),
    re.compile(r"(?:at least|min(?:imum)?|from|≥|至少|最小)\D{0,3}(-?\d+)()", re.IGNORECASE),
    re.compile(r"()(?:at most|max(?:imum)?|up to|≤|至多|最多|最大)\D{0,3}(-?\d+)", re.IGNORECASE),
)
SPAN: Final = 20
"""How far above a lone lower limit a number may be."""


def text_for(
    role: str,
    words: str,
    app: str,
    rng: random.Random,
    *,
    wide: bool = False,
    value: str = "",
) -> str:
    """Text for a field of that role, called by `words` in program `app`; `wide` ones get prose.

    A number keeps the limits that the words tell, else it is near the `value` that is there.
    Fields with Chinese words mostly get Chinese.
    """
    if role == "terminal" or "terminal" in app.casefold():
        return rng.choice(COMMANDS)
    if role in NUMBERS:
        return number_for(words, value, rng)
    if role in BY_ROLE:
        return rng.choice(BY_ROLE[role])(rng)
    if "calculator" in app.casefold():
        return _expression(rng)
    make = next((make for pattern, make in ASKS if re.search(pattern, words, re.IGNORECASE)), None)
    if make is _number:
        return number_for(words, value, rng)
    if make is None:
        make = _prose if wide else rng.choice(ANY)
    return _in_script_of(words, make, rng)


def number_for(words: str, value: str, rng: random.Random) -> str:
    """A number within what the words allow, else near the one that is there, never the same."""
    low, high = limits(words)
    if low is None and high is None:
        if not value.strip().lstrip("-").isdigit():
            return _number(rng)
        low, high = int(value), int(value) + 3
    low = (min(0, high - 1) if high is not None else 0) if low is None else low
    high = low + SPAN if high is None else high
    others = [n for n in range(low, min(high, low + 1000) + 1) if str(n) != value]
    return str(rng.choice(others or [low]))


def limits(words: str) -> tuple[int | None, int | None]:
    """The least and the most that the words allow; None where they do not say."""
    for pattern in LIMITS:
        if (found := pattern.search(words)) is not None:
            low, high = (int(part) if part else None for part in found.groups())
            if low is None or high is None or low < high:
                return low, high
    return None, None


def wrong_for(words: str, role: str, rng: random.Random) -> str | None:
    """Text that such a field will not take; None where nothing is known to be wrong."""
    if role in NUMBERS:
        return rng.choice(("-1", "99999"))
    for pattern, wrong in WRONG:
        if re.search(pattern, words, re.IGNORECASE):
            return rng.choice(wrong)
    return None


def is_month(words: str, value: str) -> bool:
    """Whether a date field takes a month, whose parts are stepped rather than typed."""
    if value:
        return re.fullmatch(r"\d{4}-\d\d", value) is not None
    return _says(words, r"since|month|月|起始")


def date_keys(words: str, value: str, rng: random.Random) -> str:
    """What is typed into a date field that has parts, in figures: a time, else a day.

    In Chinese the year comes first, with six places, and a day has 24 hours.
    """
    chinese = HAN.search(words) is not None
    if re.match(r"\d\d:\d\d", value) or (not value and _says(words, r"time|时间")):
        minute = rng.choice((0, 15, 30, 45))
        return f"{rng.randint(1, 11):02}{minute:02}" + ("" if chinese else rng.choice("AP"))
    year, day = rng.randint(2019, 2027), f"{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    return f"{year:06}{day}" if chinese else f"{day}{year}"


def _says(words: str, pattern: str) -> bool:
    return re.search(pattern, words, re.IGNORECASE) is not None


def _in_script_of(words: str, make: Maker, rng: random.Random) -> str:
    """A value in the script of the field's words, as far as there are such values."""
    text = make(rng)
    for _ in range(SCRIPT_TRIES if HAN.search(words) else 0):
        if HAN.search(text):
            break
        text = make(rng)
    return text


ANY: Final[tuple[Maker, ...]] = (_of(WORDS), _of(PEOPLE), _number, _of(CITIES))
_CELL: Final[tuple[Maker, ...]] = (_number, _number, _of(WORDS), _of(SUMS), _date)
BY_ROLE: Final[dict[str, tuple[Maker, ...]]] = {
    **dict.fromkeys(("gridcell", "cell", "table-cell"), _CELL),
}
