"""Fault 26: markup that asks for files, addresses or memory gets none of them.

XML of others is parsed in one place, the clip art's reader; HTML in another, the documentation's.
"""

from __future__ import annotations

import socket
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.categories.caption import svg
from corpus.categories.caption.render import render
from corpus.pages import sphinx
from tests.house.source import modules

SECRET = "canary-of-a-file"
NAMESPACE = 'xmlns="http://www.w3.org/2000/svg" xmlns:xi="http://www.w3.org/2001/XInclude"'
PARSES_XML = {
    "corpus/categories/caption/svg.py",  # reads what the parser of drawings let through
    "grounding/drawing/svg.py",  # clip art and icons: others wrote them
    "corpus/categories/caption/render.py",  # writes out again what svg.py let through
    "grounding/icons/paint.py",  # the same, of icons
    "collector/explore/tasks/odf.py",  # a guest's documents: UTF-8 without a DOCTYPE
    "infra/hypervisor/shape.py",  # libvirt's description of our own machines
    "corpus/pages/walk.py",  # names the faults of the parser of pages, which knows no entities
}
ASKS = {
    "an external type": '<!DOCTYPE svg SYSTEM "{url}/x.dtd"><svg {ns}/>',
    "a public type": '<!DOCTYPE svg PUBLIC "-//X//EN" "{url}/x.dtd"><svg {ns}/>',
    "an entity of a file": '<!DOCTYPE svg [<!ENTITY x SYSTEM "file://{file}">]><svg {ns}>&x;</svg>',
    "an entity of an address": '<!DOCTYPE svg [<!ENTITY x SYSTEM "{url}/x">]><svg {ns}>&x;</svg>',
    "a parameter entity": '<!DOCTYPE svg [<!ENTITY % x SYSTEM "{url}/x"> %x;]><svg {ns}/>',
    "two types": '<!DOCTYPE a [ ]><!DOCTYPE svg SYSTEM "{url}/x.dtd"><svg {ns}/>',
    "a type in the type": "<!DOCTYPE svg [ ] ><svg {ns}><title>&x;</title></svg>",
    "an inclusion": '<svg {ns}><title><xi:include href="file://{file}" parse="text"/></title></svg>',
    "a style sheet": '<?xml-stylesheet href="{url}/x.css"?><svg {ns}/>',
    "an image": '<svg {ns}><image href="{url}/x.png"/></svg>',
    "a script": '<svg {ns}><script href="{url}/x.js"/></svg>',
    "another encoding": '<?xml version="1.0" encoding="UTF-7"?><svg {ns}/>',
}  # fmt: skip


@pytest.fixture
def listener() -> Iterator[tuple[str, list[object]]]:
    """An address, and who has called at it."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                calls.append(peer)
                peer.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", calls
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)


@pytest.mark.parametrize("name", ASKS)
def test_markup_that_asks_for_more_than_itself_gets_nothing(
    tmp_path: Path, listener: tuple[str, list[object]], name: str
) -> None:
    url, calls = listener
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    data = ASKS[name].format(url=url, file=secret, ns=NAMESPACE).encode()
    assert SECRET not in repr(svg.inspect(data))
    assert SECRET not in repr(render({"data": data, "side_px": 32}))
    page = f"<html><body><div role='main'>{data.decode()}<p>x</p></div></body></html>".encode()
    assert SECRET not in repr(sphinx.read(page, "a.html"))
    assert calls == []


def bombs() -> Iterator[tuple[str, bytes]]:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield "laughs", f'<!DOCTYPE svg [<!ENTITY l0 "ha">{laughs}]><svg>&l9;</svg>'.encode()
    yield "quadratic", b'<!DOCTYPE svg [<!ENTITY a "' + b"a" * 9999 + b'">]><svg>' + b"&a;" * 9999
    yield "utf-16", '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>'.encode("utf-16")
    yield "deep", b"<svg>" + b"<g>" * 100_000 + b"</g>" * 100_000 + b"</svg>"
    yield "long name", b"<svg " + b"a" * 20_000_000 + b"='1'/>"
    yield "nul", b"<svg>\x00</svg>"


@pytest.mark.parametrize(
    ("name", "data"), list(bombs()), ids=lambda v: v if isinstance(v, str) else ""
)
def test_a_bomb_is_refused_and_costs_little_more_than_its_own_length(
    name: str, data: bytes
) -> None:
    tracemalloc.start()
    assert svg.inspect(data)["reason"], name
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * len(data) + (1 << 20)


def test_xml_is_parsed_where_it_is_known_to_be() -> None:
    found = {
        module.path
        for module in modules()
        if module.imports()
        & {
            "lxml.etree",
            "xml.etree",
            "xml.etree.ElementTree",
            "xml.sax",
            "xml.dom",
            "xml.dom.minidom",
        }
    }
    assert found == PARSES_XML
