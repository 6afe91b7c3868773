"""The documents that a warmed desktop holds: small, made here, the same bytes every time.

A letter, a budget, a note in Chinese, a picture, a guide, some code: what a person has open.
"""

from __future__ import annotations

import io
import zipfile
from typing import Final
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt

from envs.ubuntu.contents import contents

Picture = npt.NDArray[np.uint8]
OFFICE: Final = "urn:oasis:names:tc:opendocument:xmlns"
STAMP: Final = (2024, 3, 1, 9, 30, 0)
NOTES: Final = """\
Monday
- call the plumber about the kitchen tap
- answer Lin Mei: 周三下午三点开会
- send the budget to Jonas before noon

Ideas for the garden
  tomatoes along the south wall, beans behind them
  a bench under the pear tree

Things to read: the guide (page 2), minutes of the last meeting.
"""
CHINESE: Final = """\
会议记录

时间：三月一日，星期五，上午九点半
地点：三楼会议室
出席：林梅、王建国、李小红

一、上月工作总结
二、本月预算：办公用品、差旅、培训
三、下次会议：三月十五日

请各位在周三以前把意见发给林梅。
"""
CODE: Final = '''\
"""How long the savings last."""


def months(savings: float, spending: float, interest: float) -> int:
    """Months until nothing is left."""
    count = 0
    while savings > 0 and count < 1200:
        savings = savings * (1 + interest / 12) - spending
        count += 1
    return count


for monthly in (800, 900, 1000):
    print(monthly, months(24_000, monthly, 0.02))
'''
CSV: Final = """\
date,item,amount
2024-03-01,rent,780.00
2024-03-02,groceries,64.35
2024-03-04,train,23.80
2024-03-05,books,41.20
2024-03-08,groceries,58.90
2024-03-11,telephone,19.99
"""
LETTER: Final = (
    "Dear Ms Duarte,",
    "Thank you for your letter of 21 February. We would be glad to welcome your class.",
    "Thursday, 14 March would suit us well. The tour begins at ten and takes two hours.",
    "Please let us know how many pupils will come, and whether anyone needs a wheelchair.",
    "A map of the grounds and the menu of the canteen are enclosed.",
    "Yours sincerely,",
    "Omar Haddad",
)
BUDGET: Final[tuple[tuple[str | float, ...], ...]] = (
    ("Item", "January", "February", "March"),
    ("Rent", 780, 780, 780),
    ("Food", 312.4, 298.15, 334.9),
    ("Travel", 96, 120.5, 71.3),
    ("Books", 41.2, 18, 63.5),
    ("Telephone", 19.99, 19.99, 19.99),
    ("Garden", 0, 35, 112.75),
    ("Savings", 250, 250, 200),
)
GUIDE: Final = (
    "Visitors' guide",
    "Opening hours",
    "Monday to Friday  9.00 - 17.00",
    "Saturday          10.00 - 16.00",
    "How to find us",
    "Tram 4 to the bridge, then five minutes on foot.",
)


def documents() -> dict[str, bytes]:
    """Every document by its name."""
    return {
        "notes.txt": NOTES.encode(),
        "会议记录.txt": CHINESE.encode(),
        "savings.py": CODE.encode(),
        "expenses.csv": CSV.encode(),
        "letter.odt": _odf("text", _letter()),
        "budget.ods": _odf("spreadsheet", _budget()),
        "harbour.png": picture(),
        "guide.pdf": _pdf(),
        "orders.html": contents(1)["Page 1.html"],
    }


def picture(width: int = 640, height: int = 420) -> bytes:
    """A painted harbour at dusk, as a PNG."""
    import cv2

    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    dusk, gold = _colour(96, 62, 58), _colour(120, 176, 246)
    sky = np.broadcast_to(dusk * (1 - rows) + gold * rows, (height, width, 3))
    image = np.ascontiguousarray(sky, np.uint8)
    horizon = height * 6 // 10
    cv2.circle(image, (width * 2 // 3, horizon - 40), 34, (150, 214, 255), -1, cv2.LINE_AA)
    hills = [(0, horizon), (120, horizon - 70), (250, horizon - 20), (400, horizon - 95)]
    hills += [(560, horizon - 30), (width, horizon - 60), (width, horizon)]
    cv2.fillPoly(image, [np.array(hills, np.int32)], (104, 70, 64), cv2.LINE_AA)
    image[horizon:] = (image[horizon:] * 0.35 + _colour(128, 96, 52)).astype(np.uint8)
    for wave in range(horizon + 12, height, 16):
        xs = np.arange(0, width, 4)
        ys = wave + 3 * np.sin(xs / 23 + wave)
        line = np.stack([xs, ys], axis=1).astype(np.int32)
        cv2.polylines(image, [line], False, (196, 170, 140), 1, cv2.LINE_AA)  # noqa: FBT003
    for x, size in ((150, 1.0), (330, 0.6), (500, 0.8)):
        _boat(image, x, horizon + 50, size)
    done, data = cv2.imencode(".png", image)
    assert done
    return bytes(data)


def _colour(*blue_green_red: int) -> npt.NDArray[np.float32]:
    return np.array(blue_green_red, np.float32)


def _boat(image: Picture, x: int, y: int, size: float) -> None:
    import cv2

    def shape(*points: tuple[int, int]) -> list[npt.NDArray[np.int32]]:
        return [np.array([(x + a * size, y + b * size) for a, b in points], np.int32)]

    cv2.fillPoly(image, shape((-50, 0), (50, 0), (32, 22), (-34, 22)), (40, 44, 92), cv2.LINE_AA)
    cv2.fillPoly(image, shape((0, -6), (0, -84), (40, -6)), (226, 232, 240), cv2.LINE_AA)
    cv2.fillPoly(image, shape((-6, -6), (-6, -70), (-34, -6)), (200, 212, 224), cv2.LINE_AA)


def _odf(kind: str, body: str) -> bytes:
    """An OpenDocument file: its type first and uncompressed, then what it says."""
    mime = f"application/vnd.oasis.opendocument.{kind}"
    spaces = " ".join(f'xmlns:{n}="{OFFICE}:{n}:1.0"' for n in ("office", "text", "table"))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} '
        f'office:version="1.3"><office:body><office:{kind}>{body}</office:{kind}>'
        "</office:body></office:document-content>"
    )
    entry = "manifest:file-entry manifest:full-path"
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{OFFICE}'
        f':manifest:1.0" manifest:version="1.3"><{entry}="/" manifest:media-type="{mime}"/>'
        f'<{entry}="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    parts = {"mimetype": mime, "content.xml": content, "META-INF/manifest.xml": manifest}
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, STAMP), text, how)
    return out.getvalue()


def _letter() -> str:
    return "".join(f"<text:p>{escape(line)}</text:p>" for line in LETTER)


def _budget() -> str:
    rows = "".join(
        f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in BUDGET
    )
    return f'<table:table table:name="Budget">{rows}</table:table>'


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"


def _pdf() -> bytes:
    """One page with headings, lines and a plan, by hand: six objects and their offsets."""
    lines = [
        f"BT /F1 {22 if i == 0 else 13} Tf 60 {760 - 34 * i} Td ({t}) Tj ET"
        for i, t in enumerate(GUIDE)
    ]
    plan = "0.85 0.9 0.95 rg 60 300 400 220 re f 0.35 0.5 0.7 rg 90 330 120 90 re f 260 400 150 80 re f"
    stream = "\n".join([*lines, plan]).encode("latin-1")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources 6 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Font<</F1 5 0 R>>>>",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
