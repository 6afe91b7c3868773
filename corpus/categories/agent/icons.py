"""The icon table's samples as conversations: what an icon means, where it is, which one it is.

A row is asked about in words; what is asked follows from the row's hash alone. Coordinates are
integers of 0–1000.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from corpus.categories.agent import samples
from corpus.sample import Picture, Turn
from infra.blobs import Blobs

READERS: Final = {
    "icon_captions": "captions",
    "icon_targets": "targets",
    "icon_choices": "choices",
}
"""Each reader with the file it reads below `samples/icons`."""
LETTERS: Final = "ABCDEFGH"
MEANS: Final = {
    "en": ("What does this icon mean?", "What is this icon for?", "Name this icon."),
    "zh": ("这个图标是什么意思？", "这个图标是做什么用的？"),
}
WHERE: Final = {
    "en": "Where is the icon that means {}? Answer with its box as [left, top, right, bottom] in 0-1000.",
    "zh": "表示{}的图标在哪里？请用 0-1000 的 [左, 上, 右, 下] 框回答。",
}
WHERE_DOES: Final = {
    "en": "Where is the icon that, when pressed, {}? Answer with its box as [left, top, right, bottom] in 0-1000.",
    "zh": "按下后{}的图标在哪里？请用 0-1000 的 [左, 上, 右, 下] 框回答。",
}
WHICH: Final = {
    "en": "Which of these icons means {}? Answer with its letter.",
    "zh": "哪个图标表示{}？请用字母回答。",
}
QUOTED: Final = {"en": "“{}”", "zh": "“{}”"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its pictures, or why there is none."""

    kind: str
    language: str
    turns: tuple[Turn, ...] = ()
    pictures: tuple[Picture, ...] = ()
    fault: str = ""


def asked(reader: str, record: dict[str, Any], blobs: Blobs, seed: str) -> Iterator[Asked]:
    """The questions of one row."""
    kind = reader.removeprefix("icon_").removesuffix("s")
    makes = {"icon_captions": _caption, "icon_targets": _target, "icon_choices": _choice}[reader]
    for made in makes(record, blobs, int(seed[:8], 16)):
        yield Asked(f"icon {kind}", made.language, made.turns, made.pictures, made.fault)


def _caption(record: dict[str, Any], blobs: Blobs, seed: int) -> Iterator[Asked]:
    lang, said = _lang(record.get("lang")), samples.text(record.get("meaning"), 200)
    picture, reason = _picture(record.get("picture"), blobs)
    if picture is None or not said:
        yield Asked("", lang, fault=reason or "no meaning")
        return
    question = MEANS[lang][seed % len(MEANS[lang])]
    yield Asked("", lang, _turns(f"<image>\n{question}", said), (picture,))


def _target(record: dict[str, Any], blobs: Blobs, seed: int) -> Iterator[Asked]:
    size = samples.pixels(record.get("image_size"))
    box = None if size is None else samples.box(record.get("bbox_px"), size)
    if size is None or box is None:
        yield Asked("", "en", fault="element has no box on the screen")
        return
    picture, reason = samples.screen(blobs, record.get("image"), size)
    questions = list(_where(record, seed))
    if picture is None or not questions:
        yield Asked("", "en", fault=reason or "no meaning")
        return
    for lang, question in questions:
        yield Asked("", lang, _turns(f"<image>\n{question}", str(list(box))), (picture,))


def _where(record: dict[str, Any], seed: int) -> Iterator[tuple[str, str]]:
    """A question by meaning, and one by what pressing it does where that is known."""
    said = record.get("meanings")
    usable = [
        (_lang(m.get("lang")), text)
        for m in (said if isinstance(said, list) else ())
        if isinstance(m, dict) and (text := samples.text(m.get("text"), 200))
    ]
    if usable:
        lang, text = usable[seed % len(usable)]
        yield lang, WHERE[lang].format(QUOTED[lang].format(_plain(text)))
    does = record.get("function")
    lang = "zh" if seed % 4 == 0 else "en"
    words = samples.text(does.get(lang), 200) if isinstance(does, dict) else ""
    if words:
        yield lang, WHERE_DOES[lang].format(_plain(words))


def _choice(record: dict[str, Any], blobs: Blobs, _: int) -> Iterator[Asked]:
    lang, said = _lang(record.get("lang")), samples.text(record.get("meaning"), 200)
    listed, answer = record.get("pictures"), record.get("answer", -1)
    offered = listed if isinstance(listed, list) else []
    sound = isinstance(answer, int) and answer in range(len(offered))
    if not said or not 2 <= len(offered) <= len(LETTERS) or not sound:
        yield Asked("", lang, fault="no choice with one answer")
        return
    pictures = []
    for one in offered:
        picture, reason = _picture(one, blobs)
        if picture is None:
            yield Asked("", lang, fault=reason)
            return
        pictures.append(picture)
    shown = "\n".join(f"{letter}: <image>" for letter in LETTERS[: len(pictures)])
    question = WHICH[lang].format(QUOTED[lang].format(_plain(said)))
    yield Asked("", lang, _turns(f"{shown}\n{question}", LETTERS[int(answer)]), tuple(pictures))


def _picture(value: Any, blobs: Blobs) -> tuple[Picture | None, str]:
    """A picture of a row, where it is whole."""
    if not isinstance(value, dict):
        return None, "no picture"
    size = samples.pixels([value.get("width"), value.get("height")])
    if size is None:
        return None, "no size of its picture"
    return samples.screen(blobs, value.get("sha256"), size)


def _turns(question: str, answer: str) -> tuple[Turn, ...]:
    return Turn("user", question), Turn("assistant", _plain(answer))


def _plain(text: str) -> str:
    return text.replace("<image>", "< image >")


def _lang(value: Any) -> str:
    return "zh" if str(value).startswith("zh") else "en"
