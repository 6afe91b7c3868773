"""Our own sites: whole in both languages and themes, the same each time, needing nobody else."""

from __future__ import annotations

import re
import urllib.error
import urllib.request

import pytest

from envs.web.server import Server
from envs.web.sites import art, catalogue, render
from envs.web.sites.icons import ICONS
from envs.web.sites.render import Query

PAGES = [(site, page) for site in catalogue.SITES.values() for page in site.pages]


def body(site: catalogue.Site, page: str, **asked: str) -> str:
    answer = render.page(site, page, Query.of(asked))
    assert answer.status == 200
    return answer.body.decode()


def test_there_are_enough_sites() -> None:
    assert len(catalogue.names()) >= 12


@pytest.mark.parametrize(("site", "page"), PAGES, ids=[f"{s.name}/{p}" for s, p in PAGES])
def test_each_page_is_whole_and_varies_by_what_is_asked(site: catalogue.Site, page: str) -> None:
    english = body(site, page, seed="3", lang="en")
    chinese = body(site, page, seed="3", lang="zh", theme="dark")
    assert english == body(site, page, seed="3", lang="en")
    assert page == "playground" or english != body(site, page, seed="4", lang="en")
    assert len(re.findall(r"[\u4e00-\u9fff]", chinese)) > 10
    assert 'data-theme="dark"' in chinese
    assert 'data-theme="light"' in english
    assert "None" not in re.sub(r"<[^>]*>", "", english)
    for address in re.findall(r"""(?:src|href)=["']([^"']+)""", english + chinese):
        found = re.match(r"[a-z]+:", address)
        assert found is None or address.startswith("data:") or ".test/" in address, address


@pytest.mark.parametrize(("site", "page"), PAGES, ids=[f"{s.name}/{p}" for s, p in PAGES])
def test_everything_a_page_names_is_served(site: catalogue.Site, page: str) -> None:
    said = body(site, page, seed="7")
    for name in re.findall(r'/static/([\w.]+)"', said):
        assert render.static(name) is not None, name
    for kind in re.findall(r"/art/(\w+)\.svg", said):
        assert render.picture(kind, 5) is not None, kind
    for identity in re.findall(r'data-dialog="([^"]+)"', said):
        assert f'id="{identity}"' in said, identity
    for identity in re.findall(r'aria-controls="([^"]+)"', said):
        assert f'id="{identity}"' in said, identity


def test_pictures_are_the_same_each_time_and_differ_by_number() -> None:
    for kind in (*art.GOODS, *art.KINDS):
        assert art.draw(kind, 4) == art.draw(kind, 4)
        assert art.draw(kind, 4) != art.draw(kind, 5)
    assert art.draw("nothing", 1) is None
    assert len(ICONS) > 60


def test_nonsense_in_an_address_becomes_the_default() -> None:
    for said in ("", "-1", "9" * 400, "१२", "1e9", "<b>"):
        assert 0 <= Query.of({"seed": said}).seed < catalogue.MOST
    assert Query.of({"theme": "x", "lang": "y"}).theme == "light"
    for site, page in PAGES:
        body(site, page, seed="<script>", id="999999999", article="-5", month="77777", q="<i>")


def test_what_is_asked_comes_back_as_text() -> None:
    said = body(catalogue.find("shop"), "index", q='"><script>alert(1)</script>')
    assert "<script>alert" not in said
    assert "&lt;script&gt;alert" in said


def test_the_server_answers_its_own_hosts_only() -> None:
    server = Server()

    def get(path: str, host: str) -> int:
        request = urllib.request.Request(
            f"http://127.0.0.1:{server.port}{path}", headers={"Host": host}
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    try:
        assert get("/?seed=1", "shop.test") == 200
        assert get("/static/base.css", "shop.test") == 200
        assert get("/art/mug.svg?n=3", "shop.test") == 200
        for path in ("/nope", "/static/../server.py", "/static/%2e%2e/x", "/art/x.svg", "/a/b/c"):
            assert get(path, "shop.test") == 404, path
        for host in ("example.org", "127.0.0.1", "shop.test.evil", ""):
            assert get("/", host) == 404, host
    finally:
        server.close()
        server.close()
