"""The files a page may be given: a small directory of the machine's own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from infra.errors import NotFound, UsageError

NAME: Final = re.compile(r"[\w][\w. -]{0,99}")
MOST_BYTES: Final = 8 * 1024 * 1024
PICTURE: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200">'
    '<rect width="320" height="200" fill="#9cc4e4"/><circle cx="250" cy="50" r="26" fill="#ffd166"/>'
    '<path d="M0 200 110 90l70 70 50-40 90 80z" fill="#3d5a40"/></svg>\n'
)
GIVEN: Final = {
    "en": {
        "notes.txt": "Minutes of the meeting\n\n1. Budget\n2. Timetable\n3. Any other business\n",
        "report.csv": "month,orders,returns\n2026-01,412,9\n2026-02,398,14\n2026-03,455,11\n",
        "picture.svg": PICTURE,
    },
    "zh": {
        "会议记录.txt": "会议记录\n\n一、预算\n二、时间安排\n三、其他事项\n",
        "月度报表.csv": "月份,订单,退货\n2026-01,412,9\n2026-02,398,14\n2026-03,455,11\n",
        "图片.svg": PICTURE,
    },
}


def fill(directory: Path, language: str) -> Path:
    """Make the directory with a few files in it."""
    directory.mkdir(parents=True)
    for name, text in GIVEN[language].items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory


def put(directory: Path, name: str, data: bytes) -> None:
    """Store a file. Raises UsageError for a name that is a path, or too many bytes."""
    if len(data) > MOST_BYTES:
        raise UsageError(f"{name!r} is larger than {MOST_BYTES} bytes", subject=name)
    _path(directory, name).write_bytes(data)


def get(directory: Path, name: str) -> bytes:
    """Read a file. Raises NotFound."""
    path = _path(directory, name)
    if not path.is_file():
        raise NotFound.among("file", name, (p.name for p in directory.iterdir()))
    return path.read_bytes()


def _path(directory: Path, name: str) -> Path:
    if not NAME.fullmatch(name) or ".." in name:
        raise UsageError(f"{name!r} is not a plain file name", subject=name)
    return directory / name
