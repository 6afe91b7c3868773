"""What pages may reach is decided before the browser starts."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from envs.web import WebSettings, chromium, origins
from envs.web.origins import Origin
from infra.errors import Unavailable, UsageError


def test_an_origin_is_scheme_host_and_port() -> None:
    assert Origin.of("https://Example.org/a?b") == Origin("https", "example.org", 443)
    assert Origin.of("http://127.0.0.1:8080") == Origin("http", "127.0.0.1", 8080)
    for url in (
        "ftp://x",
        "https://",
        "https://*.example.org",
        "https://a:b@x",
        "http://x:99999",
        "",
    ):
        with pytest.raises(UsageError):
            Origin.of(url)


@pytest.mark.parametrize("address", ["10.0.0.7", "127.0.0.1", "169.254.169.254", "::1", "fd00::1"])
def test_a_name_that_leads_inward_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _answering(address))
    with pytest.raises(UsageError, match="not public"):
        Origin.of("https://inward.example").pinned()
    assert Origin.of("http://10.0.0.7:81").pinned() == "10.0.0.7:81"


def test_a_public_name_is_pinned_and_everything_else_is_not_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _answering("93.184.216.34"))
    found = origins.hosts([Origin.of("https://example.org")], 4000)
    assert chromium.wall(found) == (
        "--host-resolver-rules=MAP *.test:80 127.0.0.1:4000 , "
        "MAP example.org:443 93.184.216.34:443 , MAP * ~NOTFOUND"
    )


def test_a_name_that_does_not_resolve_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise socket.gaierror("no")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    with pytest.raises(Unavailable, match="does not resolve"):
        Origin.of("https://nowhere.example").pinned()


def test_settings_that_no_browser_can_show_are_refused() -> None:
    for wrong in (
        {"scale": 9.0},
        {"scale": 1.3},
        {"width": 100},
        {"width": 100_000, "height": 100_000},
        {"theme": "sepia"},
        {"locale": "klingon"},
    ):
        with pytest.raises(UsageError):
            WebSettings(**wrong)  # type: ignore[arg-type]
    assert WebSettings(width=1280, height=800, scale=1.25).viewport == (1024, 640)


def _answering(address: str) -> Any:
    return lambda *_, **__: [(0, 0, 0, "", (address, 0))]
