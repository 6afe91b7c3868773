"""A conversation over a screen is held in one language, and a name is quoted as that language does."""

from __future__ import annotations

import re
from typing import Any

from corpus.categories.agent import grounding

HAN = re.compile(r"[\u4e00-\u9fff]")


def element(n: int) -> dict[str, Any]:
    """An element with a name, which is English, and with or without words in both languages."""
    said = [{"text": f"Save {n}", "lang": "en", "kind": "name"}]
    if n % 2:
        said += [
            {"text": f"the button in row {n}", "lang": "en", "kind": "place"},
            {"text": f"第 {n} 行的按钮", "lang": "zh", "kind": "place"},
        ]
    return {
        "role": "button",
        "name": f"Save {n}",
        "bbox_px": [0, n, 50, n + 1],
        "expressions": said,
    }


def test_every_question_is_in_the_language_of_its_conversation_and_names_are_asked_in_both() -> (
    None
):
    found, _ = grounding.elements({"elements": [element(n) for n in range(60)]}, (100, 100))
    talks = [talk for seed in range(20) for talk in grounding.conversations(found, str(seed))]
    asked = [
        (talk.language, turn.content)
        for talk in talks
        for turn in talk.turns
        if talk.kind in {"locate", "point"} and turn.role == "user"
    ]
    assert all(bool(HAN.search(question)) == (language == "zh") for language, question in asked)
    assert any(re.search(r"“Save \d+”在哪里", question) for _, question in asked)
    assert any(re.search(r'Where is "Save \d+"\?', question) for _, question in asked)
    assert not any('"Save' in question for language, question in asked if language == "zh")
