"""A near duplicate is dropped against a kept text that is as alike as was asked, and only then."""

import random
import tracemalloc
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.operators import units
from corpus.operators.near import Match, NearDuplicates, Text, sift
from corpus.operators.near.index import Index
from corpus.operators.near.shingles import MOST, jaccard, keyed_set, keyed_sets, signatures
from tests.corpus.operators import plain

ANY_TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from("ab AB_é你好ｗ\n\0\ud800İß")), max_size=80
)
MADE_OF = ["the", "a", "of", "with", "night", "river", "stone", "paper", "blue", "walks", "under"]
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 800)]


def english(seed: int, words: int = 200) -> str:
    draw = random.Random(seed)
    return " ".join(draw.choice(MADE_OF) + str(draw.randrange(40)) for _ in range(words))


def chinese(seed: int, chars: int = 300) -> str:
    draw = random.Random(seed)
    return "".join(draw.choice("，。") if n % 11 == 10 else draw.choice(HAN) for n in range(chars))


def changed(text: str, words: int, seed: int = 0) -> str:
    draw, held = random.Random(seed), text.split(" ")
    for _ in range(words):
        held[draw.randrange(len(held))] = f"new{draw.randrange(10**6)}"
    return " ".join(held)


def answers(
    texts: Iterable[str | Text], directory: Path, threshold: float = 0.8, memory: int = 1 << 20
) -> list[Match | None]:
    items = [
        (n, text if isinstance(text, Text) else Text(text, "en", str(n)))
        for n, text in enumerate(texts)
    ]
    with NearDuplicates(directory, threshold, memory) as near:
        found = list(near.sift(items))
    assert [n for n, _ in found] == [n for n, _ in items]
    return [match for _, match in found]


@given(st.lists(ANY_TEXT, max_size=6))
def test_units_are_those_of_the_plain_rule_and_hash_alike_where_they_are_alike(
    texts: list[str],
) -> None:
    texts = [text for text in texts if len(text.lower()) == len(text)]
    found = units.split(texts)
    named: dict[str, int] = {}
    for text, (start, end) in zip(texts, pairwise(found.first.tolist()), strict=True):
        words = [w for w in plain.units(text) if plain.is_plain(w)]
        if len(words) != len(plain.units(text)) or not plain.is_plain(text):
            continue
        hashes = found.hashes[start:end].tolist()
        assert len(hashes) == len(words)
        for word, value in zip(words, hashes, strict=True):
            assert named.setdefault(word, value) == value
    assert len(set(named.values())) == len(named)


def test_the_jaccard_index_is_that_of_the_sets_of_shingles() -> None:
    for seed in range(20):
        one = english(seed)
        other = changed(one, seed)
        assert jaccard(keyed_set(one), keyed_set(other)) == plain.jaccard(one, other)


@given(st.lists(st.sampled_from(MADE_OF), max_size=40), st.integers(0, 3))
def test_a_text_has_one_set_whatever_it_is_read_with(words: list[str], others: int) -> None:
    text = " ".join(words)
    together = keyed_sets([*(english(n, 30) for n in range(others)), text])
    own = together[together >> np.uint64(48) == others] & np.uint64((1 << 48) - 1)
    assert own.tolist() == keyed_set(text).tolist()


def test_signatures_agree_as_often_as_sets_overlap() -> None:
    errors = []
    for seed in range(60):
        one = english(seed, 20 + 10 * seed)
        other = changed(one, seed % 7, seed)
        keyed = keyed_sets([one, other])
        first, second = signatures(keyed, 2)
        errors.append(float((first == second).mean()) - plain.jaccard(one, other))
    assert abs(sum(errors) / len(errors)) < 0.015
    assert max(map(abs, errors)) < 4 * 0.045


def test_a_changed_copy_is_dropped_against_the_first_and_says_how_alike_it_is(
    tmp_path: Path,
) -> None:
    texts = [english(1), english(2), changed(english(1), 2), changed(english(1), 3, 1)]
    found = answers(texts, tmp_path)
    assert found[:2] == [None, None]
    for match, text in zip(found[2:], texts[2:], strict=True):
        assert match is not None
        assert match.label == "0"
        assert match.jaccard == plain.jaccard(texts[0], text) >= 0.8


def test_every_planted_copy_that_is_alike_enough_is_found_and_nothing_else(tmp_path: Path) -> None:
    texts = [english(n, 60 + n % 200) for n in range(200)]
    texts += [changed(texts[n % 200], 1 + n % 5, n) for n in range(150)]
    random.Random(5).shuffle(texts)
    found = answers(texts, tmp_path)
    kept: list[set[tuple[str, ...]]] = []
    for text, match in zip(texts, found, strict=True):
        own = plain.shingles(text)
        best = max((len(own & other) / len(own | other) for other in kept), default=0)
        assert (match is not None) == (best >= 0.8)
        if match is None:
            kept.append(own)
    assert sum(match is not None for match in found) > 50


def test_likeness_is_no_chain(tmp_path: Path) -> None:
    first = english(1, 300)
    chain = [first]
    for seed in range(1, 6):
        chain.append(changed(chain[-1], 5, seed))
    assert plain.jaccard(chain[0], chain[1]) >= 0.8 > plain.jaccard(chain[0], chain[3])
    found = answers(chain, tmp_path)
    kept = [n for n, match in enumerate(found) if match is None]
    for number, match in enumerate(found):
        if match is not None:
            assert int(match.label) in kept
            assert plain.jaccard(chain[int(match.label)], chain[number]) >= 0.8
    assert len(kept) > 1


def test_chinese_is_compared_by_characters(tmp_path: Path) -> None:
    first, other = chinese(1), chinese(2)
    copy = first[:150] + "新" + first[151:]
    found = answers([Text(t, "zh", str(n)) for n, t in enumerate([first, other, copy])], tmp_path)
    assert [match and match.label for match in found] == [None, None, "0"]


def test_the_same_content_in_another_language_is_no_pair(tmp_path: Path) -> None:
    text = english(1)
    found = answers([Text(text, "en", "a"), Text(text, "zh", "b"), Text(text, "zh", "c")], tmp_path)
    assert [match and match.label for match in found] == [None, None, "b"]


@pytest.mark.parametrize(("texts", "memory"), [(1, 1 << 12), (7, 1 << 14), (256, 1 << 26)])
def test_answers_do_not_depend_on_batches_or_memory(
    texts: int, memory: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = [english(n % 150, 40) if n % 3 else changed(english(n % 150, 90), 2, n)
            for n in range(400)]  # fmt: skip
    usual = answers(held, tmp_path)
    monkeypatch.setattr(sift, "BATCH_TEXTS", texts)
    assert answers(held, tmp_path, memory=memory) == usual
    assert any(usual)


def test_what_was_added_is_found_in_memory_and_in_files(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    index = Index(tmp_path, 1 << 14)
    added: list[tuple[int, int]] = []
    for batch in range(200):
        keys = draw.integers(0, 5000, 100, dtype=np.uint64)
        rows = np.full(100, batch, np.uint64)
        index.add(keys, rows)
        added += zip(keys.tolist(), rows.tolist(), strict=True)
    assert sum(map(len, index._files)) > 0
    asked = np.arange(0, 6000, 7, dtype=np.uint64)
    positions, rows = index.find(asked)
    found = zip(asked[positions].tolist(), rows.tolist(), strict=True)
    assert sorted(found) == sorted(pair for pair in added if pair[0] % 7 == 0)
    index.close()


def test_memory_stays_within_what_is_allowed(tmp_path: Path) -> None:
    """A million entries of 16 bytes pass through an index that may hold a million bytes."""
    draw = np.random.default_rng(1)
    index = Index(tmp_path, 1 << 20)
    tracemalloc.start()
    try:
        for batch in range(250):
            index.add(draw.integers(0, 1 << 63, 4000, dtype=np.uint64),
                      np.full(4000, batch, np.uint64))  # fmt: skip
            index.find(draw.integers(0, 1 << 63, 4000, dtype=np.uint64))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        index.close()
    step_bytes = 2 * 65536 * 16 * 4  # two pieces while files are merged, and their copies
    assert peak < (1 << 20) + step_bytes


def test_a_killed_run_leaves_no_file(tmp_path: Path) -> None:
    with NearDuplicates(tmp_path, 0.8, 1 << 12) as near:
        list(near.sift((n, Text(english(n), "en", str(n))) for n in range(300)))
        assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIL_AT", "1+")
    with pytest.raises(OSError, match="No space"):
        answers([english(1)], tmp_path)


def hostile() -> Sequence[str]:
    return ["", "\0" * 5000, "\ud800\udfff" * 100, "a" * 300_000, "￾﻿", "🙂" * 1000, " \n\t" * 999]


def test_hostile_texts_are_told_apart_like_others(tmp_path: Path) -> None:
    found = answers([*hostile(), *hostile()], tmp_path)
    assert not any(found[: len(hostile())])
    has_units = [bool(plain.units(text)) for text in hostile()]
    assert [match is not None for match in found[len(hostile()) :]] == has_units


def test_a_text_of_a_hundred_megabytes_is_compared_by_a_sample(tmp_path: Path) -> None:
    words = [f"{a}{b}" for a in MADE_OF for b in range(200)]
    draw = random.Random(1)
    block = " ".join(draw.choice(words) for _ in range(250_000))
    text = f"{block} " * (100_000_000 // len(block))
    tracemalloc.start()
    held = keyed_set(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(held) == MOST
    assert peak < 48 * 1024 * 1024
    tail = english(9, 60_000)
    one, other = keyed_set(f"{block} {tail}"), keyed_set(block)
    assert jaccard(one, other) == pytest.approx(plain.jaccard(f"{block} {tail}", block), abs=0.01)
