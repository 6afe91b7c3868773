"""Picture files that tests make: whole ones of every form, and every bad one."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import cv2
import numpy as np
import simplejpeg

MARK = b"\x89PNG\r\n\x1a\n"


def scene(width: int = 120, height: int = 80, seed: int = 0) -> Any:
    """Soft blobs in RGB, red to the left and blue at the bottom, so that every turn shows."""
    draw = np.random.default_rng(seed)
    pixels = cv2.GaussianBlur(draw.integers(0, 160, (height, width, 3), np.uint8), (0, 0), 4)
    pixels = cv2.normalize(pixels, None, 0, 160, cv2.NORM_MINMAX)
    pixels[:, : width // 3, 0] = 250
    pixels[2 * height // 3 :, :, 2] = 250
    return pixels


def jpeg(pixels: Any, quality: int = 95) -> bytes:
    return bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), quality=quality))


def encoded(suffix: str, pixels: Any, *options: int) -> bytes:
    """By OpenCV; `pixels` are RGB or RGBA."""
    if pixels.ndim == 3:
        pixels = cv2.cvtColor(
            pixels, cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
        )
    done, data = cv2.imencode(suffix, pixels, list(options))
    assert done
    return bytes(data)


def moving(suffix: str, frames: list[Any]) -> bytes:
    animation = cv2.Animation()
    animation.frames = [cv2.cvtColor(frame, cv2.COLOR_RGB2BGR) for frame in frames]
    animation.durations = np.full(len(frames), 100, np.int32)
    done, data = cv2.imencodeanimation(suffix, animation)
    assert done
    return bytes(data)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, rows: bytes, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG that says that size over those compressed rows."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return MARK + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def exif(orientation: int, order: str = "<") -> bytes:
    """An EXIF block that says only how the picture is turned."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    return mark + struct.pack(f"{order}IH", 8, 1) + entry + bytes(4)


def turned(data: bytes, orientation: int, order: str = "<") -> bytes:
    """A JPEG that says it is turned so."""
    body = b"Exif\0\0" + exif(orientation, order)
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


def resized_header(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose frame says another size."""
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]
