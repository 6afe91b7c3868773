"""A unit has one hash wherever it stands and however it is written, and no other has it."""

from __future__ import annotations

import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from corpus.operators.folded import KNOWN, UNSPACED
from corpus.operators.units import split

LETTERS = st.text(st.sampled_from("abé_ßжñ0ｗ𝐚"), min_size=1, max_size=45)
BETWEEN = st.text(st.sampled_from(" .,\n\0\ud800—¶’�🎈"), min_size=1, max_size=20)


def is_alone(char: str) -> bool:
    return any(low <= ord(char) <= high for low, high in UNSPACED)


def test_every_character_is_a_units_part_or_stands_between_and_counts_as_its_lower_case() -> None:
    known = [chr(code) for code in range(sys.maxunicode + 1)]
    parts = [
        c for c in known if c == "_" or (unicodedata.category(c)[0] in "LNM" and ord(c) < KNOWN)
    ]
    others = sorted(set(known) - set(parts))
    for start in range(0, len(others), 100_000):
        assert not len(split(["".join(others[start : start + 100_000])]).hashes)
    for start in range(0, len(parts), 50_000):
        some = parts[start : start + 50_000]
        found = split([" ".join(some)])
        assert len(found.hashes) == len(some)
        assert found.alone.tolist() == [is_alone(c) for c in some]
        lower = split([" ".join(c.lower()[0] for c in some)])
        assert (found.hashes == lower.hashes).all()
    assert len(set(split([" ".join(parts)]).hashes.tolist())) == len({c.lower()[0] for c in parts})


@given(st.lists(st.tuples(LETTERS, BETWEEN), max_size=12), st.integers(0, 3))
def test_a_unit_has_one_hash_wherever_it_stands(pairs: list[tuple[str, str]], before: int) -> None:
    words = [word for word, _ in pairs]
    text = "".join(part for pair in pairs for part in pair)
    found = split(["alone"] * before + [text, "after"])
    own = found.hashes[found.first[before] : found.first[before + 1]].tolist()
    assert own == [int(split([word]).hashes[0]) for word in words]
    assert len(set(own)) == len({word.lower() for word in words})


def test_long_units_differ_by_any_of_their_characters() -> None:
    words = ["x" * n + "y" + "x" * (5000 - n) for n in range(0, 5000, 250)]
    words += ["x" * n for n in range(1, 60)]
    found = split([" ".join(words)])
    assert len(set(found.hashes.tolist())) == len(words)


def test_characters_without_spaces_are_units_among_words_and_each_other() -> None:
    found = split(["ab你好cd, ไทยx 𠀀y"])
    assert found.alone.tolist() == [False, True, True, False, True, True, True, False, True, False]
    one = split(["好"]).hashes[0]
    assert found.hashes[2] == one
