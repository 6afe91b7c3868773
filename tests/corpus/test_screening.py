"""Each operator of a recipe does its work on documents and says what it did."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

from corpus import tokens
from corpus.categories import text
from corpus.categories.base import Context
from corpus.categories.document import Document
from corpus.funnel import Funnel
from corpus.pages.block import Block
from corpus.recipe import Operators, Source
from corpus.sample import Licence, Origin, Sample
from corpus.shelf import Shelf
from infra.progress import Silent
from tests.corpus.operators import test_quality
from tests.corpus.operators.test_near import english

ORIGIN = Licence("dep5", "GPL-2.0", "0" * 64)


def context(root: Path, operators: Operators) -> Context:
    return Context(
        home=root, cache=root, shelf=Shelf(root), operators=operators,
        sources={"docs": Source(category="text", reader="sphinx", package="docs")},
        tokenizer="tekken-240911", text=tokens.text_counter("tekken-240911"),
        tower=tokens.tower("moonvit"), context_tokens=8192, workers=1, funnel=Funnel("text"),
        progress=Silent(),
    )  # fmt: skip


def document(name: str, *blocks: str) -> Document:
    origin = Origin("docs", "1", f"{name}.html", "0" * 64, ORIGIN)
    return Document("docs", "", tuple(map(Block, blocks)), {"en": 1000}, origin, ())


def made(given: Context, documents: Sequence[Document]) -> list[Sample]:
    return list(text.make(text.dedup(text.filter(documents, given), given), given))


def drops(given: Context) -> dict[tuple[str, str], list[str]]:
    return {(row["step"], row["reason"]): row["examples"] for row in given.funnel.rows()}


def test_a_near_duplicate_is_dropped_and_names_what_it_is_near(tmp_path: Path) -> None:
    draw = random.Random(1)
    words = english(1, 300).split(" ")
    words[draw.randrange(300)] = "changed"
    documents = [document("a", english(1, 300)), document("b", " ".join(words))]
    given = context(tmp_path, Operators(near_duplicates=0.8))
    assert [sample.origin.file for sample in made(given, documents)] == ["a.html"]
    (example,) = drops(given)["near duplicates", "near an earlier document"]
    assert example.startswith("b.html# is 0.9")
    assert example.endswith("of a.html#")
    assert len(made(context(tmp_path, Operators()), documents)) == 2


def test_personal_data_is_masked_through_a_document_and_told_in_its_changes(
    tmp_path: Path,
) -> None:
    mail = document("a", english(1), "Ask ann@web.de.", "Or bob@web.de, not ann@web.de.")
    (sample,) = made(context(tmp_path, Operators(personal="mask")), [mail])
    content = sample.messages[0].content
    assert content.endswith("Ask [EMAIL_1].\n\nOr [EMAIL_2], not [EMAIL_1].")
    (change,) = sample.changes
    assert (change.name, change.parameters) == ("mask personal data", (("EMAIL", 3),))


def test_documents_with_personal_data_can_be_dropped(tmp_path: Path) -> None:
    given = context(tmp_path, Operators(personal="drop"))
    documents = [document("a", english(1), "Ask ann@web.de."), document("b", english(2))]
    assert [sample.origin.file for sample in made(given, documents)] == ["b.html"]
    assert drops(given) == {("personal", "personal data or secrets"): ["a.html#: 1 EMAIL"]}


def test_what_shares_a_run_with_an_evaluation_set_is_dropped_and_names_it(tmp_path: Path) -> None:
    item = " ".join(english(7).split(" ")[:20])
    place = tmp_path / "exam.jsonl"
    place.write_text(json.dumps({"question": item}) + "\n")
    given = context(tmp_path, Operators(decontaminate=[str(place)]))
    documents = [document("a", english(1), f"Now: {item}!"), document("b", english(2))]
    assert [sample.origin.file for sample in made(given, documents)] == ["b.html"]
    (example,) = drops(given)["decontaminate", "shares words with an evaluation set"]
    assert example == "a.html# and exam.jsonl"


LAMP = "Then a man with a lamp called from the far side, and all of them listened."
PROSE = "The people of the town {0} had to move, and they did it with boats. That was in {0}."


def test_rules_of_quality_drop_english_pages_and_say_which(tmp_path: Path) -> None:
    given = context(tmp_path, Operators(quality=["gopher"]))
    documents = [
        document("good", test_quality.PROSE, LAMP),
        document("bad", test_quality.PROSE * 9),
    ]
    assert [sample.origin.file for sample in made(given, documents)] == ["good.html"]
    assert drops(given) == {("gopher", "repeated runs of 5 words"): ["bad.html#"]}


def test_lines_that_c4_drops_are_gone_and_counted_in_the_changes(tmp_path: Path) -> None:
    good = tuple(PROSE.format(f"of river {n}") for n in range(9))
    given = context(tmp_path, Operators(quality=["c4"]))
    documents = [document("a", "A title", *good, "Menu | Home\nIt was late, she said.[3]"),
                 document("b", *good, "if (x) { return; } else { stop it now; }.")]  # fmt: skip
    (sample,) = made(given, documents)
    assert sample.messages[0].content == "\n\n".join((*good, "It was late, she said."))
    assert sample.changes[0].parameters == (("rules", "c4"), ("dropped_lines", 2))
    assert drops(given)["c4", "a curly bracket"] == ["b.html#"]
