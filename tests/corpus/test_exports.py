"""A finished corpus in other formats: each opened by its own reader, order and content equal."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgpack
import pytest

from collector.cli.main import main
from corpus import build as building
from corpus import recipe
from corpus.build import Places
from corpus.exports import FORMATS, export
from corpus.exports.mds import COLUMNS
from corpus.shards import manifest
from corpus.shards.read import samples
from infra.errors import Conflict, Corrupt, NotFound, Unavailable
from infra.progress import Silent
from tests.corpus.made import lines
from tests.corpus.test_build import RECIPE, stock
from tests.peers import ask

SMALL = 60_000


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("exported")
    stock(root / "home", root / "cache")
    places = Places(root / "home", root / "cache", 1, 0)
    return building.build(recipe.parse(RECIPE.encode(), "r"), places, Silent()).root


@pytest.fixture(scope="module")
def made(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The export of the corpus in a format, made once."""
    root = tmp_path_factory.mktemp("exports")

    def made(to: str) -> Path:
        out = root / to
        if not out.exists():
            export(corpus, to, out, 0, Silent(), SMALL)
        return out

    return made


def rows(corpus: Path) -> list[dict[str, Any]]:
    """The samples as `messages.jsonl` has them."""
    return [json.loads(line) for line in (corpus / "messages.jsonl").read_bytes().splitlines()]


def contents(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_the_shards_give_what_the_messages_say(corpus: Path) -> None:
    stored = list(samples(corpus))
    assert [sample.record for sample in stored] == rows(corpus)
    for sample in stored:
        beside = [(corpus / name).read_bytes() for name in sample.record["images"]]
        assert [data for _, data in sample.pictures] == beside
    assert {len(sample.pictures) for sample in stored} >= {0, 1}


def picture(path: Path) -> list[Any]:
    import cv2

    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
    assert pixels is not None
    height, width = pixels.shape[:2]
    return [
        "PNG" if path.suffix == ".png" else "JPEG",
        [width, height],
        [int(c) for c in pixels[1, 1][::-1]],
    ]


@pytest.mark.parametrize("to", ["mds", "mds-zstd"])
def test_streaming_reads_its_format(
    corpus: Path, made: Callable[[str], Path], tmp_path: Path, to: str
) -> None:
    copy = shutil.copytree(made(to), tmp_path / to)  # it unpacks what it reads in its place
    read = ask("mds", verb="read", root=str(copy))
    shards = json.loads((made(to) / "index.json").read_bytes())["shards"]
    assert len(shards) > 1
    wanted = [
        {"traits": {}, **row, "images": [picture(corpus / name) for name in row["images"]]}
        for row in rows(corpus)
    ]
    assert read == wanted


def test_its_own_writer_would_have_written_the_same_bytes(
    corpus: Path, made: Callable[[str], Path], tmp_path: Path
) -> None:
    named = [
        {"traits": {}, **row, "images": [str(corpus / name) for name in row["images"]]}
        for row in rows(corpus)
    ]
    lines(tmp_path / "samples", named)
    ask(
        "mds", verb="write", root=str(tmp_path / "theirs"), source=str(tmp_path / "samples"),
        columns=COLUMNS, shard_bytes=SMALL, compression=None,
    )  # fmt: skip
    theirs, ours = contents(tmp_path / "theirs"), contents(made("mds"))
    assert theirs == {name: data for name, data in ours.items() if name in theirs}
    assert {name.partition("/")[0] for name in set(ours) - set(theirs)} == {
        "licences", "manifest.json", "manifest.sha256",
    }  # fmt: skip


@pytest.mark.filterwarnings("ignore")
def test_datasets_shows_pictures_as_images_and_messages_as_lists(
    corpus: Path, made: Callable[[str], Path], tmp_path: Path
) -> None:
    import datasets

    assert len(list((made("parquet") / "data").glob("train-*-of-*.parquet"))) > 1
    table = datasets.load_dataset(str(made("parquet")), split="train", cache_dir=str(tmp_path))
    assert table.features["images"] == datasets.List(datasets.Image())
    assert table.features["messages"].feature["role"] == datasets.Value("string")
    assert table[:]["id"] == [row["id"] for row in rows(corpus)]
    kept = table.cast_column("images", datasets.List(datasets.Image(decode=False)))
    for row, wanted in zip(kept, rows(corpus), strict=True):
        told = {"traits": {}, **wanted}
        assert {**row, "traits": json.loads(row["traits"]), "images": wanted["images"]} == told
        stored = [image["bytes"] for image in row["images"]]
        assert stored == [(corpus / name).read_bytes() for name in wanted["images"]]


def test_msgpack_reads_one_map_a_sample(corpus: Path, made: Callable[[str], Path]) -> None:
    files = sorted(made("msgpack").glob("*.msgpack"))
    assert len(files) > 1
    read = [row for file in files for row in msgpack.Unpacker(io.BytesIO(file.read_bytes()))]
    wanted = [
        {**row, "images": [{"path": n, "bytes": (corpus / n).read_bytes()} for n in row["images"]]}
        for row in rows(corpus)
    ]
    assert read == wanted


@pytest.mark.parametrize("to", sorted(FORMATS))
def test_an_export_twice_gives_equal_bytes_and_verifies(
    corpus: Path, made: Callable[[str], Path], tmp_path: Path, to: str
) -> None:
    again = export(corpus, to, tmp_path / "again", 0, Silent(), SMALL)
    assert contents(again.root) == contents(made(to))
    assert manifest.verify(again.root, Silent()) == []
    told = manifest.read(again.root)
    assert (told["export"], told["samples"]) == (to, len(rows(corpus)))
    assert told["corpus_sha256"] == manifest.seal(corpus)
    file = next(p for p in sorted(again.root.rglob("*")) if p.is_file() and p.suffix != ".sha256")
    file.write_bytes(file.read_bytes()[:-1] + b"\0")
    assert manifest.verify(again.root, Silent())


def test_a_changed_shard_is_refused_and_leaves_the_older_export(
    corpus: Path, tmp_path: Path
) -> None:
    export(corpus, "msgpack", tmp_path / "out", 0, Silent())
    before = contents(tmp_path / "out")
    shard = max((corpus / "shards").glob("*.tar"))
    data = shard.read_bytes()
    shard.write_bytes(data[:700] + bytes([data[700] ^ 1]) + data[701:])
    try:
        with pytest.raises(Corrupt):
            export(corpus, "msgpack", tmp_path / "out", 0, Silent())
    finally:
        shard.write_bytes(data)
    assert contents(tmp_path / "out") == before
    assert not (tmp_path / ".out.tmp").exists()


def test_what_is_no_export_is_not_replaced(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("dear")
    for out in (tmp_path, corpus):
        with pytest.raises(Conflict):
            export(corpus, "msgpack", out, 0, Silent())
    assert (tmp_path / "mine").read_text() == "dear"


def test_too_little_room_and_unknown_formats_are_said_first(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        export(corpus, "mds", tmp_path / "out", 1 << 60, Silent())
    with pytest.raises(NotFound) as caught:
        export(corpus, "parket", tmp_path / "out", 0, Silent())
    assert "parquet" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_an_export_killed_at_any_commit_point_leaves_the_older_or_none(
    corpus: Path, tmp_path: Path
) -> None:
    whole = contents(export(corpus, "msgpack", tmp_path / "whole", 0, Silent()).root)
    program = (
        "import sys; from pathlib import Path; from corpus.exports import export; from infra.progress import Silent\n"
        "export(Path(sys.argv[1]), 'msgpack', Path(sys.argv[2]), 0, Silent())"
    )
    killed = 0
    for at in range(1, 9):
        done = subprocess.run(
            [sys.executable, "-c", program, str(corpus), str(tmp_path / "out")], check=False,
            env={**os.environ, "CRASH_AT": str(at), "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        if done.returncode != -signal.SIGKILL:
            break
        killed += 1
        assert not (tmp_path / "out").exists()
    assert killed > 2
    assert contents(tmp_path / "out") == whole


def test_the_command_exports_and_verifies(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAWL_HOME", str(corpus.parent.parent))
    assert main(["corpus", "export", "small", "--to", "msgpack", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["samples"] == len(rows(corpus))
    assert main(["corpus", "verify", answer["export"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["faults"] == []
    assert main(["corpus", "export", "small", "--to", "mbs", "--json"]) == 3
    assert "mds" in json.loads(capsys.readouterr().out)["error"]["hint"]
