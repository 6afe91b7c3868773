"""Recipes are closed and say what is wrong where."""

import pytest

from corpus import recipe
from infra.errors import NotFound, UsageError

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
        assert recipe.load(recipe.find(name)).sources


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
