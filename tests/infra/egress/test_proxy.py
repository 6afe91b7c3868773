"""The proxy between a hostile machine and servers that are no better."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from infra.egress import Limits, peer, proxy
from infra.egress.reaching import resolved
from tests.infra.egress.town import PUBLIC, Town, echo, town

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
TUNNEL = b"CONNECT a.org:443 HTTP/1.1\r\nHost: a.org:443\r\n\r\n"


def run(work: Callable[[Town], Awaitable[None]]) -> None:
    async def inside() -> None:
        async with town() as made:
            await work(made)

    asyncio.run(inside())


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def test_an_allowed_host_is_reached_at_the_address_that_was_looked_at() -> None:
    async def work(made: Town) -> None:
        await made.says(HELLO)
        made.names["a.org"] = [[PUBLIC]]
        await made.open("a.org")
        answer = await made.get("http://a.org/path?q=1")
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert answer.endswith(b"hello")
        assert made.dialled == [(PUBLIC, 80)]
        assert made.heard[0].startswith(b"GET /path?q=1 HTTP/1.1\r\n")
        assert made.proxy.counts == {"served": 1}

    run(work)


def test_a_tunnel_carries_bytes_both_ways_and_what_came_early() -> None:
    async def work(made: Town) -> None:
        await made.serve(echo)
        made.names["a.org"] = [[PUBLIC]]
        await made.open("a.org")
        reader, writer = await made.connect()
        writer.write(TUNNEL + b"early ")
        assert status(await reader.readuntil(b"\r\n\r\n")) == 200
        writer.write(b"late")
        assert await reader.readexactly(10) == b"early late"
        writer.write_eof()
        assert await reader.read() == b""
        writer.close()
        assert made.dialled == [(PUBLIC, 443)]

    run(work)


def test_a_host_that_nobody_named_is_neither_resolved_nor_connected_to() -> None:
    async def work(made: Town) -> None:
        await made.open("a.org")  # no name of this town resolves: asking would be `name`
        assert status(await made.get("http://b.org/")) == 403
        assert status(await made.ask(b"CONNECT b.org:443 HTTP/1.1\r\nHost: x\r\n\r\n")) == 403
        assert status(await made.ask(b"CONNECT a.org:22 HTTP/1.1\r\nHost: x\r\n\r\n")) == 403
        assert made.refused() == {"host": 2, "port": 1}
        assert made.dialled == []

    run(work)


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["100.64.0.1"], ["0.0.0.0"],
        ["224.0.0.1"], ["::1"], ["fd00::1"], ["fe80::1"], ["::ffff:10.0.0.1"], ["2002:a00:1::"],
        ["64:ff9b::a00:1"], [PUBLIC, "10.0.0.1"], ["::1", PUBLIC],
    ],
)  # fmt: skip
def test_a_name_with_one_address_inside_is_refused_and_nobody_is_called(answer: list[str]) -> None:
    async def work(made: Town) -> None:
        await made.says(HELLO)
        made.names["a.org"] = [answer]
        await made.open("a.org")
        assert status(await made.get("http://a.org/")) == 403
        assert status(await made.ask(TUNNEL)) == 403
        assert made.refused() == {"address": 2}
        assert made.dialled == []

    run(work)


def test_a_name_server_that_answers_twice_is_asked_once() -> None:
    """Rebinding: the first answer is public, every later one is this host."""

    async def work(made: Town) -> None:
        await made.says(HELLO)
        made.names["a.org"] = [[PUBLIC], ["127.0.0.1"]]
        await made.open("a.org")
        assert status(await made.get("http://a.org/")) == 200
        assert made.dialled == [(PUBLIC, 80)]
        assert status(await made.get("http://a.org/")) == 403
        assert made.dialled == [(PUBLIC, 80)]

    run(work)


def test_a_redirect_is_the_machines_affair_and_leads_nowhere_inside() -> None:
    async def work(made: Town) -> None:
        inside = "http://169.254.169.254/latest/meta-data"
        await made.says(
            f"HTTP/1.1 302 Found\r\nLocation: {inside}\r\nContent-Length: 0\r\n\r\n".encode()
        )
        made.names["a.org"] = [[PUBLIC]]
        await made.open("a.org")
        answer = await made.get("http://a.org/")
        assert status(answer) == 302
        assert inside.encode() in answer
        assert made.dialled == [(PUBLIC, 80)]
        for url in (inside, "http://127.0.0.1/", "http://[::1]/", "http://2130706433/",
                    "http://0x7f.1/", "http://localhost/"):  # fmt: skip
            assert status(await made.get(url)) == 403
        assert len(made.dialled) == 1

    run(work)


def test_the_systems_resolver_is_judged_like_any_other() -> None:
    async def work(made: Town) -> None:
        assert {str(one) for one in await resolved("localhost")} <= {"127.0.0.1", "::1"}
        assert str((await resolved("2130706433"))[0]) == "127.0.0.1"
        assert made.dialled == []

    run(work)


def test_a_name_that_does_not_resolve_and_a_host_that_is_down_are_told_apart() -> None:
    async def work(made: Town) -> None:
        made.names["down.a.org"] = [[PUBLIC]]
        await made.open("*.a.org")
        assert status(await made.get("http://none.a.org/")) == 502
        assert status(await made.get("http://down.a.org/")) == 502
        assert made.refused() == {"name": 1, "unreachable": 1}

    run(work)


def test_the_next_address_is_tried_where_the_first_is_down() -> None:
    async def work(made: Town) -> None:
        await made.says(HELLO)
        made.names["a.org"] = [["1.1.1.1", PUBLIC]]
        await made.open("a.org")
        assert status(await made.get("http://a.org/")) == 200
        assert made.dialled == [("1.1.1.1", 80), (PUBLIC, 80)]

    run(work)


def test_headers_of_one_hop_and_offers_of_quic_are_left_out() -> None:
    async def work(made: Town) -> None:
        await made.says(
            b'HTTP/1.1 200 OK\r\nAlt-Svc: h3=":443"\r\nConnection: x-own\r\nX-Own: 1\r\n'
            b"Content-Length: 0\r\nX-Kept: yes\r\n\r\n"
        )
        made.names["a.org"] = [[PUBLIC]]
        await made.open("a.org")
        answer = await made.get(
            "http://a.org/",
            "Proxy-Authorization: Basic eDp5\r\nConnection: X-Gone\r\nX-Gone: 1\r\nX-Kept: 1\r\n"
            "Upgrade: h2c\r\n",
        )
        heard = made.heard[0].lower()
        assert b"x-kept: 1" in heard
        assert b"host: a.org\r\n" in heard
        for gone in (b"proxy-authorization", b"x-gone", b"upgrade", b"host: x"):
            assert gone not in heard
        said = answer.lower()
        assert b"x-kept: yes" in said
        assert b"alt-svc" not in said
        assert b"x-own" not in said

    run(work)


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: a.org\r\n\r\n",
        b"TRACE http://a.org/ HTTP/1.1\r\nHost: a.org\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x05\x01\x00",
        b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\n\n",
        b"GET http://a.org/ HTTP/1.1\r\n\r\n",
        b"GET http://a.org/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET http://a.org/\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
        (b"POST http://a.org/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        b"POST http://a.org/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
        b"POST http://a.org/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_request_of_a_proxy_reaches_nobody(said: bytes) -> None:
    async def work(made: Town) -> None:
        await made.says(HELLO)
        made.names["a.org"] = [[PUBLIC]]
        await made.open("a.org", limits=Limits(head_s=0.5))
        answer = await made.ask(said)
        assert status(answer) in {0, 400, 403, 408}
        assert made.heard == []
        assert sum(made.refused().values()) == 1

    run(work)


def test_a_second_request_hidden_behind_the_first_is_not_sent() -> None:
    async def work(made: Town) -> None:
        await made.says(HELLO)
        made.names["a.org"] = [[PUBLIC]]
        await made.open("a.org")
        one = b"GET http://a.org/one HTTP/1.1\r\nHost: a\r\n\r\n"
        answer = await made.ask(one + one.replace(b"/one", b"/two"))
        assert answer.count(b"HTTP/1.1 200") == 1
        assert len(made.heard) == 1
        assert b"/two" not in made.heard[0]

    run(work)


def test_a_body_arrives_whole_whichever_way_it_is_framed() -> None:
    bodies: list[bytes] = []

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"chunked" in head.lower():
            bodies.append(await reader.readuntil(b"0\r\n\r\n"))
        else:
            bodies.append(await reader.readexactly(200_000))
        writer.write(HELLO)
        await writer.drain()

    async def work(made: Town) -> None:
        await made.serve(speak)
        made.names["a.org"] = [[PUBLIC]]
        await made.open("a.org")
        post = b"POST http://a.org/ HTTP/1.1\r\nHost: a\r\n"
        long = b"x" * 200_000
        assert status(await made.ask(post + b"Content-Length: 200000\r\n\r\n", long)) == 200
        chunked = post + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        assert status(await made.ask(chunked)) == 200
        assert bodies[0] == long
        assert b"abc" in bodies[1]

    run(work)


def test_huge_heads_are_refused_on_either_side() -> None:
    async def work(made: Town) -> None:
        await made.says(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n")
        made.names["a.org"] = [[PUBLIC]]
        await made.open("a.org")
        assert status(await made.get("http://a.org/", "X: " + "y" * 100_000 + "\r\n")) in {0, 400}
        many = "".join(f"X-{n}: {n}\r\n" for n in range(20_000))
        assert status(await made.get("http://a.org/", many)) in {0, 400}
        assert made.heard == []
        assert status(await made.get("http://a.org/")) == 400
        assert made.refused() == {"malformed": 3}

    run(work)


def test_a_head_that_drips_ends_at_its_deadline() -> None:
    async def work(made: Town) -> None:
        await made.open("a.org", limits=Limits(head_s=0.4))
        reader, writer = await made.connect()
        ended = asyncio.ensure_future(reader.read())
        for _ in range(1_000):
            if ended.done():
                break
            writer.write(b"G")
            await asyncio.sleep(0.02)
        with contextlib.suppress(
            ConnectionResetError
        ):  # a drop that comes after the end resets the answer
            assert status(await ended) == 408
        assert made.refused() == {"too_slow": 1}
        writer.close()

    run(work)


@pytest.mark.parametrize("limits", [Limits(idle_s=0.2), Limits(whole_s=2.0)])
def test_a_tunnel_that_is_silent_or_old_is_closed(limits: Limits) -> None:
    async def work(made: Town) -> None:
        await made.serve(echo)
        made.names["a.org"] = [[PUBLIC]]
        await made.open("a.org", limits=limits)
        assert status(await made.ask(TUNNEL)) == 200
        assert made.refused() == {"too_slow": 1}

    run(work)


def test_a_server_that_drips_is_cut_at_the_connections_whole_time() -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async def work(made: Town) -> None:
        await made.serve(speak)
        made.names["a.org"] = [[PUBLIC]]
        await made.open("a.org", limits=Limits(whole_s=0.5))
        assert status(await made.get("http://a.org/")) == 200
        assert made.refused() == {"too_slow": 1}

    run(work)


def test_an_answer_without_end_is_cut_at_the_bound() -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    async def work(made: Town) -> None:
        await made.serve(speak)
        made.names["a.org"] = [[PUBLIC]]
        await made.open("a.org", limits=Limits(carried_bytes=1 << 20))
        for said in (b"GET http://a.org/ HTTP/1.1\r\nHost: a\r\n\r\n", TUNNEL):
            assert len(await made.ask(said)) <= 2 << 20
        assert made.refused() == {"too_large": 2}

    run(work)


@contextlib.contextmanager
def room_for_descriptors() -> Iterator[None]:
    """This process is all thousand machines at once."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def descriptors() -> int:
    return len([*Path("/proc/self/fd").iterdir()])


def test_a_thousand_connections_at_once_are_all_answered_and_none_is_left() -> None:
    async def work(made: Town) -> None:
        await made.serve(echo)
        made.names["a.org"] = [[PUBLIC]]
        await made.open("a.org", limits=Limits(connections=50))
        before = descriptors()

        most = 0

        async def one() -> int:
            nonlocal most
            reader, writer = await made.connect()
            writer.write(TUNNEL)
            said = status(await reader.readuntil(b"\r\n\r\n"))
            most = max(most, len(made.proxy._serving))
            writer.write_eof()
            assert await reader.read() == b""
            writer.close()
            return said

        answers = await asyncio.gather(*(one() for _ in range(1_000)))
        assert answers == [200] * 1_000
        assert most <= 50
        await asyncio.gather(*made.proxy._serving)
        assert made.proxy.counts == {"served": 1_000}
        await made.close()
        assert descriptors() <= before

    with room_for_descriptors():
        run(work)


def test_who_hangs_up_at_once_costs_nothing() -> None:
    async def work(made: Town) -> None:
        await made.open("a.org")
        for _ in range(100):
            with socket.create_connection(("127.0.0.1", made.port)) as hasty:
                hasty.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        assert status(await made.get("http://b.org/")) == 403
        await asyncio.gather(*made.proxy._serving)
        assert made.proxy.counts["failed"] == 0

    run(work)


def test_a_surprise_ends_its_connection_alone_and_is_counted() -> None:
    async def work(made: Town) -> None:
        async def surprised(address: object, port: int) -> Any:
            raise ZeroDivisionError

        made.dial = surprised  # type: ignore[method-assign]
        made.names["a.org"] = [[PUBLIC]]
        await made.open("a.org")
        assert await made.get("http://a.org/") == b""
        assert status(await made.get("http://b.org/")) == 403
        assert made.proxy.counts["failed"] == 1

    run(work)


def test_closing_ends_what_is_carried() -> None:
    async def work(made: Town) -> None:
        await made.serve(echo)
        made.names["a.org"] = [[PUBLIC]]
        await made.open("a.org")
        reader, writer = await made.connect()
        writer.write(TUNNEL)
        assert status(await reader.readuntil(b"\r\n\r\n")) == 200
        await made.proxy.close()
        assert await reader.read() == b""
        with pytest.raises(OSError):
            await made.connect()
        writer.close()

    run(work)


def test_the_kernel_says_whose_the_other_end_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        own = listener.getsockname()
        with socket.create_connection(own) as asking:
            named = asking.getsockname()
            assert peer.owner(named, own) == os.geteuid()
            assert peer.owner(named, ("127.0.0.2", own[1])) is None
        assert peer.owner(named, own) is None


def test_another_users_process_is_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(made: Town) -> None:
        await made.says(HELLO)
        made.names["a.org"] = [[PUBLIC]]
        await made.open("a.org")
        ours = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: ours + 1)
        assert status(await made.get("http://a.org/")) in {0, 403}  # it was hung up on
        assert made.refused() == {"stranger": 1}
        assert made.dialled == []

    run(work)


def test_what_is_refused_is_logged_once_and_without_what_was_asked() -> None:
    async def work(made: Town) -> None:
        await made.open("a.org")
        for n in range(300):
            await made.get(f"http://b.org/secret{n}?token=hush", "Cookie: hush\r\n")
        for n in range(300):
            await made.get(f"http://n{n}.org/")
        assert made.refused() == {"host": 600}

    with structlog.testing.capture_logs() as lines:
        run(work)
    assert len(lines) == proxy.LINES
    assert lines[0] == {
        "event": "egress.refused", "log_level": "warning", "subject": "m", "reason": "host",
        "host": "b.org", "port": 80,
    }  # fmt: skip
    assert "hush" not in str(lines)
    assert "secret" not in str(lines)
