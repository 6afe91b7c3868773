"""A category is scanned once, what was kept is proved before it is used, and a lie is found."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import tokens
from corpus.categories.base import Context
from corpus.categories.gate import pass_sound
from corpus.funnel import Funnel
from corpus.operators import worth
from corpus.recipe import Operators, Recipe
from corpus.sample import Change, Licence, Origin, Picture, Sample, Turn
from corpus.select import Pick
from corpus.shards.chat import encoded
from corpus.shelf import Shelf
from corpus.store import Stock, scan
from corpus.store.inventory import Inventory, Writer
from corpus.store.record import decode, encode
from corpus.store.stock import cells
from infra.errors import Conflict, Corrupt
from infra.progress import Silent

TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
ORIGIN = Origin("p", "1", "f", "0" * 64, Licence("text", "CC0-1.0", "0" * 64))


def sample(name: str, text: str = "hello", **more: Any) -> Sample:
    made = Sample(
        f"text-{name}", "text", "docs", "document", "en", (Turn("assistant", text),), (),
        len(text), 0, ORIGIN, (),
    )  # fmt: skip
    return dataclasses.replace(made, **more)


def inventory(root: Path, samples: Iterable[Sample]) -> Inventory:
    root.mkdir(parents=True)
    funnel = Funnel("text")
    with Writer(root) as writer:
        for one in samples:
            writer.add(one)
        writer.finish(funnel)
    return Inventory(root)


@dataclasses.dataclass
class Lines:
    """A category over a list of texts, which counts how often it is read."""

    texts: list[str]
    reads: int = 0
    meanwhile: Callable[[], None] = lambda: None
    READERS: tuple[str, ...] = ("lines",)

    def inputs(self, context: Context) -> Iterator[str]:
        yield from self.texts

    def read(self, context: Context) -> Iterator[str]:
        self.reads += 1
        for text in list(self.texts):
            context.funnel.enter("docs")
            yield text
        self.meanwhile()

    def filter(self, items: Iterable[str], context: Context) -> Iterator[str]:
        return iter(items)

    def dedup(self, items: Iterable[str], context: Context) -> Iterator[str]:
        return iter(items)

    def make(self, items: Iterable[str], context: Context) -> Iterator[Sample]:
        return (sample(f"{n:03d}", text) for n, text in enumerate(items))

    def validate(self, samples: Iterable[Sample], context: Context) -> Iterator[Sample]:
        return pass_sound(samples, context)


def context(cache: Path) -> Context:
    return Context(
        cache, cache, Shelf(cache), {}, Operators(), "tekken-240911", tokens.text_counter("tekken-240911"),
        tokens.tower("moonvit"), 4096, 1, Funnel("text"), Silent(),
    )  # fmt: skip


@given(st.lists(st.tuples(TEXT, TEXT), max_size=3), TEXT, st.integers(0, 1 << 40))
def test_a_sample_is_the_same_after_it_was_kept(
    pairs: list[tuple[str, str]], text: str, number: int
) -> None:
    one = sample(
        "1", text,
        pictures=(Picture("0" * 64, 3, 4, "png", Path("/a")),),
        changes=(Change("cut", (("piece", number), ("of", [1, 2]))),),
        traits=tuple(pairs),
        scores=(("letters", 0.125),),
    )  # fmt: skip
    assert decode(encode(one)) == one


def test_a_category_is_read_once_until_what_it_reads_changes(tmp_path: Path) -> None:
    lines = Lines(["a text", "another"])
    first = scan("text", lines, context(tmp_path))
    again = context(tmp_path)
    second = scan("text", lines, again)
    assert lines.reads == 1
    assert list(second.samples()) == list(first.samples())
    assert second.funnel.record() == first.funnel.record()
    lines.texts.append("a third")
    assert len(scan("text", lines, context(tmp_path))) == 3
    assert lines.reads == 2


def test_a_source_that_changes_while_it_is_read_is_refused_and_nothing_is_kept(
    tmp_path: Path,
) -> None:
    lines = Lines(["a text"])
    lines.meanwhile = lambda: lines.texts.append("late")
    with pytest.raises(Conflict, match="changed while it was read"):
        scan("text", lines, context(tmp_path))
    assert list((tmp_path / "corpus" / "inventories").iterdir()) == []


@pytest.mark.parametrize("name", ["rows.npy", "uses.npy", "about"])
def test_a_kept_scan_that_was_changed_is_made_again(tmp_path: Path, name: str) -> None:
    lines = Lines(["a text", "another"])
    kept = scan("text", lines, context(tmp_path))
    data = bytearray((kept.root / name).read_bytes())
    data[-1] ^= 1
    (kept.root / name).write_bytes(data)
    assert len(scan("text", lines, context(tmp_path))) == 2
    assert lines.reads == 2


def test_a_record_that_was_changed_is_told_and_not_used(tmp_path: Path) -> None:
    kept = inventory(tmp_path / "a", [sample("1"), sample("2")])
    data = bytearray((kept.root / "records").read_bytes())
    data[5] ^= 1
    (kept.root / "records").write_bytes(data)
    with pytest.raises(Corrupt, match="record"):
        list(kept.samples())


def test_a_scan_whose_picture_is_gone_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(b"picture")
    picture = Picture("0" * 64, 3, 4, "png", tmp_path / "p.png")
    kept = inventory(tmp_path / "a", [sample("1", pictures=(picture,))])
    assert kept.is_whole()
    (tmp_path / "p.png").unlink()
    assert not kept.is_whole()


def test_of_samples_with_one_id_the_first_stays_and_the_others_are_counted(tmp_path: Path) -> None:
    kept = inventory(tmp_path / "a", [sample("2"), sample("1"), sample("2"), sample("1", "other")])
    assert [one.messages[0].content for one in kept.samples()] == ["hello", "hello"]
    assert {row["reason"]: row["count"] for row in kept.funnel.rows()} == {
        "the same sample twice": 1,
        "an id of other content": 1,
    }
    assert kept.funnel.kept == {"docs": 2}


@given(
    texts=st.lists(TEXT, min_size=1, max_size=5),
    epoch=st.integers(0, 12),
    at=st.integers(0, 99_999),
)
def test_the_size_of_a_line_is_known_before_it_is_written(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], epoch: int, at: int
) -> None:
    made = [
        sample(f"{n:03d}", text.encode("utf-8", "replace").decode()) for n, text in enumerate(texts)
    ]
    kept = inventory(tmp_path_factory.mktemp("i") / "a", made)
    longer = (len(f"-r{epoch}") if epoch else 0) + len(str(at)) - 1
    for row, one in zip(kept.rows, made, strict=True):
        assert int(row["line"]) + longer == len(encoded(Pick(one, epoch), at))


def recipe(**more: object) -> Recipe:
    return Recipe.model_validate(
        {
            "name": "a",
            "budget_tokens": 1000,
            "categories": {"text": {"weight": 8.0}},
            "sources": {
                "docs": {"category": "text", "reader": "sphinx"},
                "pages": {"category": "text", "reader": "roff"},
            },
            **more,
        }
    )


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    made = [
        sample("1", topic) if not topic else sample("1" + topic, traits=(("topic", topic),))
        for topic in ("animals/birds", "animals", "animalsome", "food")
    ]
    made += [sample("9", language="zh"), sample("8", source="pages")]
    kept = inventory(tmp_path / "a", made)
    return Stock((kept,), (Funnel("text"),))


def test_samples_fall_into_the_cells_that_the_recipe_tells_apart(stock: Stock) -> None:
    found = cells(recipe(), stock)
    assert [(cell.source, cell.tokens) for cell, _ in found] == [("docs", 25), ("pages", 5)]
    told = cells(recipe(quotas=[{"by": "language", "of": "en", "min": 0.1}]), stock)
    assert [cell.traits for cell, _ in told] == [
        {"language": "en"},
        {"language": "zh"},
        {"language": "en"},
    ]
    assert sorted(np.concatenate([rows for _, rows in told])) == list(range(6))


def test_a_quota_on_a_node_of_a_taxonomy_takes_in_what_lies_below_it(stock: Stock) -> None:
    told = cells(recipe(quotas=[{"by": "topic", "of": "animals", "min": 0.1}]), stock)
    assert sum(len(rows) for cell, rows in told if cell.has("topic", "animals")) == 2


def test_a_score_stands_beside_its_sample_whatever_the_order_and_bounds_leave_samples_out(
    tmp_path: Path,
) -> None:
    made = [sample(f"{n}", scores=(("letters", n / 10),) if n % 2 else ()) for n in (7, 3, 2, 5, 3)]
    kept = inventory(tmp_path / "a", made)
    assert kept.rows["id"].tolist() == [b"text-2", b"text-3", b"text-5", b"text-7"]
    found = kept.scores["letters"].tolist()
    assert np.isnan(found[0])
    assert found[1:] == pytest.approx([0.3, 0.5, 0.7])
    stock = Stock((kept,), (Funnel("text"),))
    (docs, _) = cells(recipe(scores={"letters": {"min": 0.4, "max": 0.6}}), stock)
    assert docs[1].tolist() == [0, 2]
    assert {row["reason"]: row["count"] for row in stock.funnels[0].rows()} == {
        "letters is not from 0.4 to 0.6": 2
    }


def test_scores_are_what_they_say() -> None:
    assert worth.compression("the same " * 200) < 0.05 < worth.compression("a word of its own") <= 1
    assert worth.letters("1 | 2 | 3\n") == 0
    assert worth.letters("只有 letters") == 1
    assert worth.letters("") == 0


def test_a_recipe_lets_in_only_what_it_names_and_counts_the_rest(stock: Stock) -> None:
    found = cells(recipe(only={"language": ["zh"]}), stock)
    assert [(cell.source, len(rows)) for cell, rows in found] == [("docs", 1), ("pages", 0)]
    (row, other) = sorted(stock.funnels[0].rows(), key=lambda row: -row["count"])
    assert (row["step"], row["reason"], row["count"]) == ("only", "language is en", 4)
    assert other["source"] == "pages"
