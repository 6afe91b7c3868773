"""A build from end to end on small real inputs: equal bytes, verified, explained, opened by others."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from collector.cli.main import main
from corpus import build as building
from corpus import ledger, recipe
from corpus.build import Places
from corpus.shards import manifest
from infra import disk, files
from infra.errors import Corrupt, NotFound, Unavailable
from infra.progress import Silent
from tests.corpus import made

RECIPE = """\
name: small
seed: 3
budget_tokens: 60000
context_tokens: 4096
shard_bytes: 65536
categories:
  agent: {weight: 3, floor: 0.1}
  caption: {weight: 1}
  text: {weight: 1}
sources:
  screens: {category: agent, reader: grounding, weight: 2}
  steps: {category: agent, reader: goals}
  openclipart: {category: caption, reader: openclipart, package: openclipart-svg}
  docs: {category: text, reader: sphinx, package: python3.11-doc}
  fortunes: {category: text, reader: fortunes, package: fortunes-zh}
"""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:cc="http://web.resource.org/cc/"><metadata><cc:Work><dc:title>{title}</dc:title></cc:Work></metadata>'
    '<circle cx="50" cy="50" r="{radius}" fill="rgb(255,{radius},0)"/></svg>'
)  # fmt: skip
GFDL = b"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: GPL-3.0+\n"


def stock(home: Path, cache: Path) -> None:
    made.write_samples(home)
    shelf = cache / "shelf"
    pictures = {
        f"usr/share/openclipart/svg/{n}.svg": SVG.format(
            title=f"Circle {w}", radius=20 + 5 * n
        ).encode()
        for n, w in enumerate(["one", "two", "three", "four", "five"])
    }
    pictures["usr/share/openclipart/svg/same.svg"] = SVG.format(title="Again", radius=20).encode()
    made.write_package(shelf, "openclipart-svg", pictures, b"Public domain, says a person.")
    page = "<html><body><div role='main'><h1>Page {n}</h1>{p}</div></body></html>"
    pages = {
        f"usr/share/doc/python3.11/html/library/p{n}.html": page.format(
            n=n,
            p="".join(
                f"<p>Paragraph {k} of page {n} says that number {k * n} is here.</p>"
                for k in range(30)
            ),
        ).encode()
        for n in range(4)
    }
    made.write_package(shelf, "python3.11-doc", pages, b"Free text.")
    sayings = "\n%\n".join(
        f"第{n}句话说的是春天的花和秋天的月亮，还有第{n * 7}个故事。" for n in range(20)
    )
    made.write_package(shelf, "fortunes-zh", {"usr/share/games/fortunes/a": sayings.encode()}, GFDL)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    root = tmp_path_factory.mktemp("corpus")
    stock(root / "home", root / "cache")
    return Places(root / "home", root / "cache", 2, 0)


@pytest.fixture(scope="module")
def built(places: Places) -> building.Built:
    return building.build(recipe.parse(RECIPE.encode(), "r"), places, Silent())


@dataclass
class Interrupts(Silent):
    """Presses Ctrl-C once so many shards are written."""

    did: list[int]
    after: int

    def advance(self, count: int = 1) -> None:
        self.did.append(count)
        if len([n for n in self.did if n]) > self.after:
            raise KeyboardInterrupt


def built_aside(places: Places, **environ: str) -> int:
    """Build in a process of its own with these faults; how it ended."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            os.environ.update(environ)
            files._points, disk._calls = itertools.count(1), itertools.count(1)
            here = Places(places.home, places.cache, 1, 0)
            building.build(recipe.parse(RECIPE.encode(), "r"), here, Silent())
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def tar_sample_sizes(data: bytes) -> Iterator[int]:
    """Bytes of each sample of an archive, its members together."""
    size, key = 0, ""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            name = member.name.partition(".")[0]
            if key and name != key:
                yield size
                size = 0
            key = name
            size += 512 + -(-member.size // 512) * 512
    yield size


def contents(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_the_same_build_twice_gives_equal_bytes_whatever_the_workers(
    places: Places, built: building.Built, tmp_path: Path
) -> None:
    before = contents(built.root)
    other = Places(places.home, tmp_path / "cache", 1, 0)
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "shelf").symlink_to(places.cache / "shelf")
    again = building.build(recipe.parse(RECIPE.encode(), "r"), other, Silent())
    assert again.sha256 == built.sha256
    assert contents(again.root) == before


def test_weights_floors_and_drops_are_in_the_stats(built: building.Built) -> None:
    stats = built.stats
    assert stats["by_category"]["agent"]["share"] >= 0.1
    assert stats["captioned_pictures"] == 5
    dropped = {row["reason"] for funnel in stats["funnel"] for row in funnel["dropped"]}
    assert "the same picture" in dropped
    assert any("exhausted" in note for note in stats["plan"]["notes"])


@pytest.mark.filterwarnings("ignore")
def test_a_foreign_reader_opens_every_shard(built: building.Built) -> None:
    import webdataset

    shards = sorted(str(p) for p in (built.root / "shards").glob("*.tar"))
    assert len(shards) > 1
    count = 0
    for sample in webdataset.WebDataset(shards, shardshuffle=False, empty_check=False):
        record = json.loads(sample["json"])
        pictures = [key for key in sample if key.split(".")[-1] in {"png", "jpg"}]
        assert len(pictures) == len(record["images"])
        assert sample["__key__"] == record["id"]
        count += 1
    assert count == built.stats["samples"]


@pytest.mark.filterwarnings("ignore")
def test_a_foreign_reader_opens_the_messages(built: building.Built, tmp_path: Path) -> None:
    import datasets

    path = str(built.root / "messages.jsonl")
    table = datasets.load_dataset("json", data_files=path, split="train", cache_dir=str(tmp_path))
    assert len(table) == built.stats["samples"]
    for row in table:
        assert all((built.root / image).is_file() for image in row["images"])
        assert row["messages"][-1]["role"] == "assistant"


def test_every_sample_says_where_it_came_from(built: building.Built) -> None:
    for line in (built.root / "messages.jsonl").read_bytes().splitlines():
        record = json.loads(line)
        entry = ledger.why(built.root, record["id"])
        assert entry["id"] == record["id"]
        assert (built.root / entry["licence"]["text"]).is_file()
        shard = (built.root / entry["shard"]).read_bytes()
        name = shard[entry["offset"] : entry["offset"] + 100].rstrip(b"\0").decode()
        assert name.startswith(record["id"])


@pytest.mark.parametrize("name", ["", "text-zzz", "agent-", "nothing"])
def test_an_id_that_is_none_or_several_is_refused(built: building.Built, name: str) -> None:
    with pytest.raises(NotFound):
        ledger.why(built.root, name)


def test_verify_finds_any_flipped_missing_or_extra_byte(built: building.Built) -> None:
    assert manifest.verify(built.root, Silent()) == []
    for path in sorted(p for p in built.root.rglob("*") if p.is_file()):
        data = path.read_bytes()
        for at in {0, len(data) // 2, len(data) - 1} if data else set():
            path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            assert manifest.verify(built.root, Silent()), (path, at)
        path.write_bytes(data + b"x")
        assert manifest.verify(built.root, Silent()), path
        path.write_bytes(data)
    extra = built.root / "images" / "extra"
    extra.write_bytes(b"")
    assert manifest.verify(built.root, Silent())
    extra.unlink()
    assert manifest.verify(built.root, Silent()) == []


def test_a_build_killed_at_any_commit_point_leaves_the_old_corpus_or_the_new(
    places: Places, built: building.Built
) -> None:
    before = contents(built.root)
    at, points = 0, 0
    while True:
        at += 1
        code = built_aside(places, CRASH_AT=str(at))
        assert not built.root.exists() or contents(built.root) == before
        if code == 0:
            break
        points += 1
        if points % 4 == 0:  # some are left for the next one to go on from
            building.build(recipe.parse(RECIPE.encode(), "r"), places, Silent())
            assert contents(built.root) == before
    assert contents(built.root) == before
    assert points > 20
    left = sorted(p.name for p in (places.home / "corpora").iterdir())
    assert left == [".small.lock", "small"]


def test_a_killed_build_goes_on_with_the_shards_that_are_whole(
    places: Places, built: building.Built
) -> None:
    chosen = recipe.parse(RECIPE.replace("small", "going-on").encode(), "r")
    whole = contents(building.build(chosen, places, Silent()).root)
    shutil.rmtree(places.corpus("going-on"))
    did: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        building.build(chosen, places, Interrupts(did, after=2))
    parts = places.home / "corpora" / ".going-on.tmp" / "parts"
    receipts = sorted(parts.glob("*.receipt"))
    assert receipts
    shard = parts.parent / "shards" / "shard-000000.tar"
    shard.write_bytes(shard.read_bytes()[:-1])  # a torn one is made again
    kept = [path.stat().st_ino for path in receipts[1:]]
    did.clear()
    building.build(chosen, places, Interrupts(did, after=10**9))
    assert did[0] > 0
    assert kept is not None
    assert contents(places.corpus("going-on")) == whole


def test_a_full_disk_leaves_the_old_corpus_and_what_was_written_serves_the_next_build(
    places: Places, built: building.Built
) -> None:
    before = contents(built.root)
    failed = 0
    for at in range(1, 400, 7):
        failed += built_aside(places, FAIL_AT=str(at)) != 0
        assert contents(built.root) == before, at
    assert failed > 3
    building.build(recipe.parse(RECIPE.encode(), "r"), places, Silent())
    assert contents(built.root) == before


def test_every_shard_is_as_large_as_it_was_said_to_be(built: building.Built) -> None:
    shards = sorted((built.root / "shards").glob("*.tar"))
    assert len(shards) > 2
    assert all(shard.stat().st_size <= 65536 for shard in shards[:-1] if len(shards) > 1)
    for shard, after in itertools.pairwise(shards):
        first = after.read_bytes()
        members = list(tar_sample_sizes(first))
        assert shard.stat().st_size + members[0] > 65536, "the next sample would have fitted"


@pytest.mark.timeout(280)
def test_a_cluster_of_ray_writes_the_same_bytes(
    places: Places, built: building.Built, tmp_path: Path
) -> None:
    before = contents(built.root)
    program = (
        "import sys; from pathlib import Path; from corpus import build, recipe; from infra.progress import Silent\n"
        "build.build(recipe.parse(Path(sys.argv[3]).read_bytes(), 'r'), build.Places(Path(sys.argv[1]), "
        "Path(sys.argv[2]), 2, 0, 'ray'), Silent())"
    )
    home = tmp_path / "home"
    shutil.copytree(places.home, home, ignore=shutil.ignore_patterns("corpora"))
    (home / "r.yaml").write_text(RECIPE)
    subprocess.run(
        [sys.executable, "-c", program, str(home), str(places.cache), str(home / "r.yaml")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, check=True,
    )  # fmt: skip
    assert contents(home / "corpora" / "small") == before


@pytest.mark.parametrize(("trait", "value"), [("source", "fortunes"), ("licence", "GPL-3.0+")])
def test_what_is_dropped_is_gone_as_if_the_recipe_had_never_had_it(
    places: Places, trait: str, value: str
) -> None:
    whole = building.build(
        recipe.parse(RECIPE.replace("small", "dropped").encode(), "r"), places, Silent()
    )
    assert "fortunes" in whole.stats["by_source"]
    got = building.drop(places, "dropped", trait, value, Silent())
    assert "fortunes" not in got.stats["by_source"]
    assert b"fortunes" not in (got.root / "ledger.jsonl").read_bytes()
    before = contents(got.root)
    text = RECIPE.replace("small", "dropped") + f"without: {{{trait}: [{value}]}}\n"
    fresh = building.build(recipe.parse(text.encode(), "r"), places, Silent())
    assert contents(fresh.root) == before
    assert manifest.verify(fresh.root, Silent()) == []


def test_one_sample_can_be_dropped_and_what_is_not_there_is_told(places: Places) -> None:
    whole = building.build(
        recipe.parse(RECIPE.replace("small", "one").encode(), "r"), places, Silent()
    )
    some = json.loads((whole.root / "messages.jsonl").read_bytes().splitlines()[0])["id"]
    got = building.drop(places, "one", "id", some, Silent())
    with pytest.raises(NotFound):
        ledger.why(got.root, some)
    with pytest.raises(NotFound, match="fortune'") as caught:
        building.drop(places, "one", "source", "fortune", Silent())
    assert "fortunes" in caught.value.hint


def test_bad_lines_and_screens_are_counted_and_the_rest_is_used(
    places: Places, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    made.write_samples(home)
    path = home / "samples" / "agent" / "grounding.jsonl"
    blobs = sorted((home / "samples" / "agent" / "blobs").glob("??/*"))
    blobs[0].write_bytes(b"changed")
    good = path.read_text()
    path.write_text("not json\n[]\n" + '{"a": NaN}\n' + good + good[: len(good) // 9])
    chosen = recipe.parse(RECIPE.encode(), "r")
    gathered = building.gather(chosen, Places(home, places.cache, 1, 0), Silent())
    reasons = {row["reason"] for funnel in gathered.funnels for row in funnel.rows()}
    assert {
        "not JSON",
        "not an object",
        "truncated line",
        "its screen was changed on disk",
    } <= reasons
    assert list(gathered.samples("screens"))


def test_missing_inputs_name_the_command_that_makes_them(places: Places, tmp_path: Path) -> None:
    chosen = recipe.parse(RECIPE.encode(), "r")
    with pytest.raises(NotFound) as caught:
        building.gather(chosen, Places(tmp_path, places.cache, 1, 0), Silent())
    assert "trawl ground build" in caught.value.hint
    with pytest.raises(NotFound) as caught:
        building.gather(chosen, Places(places.home, tmp_path, 1, 0), Silent())
    assert "trawl corpus shelf" in caught.value.hint


def test_a_changed_shelf_file_is_refused(tmp_path: Path) -> None:
    stock(tmp_path / "home", tmp_path / "cache")
    page = next((tmp_path / "cache" / "shelf").glob("python*/files/**/p1.html"))
    page.write_bytes(page.read_bytes() + b" ")
    with pytest.raises(Corrupt):
        building.gather(
            recipe.parse(RECIPE.encode(), "r"),
            Places(tmp_path / "home", tmp_path / "cache", 1, 0),
            Silent(),
        )


def test_too_little_room_is_said_before_anything_is_written(places: Places) -> None:
    full = Places(places.home, places.cache, 1, 1 << 60)
    chosen = recipe.parse(RECIPE.replace("small", "roomy").encode(), "r")
    with pytest.raises(Unavailable):
        building.build(chosen, full, Silent())
    assert not full.corpus("roomy").exists()


def test_the_commands_answer_in_one_document(
    places: Places,
    built: building.Built,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TRAWL_HOME", str(places.home))
    monkeypatch.setenv("TRAWL_CACHE", str(places.cache))
    some = json.loads((built.root / "messages.jsonl").read_bytes().splitlines()[0])["id"]
    for words in (["verify", "small"], ["stats", "small"], ["why", some, "--corpus", "small"]):
        assert main(["corpus", *words, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)
    assert main(["corpus", "stats", "nothing", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "not_found"


def test_packages_compressed_pages_are_bounded(tmp_path: Path) -> None:
    from corpus.categories.text.documents import extract

    bomb = gzip.compress(b"a" * (33 << 20))
    answer = extract({"reader": "roff", "path": "a.1.gz", "data": bomb})
    assert answer["reason"] == "unpacks to more than is read"
