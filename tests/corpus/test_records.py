"""Texts from files and addresses: hostile lines are counted, the rest becomes a mixture."""

from __future__ import annotations

import gzip
import json
import resource
from pathlib import Path

import fsspec
import pytest
import zstandard

from corpus import build as building
from corpus import ledger, recipe
from corpus.build import Places
from corpus.funnel import Funnel
from corpus.lines import lines
from infra.errors import NotFound, Unavailable, UsageError
from infra.fetch import fetch
from infra.progress import Silent

RECIPE = """\
name: records
budget_tokens: 100000
categories: {{text: {{weight: 1}}}}
sources: {{lines: {{category: text, reader: jsonl, url: "{url}", licence: CC0-1.0}}}}
"""
WORDS = "The quick brown fox jumps over the lazy dog and runs away from here number"


def line(**record: object) -> bytes:
    return json.dumps(record).encode() + b"\n"


def stock_of(url: object, tmp_path: Path) -> building.Stock:
    chosen = recipe.parse(RECIPE.format(url=url).encode(), "r")
    return building.gather(chosen, Places(tmp_path, tmp_path / "cache", 1, 0), Silent())


def reasons(funnel: Funnel) -> dict[str, int]:
    return {row["reason"]: row["count"] for row in funnel.rows()}


def test_what_is_no_line_is_counted_and_the_lines_around_it_are_used(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(
        b"\xef\xbb\xbf" + line(text=f"{WORDS} 1")
        + b"not json\n[1]\n" + line(text=7) + line(text=" \x00 ") + line(words="none")
        + json.dumps({"text": "caf\u00e9"}, ensure_ascii=False).encode("latin-1") + b"\n"
        + json.dumps({"text": f"{WORDS} 2"}).encode("utf-16") + b"\n"
        + b'{"text": NaN}\n' + b"[" * 100_000 + b"\n" + b'{"text": ' + b"9" * 5000 + b"}\n"
        + line(text=f"{WORDS} \ud800 3") + line(text=f"{WORDS}\x00 4") + b'{"text": "cut'
    )  # fmt: skip
    stock = stock_of(file, tmp_path)
    texts = sorted(one.messages[0].content for one in stock.samples("lines"))
    assert texts == [f"{WORDS}  3", f"{WORDS} 1", f"{WORDS} 4"]
    found = reasons(stock.funnels[0])
    assert found["no text"] == 3
    assert found["not UTF-8"] >= 2
    assert {"not JSON", "not an object", "truncated line"} <= set(found)


def test_a_line_of_a_hundred_megabytes_takes_no_such_memory(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    with file.open("wb") as out:
        out.write(b'{"text": "')
        for _ in range(100):
            out.write(b"x" * (1 << 20))
        out.write(b'"}\n' + line(text=WORDS))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert [one.fault for one in lines(file)] == ["line too long", ""]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 80 << 10


def test_an_id_twice_with_other_content_is_told_from_the_same_record_twice(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(
        line(id="a", text=f"{WORDS} 1") + line(id="a", text=f"{WORDS} 2")
        + line(id="b", text=f"{WORDS} 3") + line(id="c", text=f"{WORDS} 3")
    )  # fmt: skip
    stock = stock_of(file, tmp_path)
    assert reasons(stock.funnels[0]) == {"the same document": 1, "an id of other content": 1}


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_compressed_file_is_read_and_a_cut_one_gives_what_it_holds(
    tmp_path: Path, suffix: str
) -> None:
    plain = b"".join(line(text=f"{WORDS} {n}") for n in range(50_000))
    data = gzip.compress(plain) if suffix == ".gz" else zstandard.compress(plain)
    file = tmp_path / f"a.jsonl{suffix}"
    file.write_bytes(data)
    assert sum(not one.fault for one in lines(file)) == 50_000
    file.write_bytes(data[: len(data) // 2])
    cut = list(lines(file))
    assert sum(not one.fault for one in cut) > 1000
    assert len(cut) < 40_000


def test_a_file_at_an_address_is_copied_once_and_again_when_it_changes(tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe("/bucket/a.jsonl", line(text=f"{WORDS} 1", topic="foxes", type="fable"))
    stock = stock_of("memory://bucket/a.jsonl", tmp_path)
    (one,) = stock.samples("lines")
    assert dict(one.traits) == {"topic": "foxes", "type": "fable"}
    assert one.origin.package == "memory://bucket/a.jsonl"
    memory.pipe("/bucket/a.jsonl", line(text=f"{WORDS} 1") + line(text=f"{WORDS} 2"))
    assert len(list(stock_of("memory://bucket/a.jsonl", tmp_path).samples("lines"))) == 2


@pytest.mark.parametrize(
    ("address", "kind"),
    [("memory://bucket/none", NotFound), ("/no/such/file", NotFound), ("nothing://a/b", UsageError),
     ("http://127.0.0.1:9/a", Unavailable)],
)  # fmt: skip
def test_an_address_that_does_not_answer_is_told(
    tmp_path: Path, address: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        fetch(address, tmp_path)


def test_what_a_recipe_states_of_a_file_stands_in_the_ledger_with_its_words(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"".join(line(text=f"{WORDS} {n}") for n in range(9)))
    chosen = recipe.parse(RECIPE.format(url=file).encode(), "r")
    built = building.build(chosen, Places(tmp_path, tmp_path / "cache", 1, 0), Silent())
    some = json.loads((built.root / "messages.jsonl").read_bytes().splitlines()[0])["id"]
    entry = ledger.why(built.root, some)
    assert entry["licence"]["name"] == "CC0-1.0"
    assert (built.root / entry["licence"]["text"]).read_text() == "The recipe states CC0-1.0.\n"


def test_a_source_of_lines_without_an_address_is_refused_with_its_line() -> None:
    text = RECIPE.format(url="a").replace('url: "a", ', "")
    with pytest.raises(UsageError, match=r"r:4: .*no url"):
        recipe.parse(text.encode(), "r")
