"""Admission of pictures: every form stands upright on white, every bad file is refused by name."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import cv2
import numpy as np
import pytest
import simplejpeg
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.operators.images import header
from corpus.operators.images.admit import Rules, admit, answer
from infra import workers
from infra.errors import HostileInput
from infra.progress import Silent
from tests.corpus import pictures

SCENE = pictures.scene()
ALPHA = np.dstack([SCENE, np.linspace(0, 255, SCENE.size // 3).reshape(80, 120).astype(np.uint8)])
JPEG = pictures.jpeg(SCENE)
PNG = pictures.encoded(".png", SCENE)
GIF = pictures.encoded(".gif", SCENE)
WEBP = pictures.encoded(".webp", SCENE, cv2.IMWRITE_WEBP_QUALITY, 101)
PROGRESSIVE = pictures.encoded(".jpg", SCENE, cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
CMYK = np.dstack([255 - SCENE, np.full((80, 120), 40, np.uint8)])
GIF_START = b"GIF89a" + struct.pack("<HHBBB", 9, 9, 0x80, 0, 0) + bytes(range(6))
GIF_PICTURE = b"," + struct.pack("<HHHHB", 4, 4, 9, 9, 0) + b"\x02\x02\x4c\x01\0"


def off(data: bytes, truth: Any, **rules: Any) -> float:
    """Levels by which what was admitted differs from what it should show."""
    pixels = admit(data, Rules(**rules)).pixels
    assert pixels.shape == truth.shape
    return float(np.abs(pixels.astype(int) - truth).mean())


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def scans(count: int) -> bytes:
    """A progressive JPEG of 30 million pixels that passes over all of them that often."""
    frame = struct.pack(">BHHB", 8, 5000, 6000, 1) + b"\1\x11\0"
    scan = segment(0xDA, b"\1\1\0\0\0\0") + b"\x00" * 4
    return b"\xff\xd8" + segment(0xC2, frame) + count * scan + b"\xff\xd9"


BAD = {
    "nothing": (b"", header.UNKNOWN),
    "a page": (b"<html>" + PNG, header.UNKNOWN),
    "a TIFF": (b"II*\0" + bytes(99), header.UNKNOWN),
    "a sound": (b"RIFF\x24\0\0\0WAVEfmt " + bytes(40), header.UNKNOWN),
    "a bomb": (pictures.png_of(30_000, 30_000, bytes(9)), header.BOMB),
    "a JPEG bomb": (pictures.resized_header(JPEG, 65_000, 65_000), header.BOMB),
    "a WebP bomb": (
        b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + b"\xff\xff\x3f" * 2,
        header.BOMB,
    ),
    "a GIF bomb": (
        b"GIF89a" + struct.pack("<HHBBB", 60_000, 60_000, 0, 0, 0)
        + b"," + struct.pack("<HHHHB", 0, 0, 60_000, 60_000, 0) + b"\x02\x02\x4c\x01\0;",
        header.BOMB,
    ),
    "no width": (pictures.png_of(0, 9, bytes(9)), header.EMPTY),
    "0x0": (pictures.png_of(0, 0, b""), header.EMPTY),
    "no height yet": (pictures.resized_header(JPEG, 120, 0), header.EMPTY),
    "60,000x1": (pictures.png_of(60_000, 1, bytes(180_001)), header.RATIO),
    "1x60,000": (pictures.png_of(1, 60_000, bytes(4 * 60_000)), header.RATIO),
    "a tracking dot": (pictures.png_of(1, 1, bytes(4)), header.SMALL),
    "one colour": (pictures.png_of(40, 40, 40 * (b"\0" + 120 * b"\x21")), header.BLANK),
    "rows missing": (pictures.png_of(40, 40, bytes(99)), header.DAMAGED),
    "rows that are noise": (PNG[:60] + bytes(200) + PNG[260:], header.DAMAGED),
    "sixteen bits said, eight there": (
        pictures.png_of(40, 40, bytes(40 * 121), depth=16), header.DAMAGED,
    ),
    "no rows": (pictures.MARK + PNG[8:33] + pictures.chunk(b"IEND", b""), header.DAMAGED),
    "no header": (pictures.MARK + pictures.chunk(b"IEND", b"") * 3, header.DAMAGED),
    "chunks without end": (PNG[:33] + 21_000 * pictures.chunk(b"tEXt", b""), header.PARTS),
    "a broken animation": (
        PNG[:33] + pictures.chunk(b"acTL", bytes(8)) + pictures.chunk(b"fcTL", bytes(26))
        + pictures.chunk(b"IDAT", zlib.compress(b"\x09" * 30_000)) + pictures.chunk(b"IEND", b""),
        header.DAMAGED,
    ),
    "arithmetic coding": (JPEG.replace(b"\xff\xc0", b"\xff\xc9"), header.UNREAD),
    "twelve bits": (JPEG.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"), header.UNREAD),
    "a JPEG of two heads": (JPEG[:2] + b"\xff\xd9" + JPEG[2:], header.DAMAGED),
    "data lost within": (JPEG[:600] + JPEG[900:], header.DAMAGED),
    "a hundred scans": (scans(100), header.SCANS),
    "segments without end": (JPEG[:2] + 21_000 * segment(0xFE, b"") + JPEG[2:], header.PARTS),
    "a frame beside its screen": (GIF_START + GIF_PICTURE + b";", header.DAMAGED),
    "a GIF of no picture": (GIF_START + b";", header.DAMAGED),
    "a WebP of no picture": (b"RIFF\x04\0\0\0WEBP", header.DAMAGED),
    "a WebP of two sizes": (
        b"RIFF" + struct.pack("<I", len(WEBP) + 10) + b"WEBPVP8X\x0a\0\0\0" + bytes(4)
        + b"\x27\0\0" * 2 + WEBP[12:],
        header.DAMAGED,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_by_its_reason(name: str) -> None:
    data, reason = BAD[name]
    with pytest.raises(HostileInput) as caught:
        admit(data, Rules())
    assert caught.value.message == reason


@pytest.mark.parametrize(
    ("whole", "reason"),
    [(JPEG, "cut short"), (PROGRESSIVE, "cut short"), (PNG, "cut short"), (GIF, "cut short"), (WEBP, "cut short")],
    ids=["jpeg", "progressive", "png", "gif", "webp"],
)  # fmt: skip
def test_a_file_cut_at_any_byte_is_refused(whole: bytes, reason: str) -> None:
    for end in [*range(16, 200, 7), *range(200, len(whole) - 1, len(whole) // 40), len(whole) - 1]:
        with pytest.raises(HostileInput) as caught:
            admit(whole[:end], Rules())
        assert caught.value.message == reason, end


def test_what_stands_behind_the_end_is_left_out() -> None:
    for whole in (JPEG, PNG, GIF, WEBP):
        assert admit(whole + b"PK\x03\x04" + bytes(60), Rules()).data == admit(whole, Rules()).data


def test_every_form_shows_what_was_written() -> None:
    assert off(PNG, SCENE) == 0
    assert off(WEBP, SCENE) == 0
    assert off(JPEG, SCENE) < 3
    assert off(PROGRESSIVE, SCENE) < 4
    assert off(GIF, SCENE) < 25  # a palette
    assert admit(JPEG, Rules()).done == ()


def test_sixteen_bits_become_the_nearest_of_eight() -> None:
    made = admit(pictures.encoded(".png", SCENE.astype(np.uint16) * 257 + 100), Rules())
    assert made.done == ("16 bits to 8",)
    assert (made.pixels == SCENE).all()


def test_grey_and_one_bit_pictures_become_rgb() -> None:
    assert off(pictures.encoded(".png", SCENE[..., 0]), SCENE[..., [0, 0, 0]]) == 0
    assert off(pictures.jpeg(SCENE), SCENE) < 3
    rows = b"".join(b"\0" + bytes((0xF0, 0x0F)) for _ in range(16))
    pixels = admit(pictures.png_of(16, 16, rows, depth=1, colour=0), Rules()).pixels
    assert pixels[3].tolist() == [[255] * 3] * 4 + [[0] * 3] * 8 + [[255] * 3] * 4


def test_a_palette_keeps_its_colours() -> None:
    head = struct.pack(">IIBBBBB", 16, 16, 8, 3, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + bytes((0, 1)) * 8 for _ in range(16)))
    data = pictures.MARK + b"".join(
        pictures.chunk(kind, body)
        for kind, body in (
            (b"IHDR", head), (b"PLTE", bytes((200, 10, 20, 7, 90, 5))), (b"tRNS", b"\xff\x80"),
            (b"IDAT", rows), (b"IEND", b""),
        )
    )  # fmt: skip
    made = admit(data, Rules())
    assert made.pixels[0, :2].tolist() == [[200, 10, 20], [131, 172, 130]]
    assert made.done == ("on white",)


@pytest.mark.parametrize("suffix", [".png", ".webp"])
def test_what_is_transparent_shows_the_white_behind(suffix: str) -> None:
    options = (cv2.IMWRITE_WEBP_QUALITY, 101) if suffix == ".webp" else ()
    share = ALPHA[..., 3:] / 255
    truth = np.rint(SCENE * share + 255 * (1 - share)).astype(int)
    data = pictures.encoded(suffix, ALPHA, *options)
    opaque = ALPHA[..., 3] > 0  # WebP keeps no colour where nothing shows
    pixels = admit(data, Rules()).pixels
    assert np.abs(pixels.astype(int) - truth)[opaque].max() <= 1
    assert (pixels[ALPHA[..., 3] == 0] == 255).all()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_jpeg_stands_upright(orientation: int, order: str) -> None:
    ways = {
        1: SCENE, 2: SCENE[:, ::-1], 3: SCENE[::-1, ::-1], 4: SCENE[::-1],
        5: SCENE.transpose(1, 0, 2), 6: np.rot90(SCENE, 1), 7: np.rot90(SCENE, 2).transpose(1, 0, 2),
        8: np.rot90(SCENE, 3),
    }  # fmt: skip
    data = pictures.turned(pictures.jpeg(ways[orientation]), orientation, order)
    assert off(data, SCENE) < 3
    small = admit(data, Rules(side_px=60))
    assert (small.width, small.height) == (60, 40)
    assert ("turned upright" in small.done) == (orientation != 1)


def test_a_turned_png_and_webp_stand_upright() -> None:
    on_its_side = np.rot90(SCENE, 1)
    png = pictures.encoded(".png", on_its_side)
    assert off(png[:33] + pictures.chunk(b"eXIf", pictures.exif(6)) + png[33:], SCENE) == 0
    block = pictures.exif(6)
    still = pictures.encoded(".webp", on_its_side, cv2.IMWRITE_WEBP_QUALITY, 101)[12:]
    size = struct.pack("<I", 79)[:3] + struct.pack("<I", 119)[:3]
    body = b"WEBPVP8X\x0a\0\0\0\x08\0\0\0" + size + still
    body += b"EXIF" + struct.pack("<I", len(block)) + block
    assert off(b"RIFF" + struct.pack("<I", len(body)) + body, SCENE) == 0


@given(st.binary(max_size=80))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_nonsense_in_exif_turns_nothing(block: bytes) -> None:
    from corpus.operators.images.exif import orientation

    assert orientation(block) in range(1, 9)
    assert orientation(b"II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\x09\0\0\0") == 1


def test_a_jpeg_for_print_shows_its_inks() -> None:
    ycck = bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(255 - CMYK), 95, "CMYK"))
    truth = np.rint(SCENE.astype(float) * (255 - 40) / 255).astype(int)
    made = admit(ycck, Rules())
    assert made.done == ("inverted cmyk",)
    assert np.abs(made.pixels.astype(int) - truth).mean() < 4


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_of_moving_pictures_the_first_frame_is_taken_and_that_is_said(suffix: str) -> None:
    flat = np.repeat(np.arange(0, 240, 6, dtype=np.uint8)[None, :, None], 30, axis=0).repeat(3, 2)
    made = admit(pictures.moving(suffix, [flat, 255 - flat, flat[:, ::-1]]), Rules())
    assert made.done[0] == "first frame"
    assert np.abs(made.pixels.astype(int) - flat).mean() < 20  # the others are off by 80


def test_larger_pictures_become_smaller_and_smaller_ones_stay() -> None:
    large = pictures.scene(1801, 1203)
    for data, levels in ((pictures.jpeg(large), 4), (pictures.encoded(".png", large), 0)):
        made = admit(data, Rules(side_px=448))
        assert (made.width, made.height) == (448, 299)
        truth = cv2.resize(large, (448, 299), interpolation=cv2.INTER_AREA)
        assert np.abs(made.pixels.astype(int) - truth).mean() <= levels
        assert made.done == ("made smaller",)
    assert (admit(JPEG, Rules()).width, admit(JPEG, Rules()).done) == (120, ())


def test_what_is_written_is_what_was_admitted() -> None:
    screen = admit(PNG, Rules(lossless=True))
    shown = cv2.imdecode(np.frombuffer(screen.data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert screen.suffix == "png"
    assert (shown[..., ::-1] == SCENE).all()
    photo = admit(PNG, Rules())
    assert photo.suffix == "jpg"
    assert np.abs(simplejpeg.decode_jpeg(photo.data).astype(int) - SCENE).mean() < 3


def test_equal_bytes_give_equal_bytes_and_say_so_through_a_worker() -> None:
    tasks = [{"data": JPEG, "side_px": 64}, {"data": JPEG[:300]}, {"data": JPEG, "side_px": 64}]
    first, cut, second = (
        outcome.value
        for outcome in workers.run("corpus.operators.images.admit:answer", tasks, 2, 30.0, Silent())
    )
    assert cut == {"reason": header.CUT}
    assert first == second == answer(tasks[0])
    assert first["data"] == admit(JPEG, Rules(side_px=64)).data


@given(st.data())
@settings(max_examples=150, derandomize=True, deadline=None)
def test_a_damaged_file_gives_a_picture_or_a_reason_and_nothing_else(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([JPEG, PROGRESSIVE, PNG, WEBP])))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(2, len(whole) - 1))] = data.draw(st.integers(0, 255))
    said = answer({"data": bytes(whole)})
    assert said.get("reason") in header.REASONS or said["width"] > 0 < said["height"]
