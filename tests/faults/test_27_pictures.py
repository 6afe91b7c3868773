"""Fault 27: pictures that are bombs, cut, short of rows, of another size or two things at once."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import zstandard

from collector.gallery.assets import WIDEST_PX
from corpus.categories.agent import png, samples
from corpus.categories.caption.render import render
from corpus.operators.images.admit import shown
from envs.recording import codec
from grounding import pictures
from infra.blobs import Blobs
from infra.errors import Corrupt, HostileInput
from tests.corpus import made

SIZE = (40, 30)
WHOLE = pictures.png(made.screen(*SIZE, seed=1))
HEAD = struct.Struct(">IIBBBBB")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def built(width: int, height: int, rows: bytes, *, depth: int = 8, interlaced: int = 0) -> bytes:
    head = HEAD.pack(width, height, depth, 2, 0, 0, interlaced)
    return png.MARK + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def rows(count: int) -> bytes:
    return zlib.compress(bytes(count * (1 + 3 * SIZE[0])))


BAD = {
    "bomb by its size": built(30_000, 30_000, zlib.compress(bytes(9))),
    "bomb by its rows": built(*SIZE, zlib.compress(bytes(50_000_000))),
    "one row short": built(*SIZE, rows(SIZE[1] - 1)),
    "one row more": built(*SIZE, rows(SIZE[1] + 1)),
    "rows without an end": built(*SIZE, rows(SIZE[1])[:-4]),
    "rows that are noise": built(*SIZE, b"\x00" * 99),
    "no rows": png.MARK + chunk(b"IHDR", HEAD.pack(*SIZE, 8, 2, 0, 0, 0)) + chunk(b"IEND", b""),
    "another size": pictures.png(made.screen(SIZE[0] + 1, SIZE[1], seed=1)),
    "no size": built(0, 0, rows(0)),
    "interlaced": built(*SIZE, rows(SIZE[1]), interlaced=1),
    "sixteen bits said, eight there": built(*SIZE, rows(SIZE[1]), depth=16),
    "an archive behind its end": WHOLE + b"PK\x03\x04" + bytes(60),
    "a second end": WHOLE + WHOLE[-12:],
    "a page before it": b"<html>" + WHOLE,
    "a wrong checksum": WHOLE[:40] + bytes([WHOLE[40] ^ 1]) + WHOLE[41:],
    "another kind": b"\xff\xd8\xff\xe0" + WHOLE[4:],
    "nothing": b"",
}


def test_a_whole_picture_is_whole() -> None:
    assert png.fault(WHOLE, SIZE) == ""


def test_what_opencv_writes_is_whole() -> None:
    for shape in ((30, 40, 3), (30, 40), (30, 40, 4), (1, 1, 3)):
        written = cv2.imencode(".png", np.full(shape, 77, np.uint8))[1].tobytes()
        assert png.fault(written, (shape[1], shape[0])) == ""


@pytest.mark.parametrize("name", BAD)
def test_a_bad_screen_is_refused_by_reason_and_never_a_sample(tmp_path: Path, name: str) -> None:
    blobs = Blobs(tmp_path)
    picture, reason = samples.screen(blobs, blobs.put(BAD[name]), SIZE)
    assert picture is None
    assert reason in {png.NOT_WHOLE, png.OTHER_SIZE}


RECORDED = codec.pack_pixels(made.screen(*SIZE, seed=1))
BAD_RECORDED = {
    "bomb": zstandard.ZstdCompressor().compress(bytes(50_000_000)),
    "one row short": codec.pack_pixels(made.screen(SIZE[0], SIZE[1] - 1, seed=1)),
    "one row more": codec.pack_pixels(made.screen(SIZE[0], SIZE[1] + 1, seed=1)),
    "cut": RECORDED[:-1],
    "no size said": RECORDED[:4] + bytes([0]) + RECORDED[5:],
    "a picture of another kind": WHOLE,
    "nothing": b"",
}


def test_a_recorded_screen_is_a_whole_picture(tmp_path: Path) -> None:
    sha256 = Blobs(tmp_path / "samples" / "agent" / "blobs").put(RECORDED)
    picture, reason = samples.Screens(tmp_path, tmp_path / "cache").picture(sha256, SIZE)
    assert reason == ""
    assert picture is not None
    assert png.fault(picture.path.read_bytes(), SIZE) == ""


@pytest.mark.parametrize("name", BAD_RECORDED)
def test_a_bad_recorded_screen_is_refused_and_never_a_sample(tmp_path: Path, name: str) -> None:
    sha256 = Blobs(tmp_path / "samples" / "agent" / "blobs").put(BAD_RECORDED[name])
    picture, reason = samples.Screens(tmp_path, tmp_path / "cache").picture(sha256, SIZE)
    assert picture is None
    assert reason == "its screen was changed on disk"


def test_a_screen_cut_at_any_byte_is_refused() -> None:
    assert all(png.fault(WHOLE[:cut], SIZE) for cut in range(len(WHOLE)))


def test_any_flipped_byte_of_a_screen_is_noticed() -> None:
    flipped = (WHOLE[:at] + bytes([b ^ 1]) + WHOLE[at + 1 :] for at, b in enumerate(WHOLE))
    assert all(png.fault(data, SIZE) for data in flipped)


@pytest.mark.parametrize("name", ["bomb by its size", "nothing", "a page before it"])
def test_the_gallery_decodes_no_bomb_and_no_junk(name: str) -> None:
    with pytest.raises((HostileInput, Corrupt)):
        shown(BAD[name] or b"\x00", WIDEST_PX)


def red(path: Path) -> None:
    cv2.imwrite(str(path), np.full((50, 50, 3), (0, 0, 255), np.uint8))


def drawings(path: Path) -> Iterator[tuple[str, str]]:
    """Drawings that ask for the file at `path`, in the ways a drawing can."""
    inner = (
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{path}" width="9" height="9"/></svg>'
    )
    nested = "data:image/svg+xml;base64," + base64.b64encode(inner.encode()).decode()
    for name, address in (
        ("path", str(path)),
        ("file", f"file://{path}"),
        ("relative", path.name),
        ("nested", nested),
        ("padded", f"  file://{path}"),
        ("case", f"FILE://{path}"),
    ):
        yield name, f'<image href="{address}" width="100" height="100"/>'
        yield f"xlink {name}", f'<image xlink:href="{address}" width="100" height="100"/>'
    yield "style", f"<rect width='100' height='100' style='fill:url(file://{path})'/>"
    yield "sheet", f"<style>rect{{fill:url({path})}}</style><rect width='100' height='100'/>"


@pytest.mark.parametrize("styled", [False, True])
def test_no_drawing_shows_a_file_of_the_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, styled: bool
) -> None:
    red(tmp_path / "secret.png")
    monkeypatch.chdir(tmp_path)
    dot = '<circle cx="10" cy="10" r="9" fill="blue"/>' + ("<style>a{}</style>" if styled else "")
    for name, asks in drawings(tmp_path / "secret.png"):
        drawn = render(
            {
                "data": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"'
                f' xmlns:xlink="http://www.w3.org/1999/xlink">{dot}{asks}</svg>'.encode(),
                "side_px": 100,
            }
        )
        if "data" in drawn:
            pixels = cv2.imdecode(np.frombuffer(drawn["data"], np.uint8), cv2.IMREAD_COLOR)
            reds = (pixels[..., 2] > 200) & (pixels[..., 1] < 90) & (pixels[..., 0] < 90)
            assert not reds.any(), name
        else:
            assert drawn["reason"], name


@pytest.mark.parametrize(
    "uri",
    [
        "data:image/png;base64," + base64.b64encode(BAD["bomb by its size"]).decode(),
        "data:image/png;base64," + base64.b64encode(BAD["one row short"]).decode(),
        "data:image/png;base64,AAAA",
        "data:,",
    ],
)
def test_a_bad_picture_inside_a_drawing_leaves_the_drawing_or_refuses_it(uri: str) -> None:
    drawn = render(
        {
            "data": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
            b'<circle cx="50" cy="50" r="40" fill="red"/><image href="' + uri.encode() + b'"'
            b' width="9" height="9"/></svg>',
            "side_px": 64,
        }
    )
    assert drawn.get("reason") or (drawn["width"], drawn["height"]) == (64, 64)
