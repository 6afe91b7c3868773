"""A text that shares a long run of words with an evaluation set is named with the set."""

import json
import random
from pathlib import Path

import pytest

from corpus.operators.evaluation import CHARACTERS, WORDS, EvaluationSets, hashes
from corpus.operators.units import MOST_CHARS
from infra.errors import NotFound, UsageError

QUESTION = (
    "A train leaves Prague at noon and travels east at eighty kilometres an hour; when does it meet"
)
CHINESE = "小明有十二个苹果，他把其中的三分之一给了妹妹，又买了五个，请问他现在一共有多少个苹果？"


@pytest.fixture
def sets(tmp_path: Path) -> EvaluationSets:
    questions = tmp_path / "trains.jsonl"
    questions.write_text(json.dumps({"q": {"text": QUESTION}, "options": ["no", "yes"], "n": 3}))
    sums = tmp_path / "sums.txt"
    sums.write_text(f"short\n\n{CHINESE}\n")
    return EvaluationSets.read([str(questions), str(sums)])


def test_a_text_that_holds_an_item_is_named_with_its_set(sets: EvaluationSets) -> None:
    assert sets.shared(f"Exercise 4. {QUESTION} the other?") == "trains.jsonl"
    assert sets.shared(f"练习：{CHINESE}") == "sums.txt"


def test_case_and_punctuation_do_not_hide_it(sets: EvaluationSets) -> None:
    hidden = QUESTION.upper().replace(" ", " - ").replace(";", "\n")
    assert sets.shared(hidden) == "trains.jsonl"
    assert sets.shared(CHINESE.replace("，", "\n")) == "sums.txt"


def test_a_shorter_run_is_chance(sets: EvaluationSets) -> None:
    words = QUESTION.replace(";", "").split()
    assert sets.shared(" ".join([*words[: WORDS - 1], "then", *words[WORDS - 1 :][:3]])) is None
    assert sets.shared(" ".join(words[:WORDS])) == "trains.jsonl"
    plain = [char for char in CHINESE if char not in "，？"]
    assert sets.shared("".join(plain[: CHARACTERS - 1])) is None
    assert sets.shared("".join(plain[:CHARACTERS])) == "sums.txt"


def test_an_item_over_the_seam_of_a_long_text_is_found(sets: EvaluationSets) -> None:
    draw = random.Random(1)
    for back in (3, 30, 60, 90):
        filler = " ".join(str(draw.randrange(10**6)) for _ in range(MOST_CHARS))
        text = f"{filler[: MOST_CHARS - back]} {QUESTION} {filler}"
        assert sets.shared(text) == "trains.jsonl"
        assert sets.shared(filler) is None


@pytest.mark.parametrize("text", ["", "\0" * 1000, "\ud800" * 1000, "a" * 200_000, "🙂 " * 5000])
def test_hostile_texts_share_nothing(text: str, sets: EvaluationSets) -> None:
    assert sets.shared(text) is None
    assert EvaluationSets.read([]).shared(text) is None


def test_a_set_that_cannot_be_read_whole_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"q": "a"}\n{"q": \n')
    with pytest.raises(UsageError, match=r"broken\.jsonl:2"):
        EvaluationSets.read([str(broken)])
    with pytest.raises(NotFound, match=r"none\.jsonl"):
        list(hashes(["none.jsonl"]))
    deep = tmp_path / "deep.jsonl"
    deep.write_text("[" * 100_000)
    with pytest.raises(UsageError):
        EvaluationSets.read([str(deep)])
    wrong = tmp_path / "wrong.txt"
    wrong.write_bytes(CHINESE.encode("gb18030") + b"\0\xff\n\n" + QUESTION.encode())
    assert EvaluationSets.read([str(wrong)]).shared(QUESTION) == "wrong.txt"
