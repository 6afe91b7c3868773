"""Tar members, copyright files and token counts are what others say they are."""

import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.shards import tar
from corpus.shards.read import members
from corpus.shelf.catalogue import CATALOGUE
from corpus.shelf.copyright import parse
from corpus.tokens import text_counter, tower
from infra.errors import NotFound


@given(
    st.lists(
        st.tuples(
            st.text(
                st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=200
            ).filter(lambda n: not n.startswith("/") and not n.endswith("/") and "/" not in n),
            st.binary(max_size=1500),
        ),
        max_size=5,
        unique_by=lambda pair: pair[0],
    )
)
def test_we_and_the_standard_library_read_back_what_was_written(
    files: list[tuple[str, bytes]],
) -> None:
    data = b"".join(b"".join(tar.member(name, body)) for name, body in files) + tar.END
    own = [(m.name, data[m.data_offset : m.data_offset + m.size]) for m in members(data)]
    assert own == files
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        found = archive.getmembers()
        assert [m.name for m in found] == [name for name, _ in files]
        for member, (_, body) in zip(found, files, strict=True):
            reader = archive.extractfile(member)
            assert reader is not None
            assert reader.read() == body
            assert (member.mtime, member.uid, member.gid, member.mode) == (0, 0, 0, 0o644)


DEP5 = b"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: a
License: GFDL-1.2+

Files:
 src/man1/kill.1
 src/man7/*
License: GPL-2.0
 Text of it.
"""


def test_the_last_matching_paragraph_gives_the_licence() -> None:
    read = parse(DEP5)
    item = CATALOGUE["manpages-zh"]
    kill = item.source_path("usr/share/man/zh_CN/man1/kill.1.gz")
    assert read.licence_of(kill).name == "GPL-2.0"
    assert read.licence_of("src/man1/ls.1").name == "GFDL-1.2+"


def test_free_text_gets_a_hash_and_no_name() -> None:
    licence = parse(b"This is in the public domain, GPL, MIT.").licence_of("a")
    assert (licence.form, licence.name) == ("text", None)
    assert len(licence.text_sha256) == 64


@pytest.mark.parametrize(
    ("size", "tokens"),
    [((448, 448), 256), ((1280, 800), 1066), ((1, 1), 1), ((449, 28), 17), ((4000, 4000), 1089)],
)
def test_image_tokens_follow_the_vision_tower(size: tuple[int, int], tokens: int) -> None:
    assert tower("moonvit").tokens(*size) == tokens


def test_text_tokens_are_counted_without_a_network() -> None:
    counter = text_counter("tekken-240911")
    assert counter.count("Hello world") == 2
    assert 0 < counter.count("你好，世界") < 10
    assert counter.count("<s>[INST]") > 2


def test_an_unknown_tokenizer_offers_the_nearest() -> None:
    with pytest.raises(NotFound) as caught:
        text_counter("tekken")
    assert "tekken-2" in caught.value.hint
