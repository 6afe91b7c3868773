"""A drawing's caption says in which language it is and what it is about, where its file tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import build as building
from corpus import recipe
from corpus.build import Places
from corpus.categories.caption.clipart import declared_language, in_language, spoken
from corpus.categories.caption.titles import Verdict, judge, titled
from corpus.categories.caption.topics import below, topic
from corpus.operators.language import surely
from corpus.sample import Sample
from infra.progress import Silent
from tests.corpus import made

RECIPE = """\
name: drawings
budget_tokens: 100000
categories: {caption: {weight: 1}}
sources: {openclipart: {category: caption, reader: openclipart, package: openclipart-svg}}
"""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:cc="http://web.resource.org/cc/"><metadata>'
    "<cc:Work><dc:title>{title}</dc:title><dc:subject><rdf:Bag>{keywords}</rdf:Bag></dc:subject>"
    "<dc:language>{language}</dc:language></cc:Work></metadata>"
    '<circle cx="50" cy="50" r="{radius}" fill="rgb(255,{radius},0)"/></svg>'
)
TREE = below(["animals/birds/penguin", "animals/mammals/dogs", "food/fruit", "unsorted/birds"])


def drawn(root: Path, files: list[tuple[str, str, str, list[str]]]) -> list[Sample]:
    """The samples of drawings of these folders, titles, languages and keywords, by title."""
    held = {
        f"usr/share/openclipart/svg/{folder}/{n}.svg": SVG.format(
            title=title, language=language, radius=15 + 5 * n,
            keywords="".join(f"<rdf:li>{one}</rdf:li>" for one in keywords),
        ).encode()
        for n, (folder, title, language, keywords) in enumerate(files)
    }  # fmt: skip
    made.write_package(root / "shelf", "openclipart-svg", held, b"Public domain.")
    stock = building.gather(recipe.parse(RECIPE.encode(), "r"), Places(root, root, 2, 0), Silent())
    found = [stock.sample(row) for row in range(len(stock.tokens))]
    return sorted(found, key=lambda sample: sample.messages[-1].content)


def test_a_caption_is_in_the_declared_language_unless_it_surely_is_in_another(
    tmp_path: Path,
) -> None:
    found = drawn(
        tmp_path,
        [("animals", "A red bird", "en", []), ("animals", "Stormo di uccelli", "en", []),
         ("animals", "Vogel", "", []), ("animals", "Zicke", "German", [])],
    )  # fmt: skip
    assert [sample.language for sample in found] == ["en", "it", "und", "und"]
    told = {c.name: dict(c.parameters) for c in found[1].changes}["tell language"]
    assert told == {"declared": "en", "found": "it"}
    assert all(c.name != "tell language" for c in found[0].changes)


ITALIAN = ("Stormo di uccelli", "Tazza di caffe e latte", "Casa in campagna", "Mazzo di fiori",
           "Bottiglia di vino pregiato", "Come si dispongono le posate", "Lattine di birra",
           "Sacco a pelo per campeggio", "Tavolo in legno", "Sedia in legno", "Casa dei sogni")  # fmt: skip


def test_a_short_title_is_in_the_language_that_its_creator_s_titles_surely_are_in() -> None:
    facts = {
        f"{creator}{n}.svg": {
            "reason": "",
            "title": title,
            "description": "",
            "creators": [creator],
        }
        for creator, titles in (("Anna", ITALIAN), ("Bob", ITALIAN[:5]))
        for n, title in enumerate(titles)
    }
    verdicts = judge(titled(path, fact) for path, fact in facts.items())
    assert spoken(facts, verdicts) == {"Anna": "it"}
    assert in_language("Leone", Verdict("Leone"), "en", "it").language == "it"
    assert in_language("Leone", Verdict("Leone"), "en", None).language == "en"
    assert in_language("", Verdict("ne pas toucher"), "und", "it").language == "fr"


def test_what_is_spelled_out_in_english_does_not_make_a_title_english() -> None:
    found = in_language("", Verdict("Tazza di caffe e latte (black and white)"), "en", None)
    assert found.language == "it"


def test_a_caption_has_the_topic_that_its_folder_and_keywords_name(tmp_path: Path) -> None:
    found = drawn(
        tmp_path,
        [("animals/birds", "One", "en", []), ("animals", "Two", "en", ["Bird", "hash(0x8)"]),
         ("unsorted", "Unsorted one", "en", ["animal"]), ("unsorted", "Well", "en", ["water"])],
    )  # fmt: skip
    assert [sample.traits for sample in found] == [
        (("topic", "animals/birds"),), (("topic", "animals/birds"),), (("topic", "animals"),), (),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("folder", "keywords", "expected"),
    [
        ("animals", ["penguin"], "animals"),
        ("animals", ["penguin", "BIRDS"], "animals/birds/penguin"),
        ("animals", ["fruit", "dog"], "animals"),
        ("animals/mammals", ["dog", "bird"], "animals/mammals/dogs"),
        ("unsorted/birds", ["bird"], ""),
        ("", ["foods", "fruit"], "food/fruit"),
        ("", ["", "!", "food", "animal"], "animals"),
    ],
)
def test_keywords_lead_only_within_the_folder_that_was_reached(
    folder: str, keywords: list[str], expected: str
) -> None:
    assert topic(folder, keywords, TREE) == expected


@pytest.mark.parametrize(
    ("said", "language"),
    [("en", "en"), (" EN", "en"), ("English", "en"), ("eng", "en"), ("en_GB en_US", "en"), ("es-ES", "es"),
     ("All", "und"), ("N/A", "und"), ("", "und"), ("日本語", "und")],
)  # fmt: skip
def test_a_declared_language_is_read_however_it_is_written(said: str, language: str) -> None:
    assert declared_language(said) == language


@pytest.mark.parametrize(
    ("line", "language"),
    [("Tazza di caffe e latte", "it"), ("ne pas toucher", "fr"), ("红灯笼", "zh"), ("purple hat", None),
     ("Chocolate Soft Serve Ice Cream Cone", None), ("", None), ("42", None)],
)  # fmt: skip
def test_a_short_line_has_a_language_only_where_it_is_sure(line: str, language: str | None) -> None:
    assert surely(line) == language
