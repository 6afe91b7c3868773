"""The rules of Gopher and C4 say what datatrove says, where words are split alike.

One difference is known: a sign is what Unicode calls so, where datatrove has a list without lone
surrogates and rare symbols, so that a page of those has other mean lengths of words.
"""

import json
import random
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.operators.quality import c4, gopher, repetition
from corpus.operators.quality.words import sentences, tokens, words
from tests.corpus.operators.test_near import english
from tests.peers import ask

PROSE = (
    "The river was high that spring, and the people of the town had to move what they could. "
    "They came with carts, with boats and with their hands. Nobody knew how long it would last! "
    "“Have you seen the bridge?” she asked. It was said that no flood had ever been so high. "
    "To leave was hard; to stay would be worse. At noon the bells rang and the last boat left. "
)
SIGNS = ["#", "...", "…", "- ", "• ", "{", "[12]", "lorem ipsum", "JavaScript", "cookie policy",
         "x" * 1100, "\n\n", "\n", "\n\n\n", "the", "3.14", "e.g.", "你好。", "\0", "½",
         "don't", "!", '"', "]", "\u2028", "\x85", " ", "\t"]  # fmt: skip


def made(seed: int) -> str:
    """A text of prose, its parts repeated, and signs that the rules look for."""
    draw = random.Random(seed)
    parts = PROSE.split(". ")
    pieces: list[str] = []
    for _ in range(draw.randint(1, 60)):
        if pieces and draw.random() < draw.choice((0.05, 0.3)):
            pieces.append(draw.choice(pieces))
        elif draw.random() < draw.choice((0.1, 0.5)):
            pieces.append(draw.choice(SIGNS) * draw.choice((1, 1, 5)))
        else:
            words_of = draw.choice(parts).split(" ")
            draw.shuffle(words_of)
            pieces.append(" ".join(words_of) + draw.choice((".", ". ", ".\n", "\n", " ", ".\n\n")))
    return draw.choice(("", " ")).join(pieces) or "."


def ours(text: str) -> list[str]:
    kept, reason = c4.kept_lines(text)
    left = text if reason else "\n".join(kept.values()).strip()
    return [gopher.fault(text), repetition.fault(text), reason, left]


def test_verdicts_and_kept_lines_are_those_of_datatrove(tmp_path: Path) -> None:
    texts = [made(seed) for seed in range(1500)]
    texts += [PROSE, PROSE * 3, PROSE.replace(". ", ".\n"), english(1, 400), "a", ".", "\n", "\0"]
    texts += [" \n ", "word " * 120_000, "ab " * 60 + "the be " * 9, "é" * 2000]
    path = tmp_path / "texts.jsonl"
    path.write_text("".join(json.dumps(text) + "\n" for text in texts))
    theirs = ask("filters", path=str(path), splitter="ours")["verdicts"]
    differ = [
        (text[:200], mine, other)
        for text, other in zip(texts, theirs, strict=True)
        for mine in [ours(text)]
        if [bool(m) for m in mine[:3]] != [bool(o) for o in other[:3]] or mine[3] != other[3]
    ]
    assert differ == []
    assert min(Counter(bool(row[n]) for row in theirs)[True] for n in range(3)) > 50
    assert min(Counter(bool(row[n]) for row in theirs)[False] for n in range(3)) > 50


@given(st.text(st.one_of(st.characters(), st.sampled_from("ab .,'@-:1 \n")), max_size=60))
def test_every_character_that_is_no_space_is_in_one_token(text: str) -> None:
    found = words(text)
    assert "".join(found) == "".join(char for char in text if not char.isspace())
    assert all(found)
    assert "".join(sentences(text)).replace(" ", "").strip() == text.replace(" ", "").strip()
    assert len(tokens(text)) == len(found)


def test_words_are_split_as_people_would() -> None:
    said = "It's 3.14, e.g. in U.S. files (a_b.py): me@x.org -- don't! well-known 1,000..."
    assert words(said) == [
        "It", "'s", "3.14", ",", "e.g.", "in", "U.S.", "files", "(", "a_b.py", ")", ":",
        "me@x.org", "--", "don", "'t", "!", "well", "-", "known", "1,000", "...",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "part", ["a b c d e ", "\0", "\ud800 ", "word\n", "a.", "# ", "[1", "x", "the of. ", "\n\n"]
)
def test_time_grows_with_the_text_and_no_faster(part: str) -> None:
    def seconds(size: int) -> float:
        text = part * (size // len(part))
        start = time.process_time()
        ours(text)
        return time.process_time() - start

    seconds(1000)
    small = max(min(seconds(40_000) for _ in range(3)), 0.004)
    assert seconds(640_000) < 16 * small * 4
