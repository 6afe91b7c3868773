"""Recipes are closed and say what is wrong where."""

import json
from pathlib import Path

import pytest

from corpus import recipe, tokens
from corpus.shelf import CATALOGUE
from infra.errors import HostileInput, NotFound, UsageError

GOOD = """\
name: small
budget_tokens: 1000
categories:
  text: {weight: 1}
sources:
  docs: {category: text, reader: sphinx, package: python3.11-doc}
"""


def test_every_shipped_recipe_is_sound() -> None:
    for name in recipe.shipped():
        read = recipe.load(recipe.find(name))
        assert read.sources
        others = set(read.packages) - set(CATALOGUE)
        assert not others or name == "archive", "others are known to the host's archive alone"


@pytest.mark.parametrize(
    ("old", "new", "line", "near"),
    [
        ("weight: 1", "weight: 1, flor: 0.1", 4, "floor"),
        ("reader: sphinx", "reader: sphynx", 6, "sphinx"),
        ("category: text, ", "category: texts, ", 6, "text"),
        ("name: small", "name: small\nbudget: 3", 2, "budget_tokens"),
        ("budget_tokens", "budget_tokns", 2, "budget_tokens"),
    ],
)
def test_a_wrong_word_names_its_line_and_the_nearest(
    old: str, new: str, line: int, near: str
) -> None:
    with pytest.raises(UsageError) as caught:
        recipe.parse(GOOD.replace(old, new).encode(), "r.yaml")
    assert f"r.yaml:{line}" in caught.value.message
    assert near in caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["", "- a\n", "name: [", "name: a\nname: b\n", GOOD + "x: !!python/object:os.system {}\n",
     GOOD.replace("1000", "-1"), GOOD.replace("weight: 1", "weight: .nan"), "a: &a [*a]\n"],
)  # fmt: skip
def test_what_is_no_recipe_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        recipe.parse(text.encode(), "r.yaml")


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ("image_share: {min: 0.5, max: 0.2}\n", "r.yaml:7: image_share"),
        ("scores:\n  letters: {min: 0.5, max: 0.2}\n", "r.yaml:8: scores.letters"),
        ("quotas:\n  - {by: type, of: manual, min: 0.5, max: 0.2}\n", "r.yaml:8: quotas.0"),
        ("quotas: [{by: type, of: manual, min_tokens: 5, max_tokens: 2}]\n", "r.yaml:7: quotas.0"),
    ],
)
def test_what_is_to_be_at_least_more_than_at_most_is_refused_with_its_place(
    more: str, place: str
) -> None:
    with pytest.raises(UsageError) as caught:
        recipe.parse((GOOD + more).encode(), "r.yaml")
    assert caught.value.message.startswith(place)


def test_a_quota_of_a_source_that_is_not_there_offers_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        recipe.parse((GOOD + "quotas: [{by: source, of: dosc, min: 0.5}]\n").encode(), "r.yaml")
    assert "docs" in caught.value.hint


def test_aliases_that_multiply_and_brackets_without_end_are_refused() -> None:
    doubled = "".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 10)}]\n" for n in range(1, 7))
    for text in ("k0: &k0 [x]\n" + doubled, "[" * 100_000):
        with pytest.raises(UsageError):
            recipe.parse(text.encode(), "r.yaml")


def test_bytes_that_are_not_text_are_refused() -> None:
    with pytest.raises(UsageError):
        recipe.parse(b"\xff\xfe\x00", "r.yaml")


def test_an_unknown_recipe_offers_the_nearest() -> None:
    with pytest.raises(NotFound) as caught:
        recipe.find("frist")
    assert "first" in caught.value.hint


def test_a_floor_above_its_weight_is_refused() -> None:
    with pytest.raises(UsageError):
        recipe.parse(
            b"name: a\nbudget_tokens: 10\ncategories:\n  text: {weight: 1, floor: 0.9}\n"
            b"  caption: {weight: 9}\nsources:\n  d: {category: text, reader: sphinx}\n"
            b"  c: {category: caption, reader: openclipart}\n",
            "r.yaml",
        )


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "good.yaml").write_text(GOOD)
    return tmp_path


def test_a_recipe_is_laid_over_its_base_key_by_key(base: Path) -> None:
    (base / "mine.yaml").write_text(
        "base: good.yaml\nname: mine\ncategories:\n  text: {cap: 0.5}\nsources:\n"
        "  docs: null\n  pages: {category: text, reader: roff, package: manpages-zh}\n"
    )
    made = recipe.load(base / "mine.yaml")
    assert (made.name, made.budget_tokens) == ("mine", 1000)
    assert (made.categories["text"].weight, made.categories["text"].cap) == (1, 0.5)
    assert list(made.sources) == ["pages"]


def test_a_fault_is_told_where_it_was_written(base: Path) -> None:
    (base / "good.yaml").write_text(GOOD.replace("weight: 1", "weight: -1"))
    (base / "mine.yaml").write_text("base: good.yaml\nname: mine\n")
    with pytest.raises(UsageError, match=r"good.yaml:4: categories.text.weight"):
        recipe.load(base / "mine.yaml")
    (base / "mine.yaml").write_text("base: good.yaml\ncategories: {text: {weight: x}}\n")
    with pytest.raises(UsageError, match=r"mine.yaml:2: categories.text.weight"):
        recipe.load(base / "mine.yaml")


def test_recipes_that_are_each_others_base_are_refused_with_their_names(base: Path) -> None:
    (base / "a.yaml").write_text("base: b.yaml\n")
    (base / "b.yaml").write_text("base: a.yaml\n")
    with pytest.raises(UsageError, match=r"a.yaml -> .*b.yaml -> .*a.yaml"):
        recipe.load(base / "a.yaml")
    (base / "a.yaml").write_text("base: a.yaml\n")
    with pytest.raises(UsageError, match="each other's base"):
        recipe.load(base / "a.yaml")


def test_a_base_that_is_not_there_is_told_with_its_line_and_the_nearest(base: Path) -> None:
    (base / "a.yaml").write_text("name: a\nbase: frist\n")
    with pytest.raises(UsageError, match=r"a.yaml:2: .*frist") as caught:
        recipe.load(base / "a.yaml")
    assert "first" in caught.value.hint


def test_a_tower_of_ones_own_counts_by_its_own_figures() -> None:
    text = GOOD + "vision: {patch_px: 16, max_patches: 1024}\n"
    assert tokens.tower(recipe.parse(text.encode(), "r").vision).tokens(160, 32) == 20
    with pytest.raises(UsageError, match=r"r:7: unknown key 'patch'"):
        recipe.parse(text.replace("patch_px", "patch").encode(), "r")


def test_a_tokenizer_that_transformers_saved_counts(tmp_path: Path) -> None:
    model = {"type": "WordLevel", "vocab": {"a": 0, "b": 1, "?": 2}, "unk_token": "?"}
    saved = {
        "version": "1.0",
        "model": model,
        "pre_tokenizer": {"type": "Whitespace"},
        "added_tokens": [],
    }
    (tmp_path / "tokenizer.json").write_text(json.dumps(saved))
    assert tokens.text_counter(str(tmp_path)).count("a b c a") == 4
    assert tokens.text_identity(str(tmp_path)) == tokens.text_identity(
        str(tmp_path / "tokenizer.json")
    )
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(HostileInput, match="no tokenizer"):
        tokens.text_counter(str(tmp_path / "tokenizer.json"))
    with pytest.raises(NotFound):
        tokens.text_counter("tekken")


def test_operators_are_of_the_category_that_has_them() -> None:
    text = """
name: a
budget_tokens: 1000
categories:
  text: {weight: 1, operators: {near_duplicates: 0.8, personal: mask, decontaminate: [a.jsonl]}}
sources:
  m: {category: text, reader: roff, package: manpages-zh}
"""
    operators = recipe.parse(text.encode(), "r").categories["text"].operators
    assert operators.near_duplicates == 0.8
    assert operators.personal == "mask"
    with pytest.raises(UsageError, match="r:5: unknown key 'near_duplicate'"):
        recipe.parse(text.replace("near_duplicates", "near_duplicate").encode(), "r")
    with pytest.raises(UsageError, match=r"r:5: .*near_duplicates"):
        recipe.parse(text.replace("0.8", "0.1").encode(), "r")
    caption = text.replace("text", "caption").replace("roff", "openclipart")
    with pytest.raises(UsageError, match="r:5: category 'caption' has no operator"):
        recipe.parse(caption.encode(), "r")
