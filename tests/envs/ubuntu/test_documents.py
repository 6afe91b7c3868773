"""The documents are what they say, and the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile

import cv2
import numpy as np
from lxml import etree

from envs.guest.transfer import PLAIN_NAME
from envs.ubuntu.documents import documents
from envs.ubuntu.programs import OPEN
from envs.ubuntu.waking import host_label


def test_they_are_the_same_every_time_and_have_plain_names() -> None:
    assert documents() == documents()
    assert all(PLAIN_NAME.fullmatch(name) for name in documents())


def test_the_office_documents_are_well_formed() -> None:
    for name in ("letter.odt", "budget.ods"):
        with zipfile.ZipFile(io.BytesIO(documents()[name])) as archive:
            first = archive.infolist()[0]
            assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
            assert archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument.")
            for part in ("content.xml", "META-INF/manifest.xml"):
                etree.fromstring(archive.read(part))


def test_the_picture_is_a_picture() -> None:
    picture = cv2.imdecode(np.frombuffer(documents()["harbour.png"], np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (420, 640, 3)
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 500


def test_the_guides_offsets_point_at_its_objects() -> None:
    pdf = documents()["guide.pdf"]
    start = int(re.findall(rb"startxref\n(\d+)", pdf)[0])
    offsets = [int(o) for o in re.findall(rb"(\d{10}) 00000 n", pdf[start:])]
    assert len(offsets) == 6
    for number, offset in enumerate(offsets, 1):
        assert pdf[offset:].startswith(b"%d 0 obj" % number)


def test_at_least_eight_programs_open_with_documents_that_are_there() -> None:
    assert len(OPEN) >= 8
    assert all(not p.file or p.file in documents() for p in OPEN)
    for left, top, width, height in (p.box for p in OPEN):
        assert left >= 0
        assert top >= 0
        assert left + width <= 1280
        assert top + height <= 772


def test_a_machines_name_becomes_a_host_name() -> None:
    assert host_label("ubuntu-3") == "ubuntu-3"
    assert host_label("Pool A/7") == "pool-a-7"
    assert host_label("汉字") == "machine"
    assert len(host_label("x" * 99)) == 63
