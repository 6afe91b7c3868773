"""Behind a real nginx with the configuration that we ship: TLS outside, the dashboard on loopback."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from collector.dash.access.surface import surface
from infra.store import events
from tests.certificate import certificate
from tests.collector.dash.console.showing import controlling
from tests.collector.dash.console.viewing import Viewer
from tests.collector.dash.serving import OURS, serving
from tests.house.source import ROOT

NAME = "fleet.example.org"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
WHOLE = """\
pid {place}/pid;
error_log {place}/error.log;
events {{}}
http {{
    access_log off;
    {temporary}
{ours}
}}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")

pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx here")


class Proxied:
    """The dashboard as others reach it."""

    def __init__(self, served, port, trusts):
        self.served, self.port, self.trusts = served, port, trusts
        self.host = f"{NAME}:{port}"
        self.origin = f"https://{self.host}"

    def client(self, **headers):
        ours = {**OURS, "Host": self.host, **headers}
        address = f"https://127.0.0.1:{self.port}"
        return httpx.Client(base_url=address, verify=self.trusts, headers=ours, timeout=20)

    @contextmanager
    def signed_in(self, role="admin"):
        form = {"token": self.served.token(role), "next": "/events"}
        with self.client() as peer:
            entered = peer.post("/login", data=form)
            assert (entered.status_code, entered.headers["location"]) == (303, "/events")
            assert entered.headers["set-cookie"].startswith("__Host-trawl-")
            yield peer

    def socket(self, path, cookies, origin=None):
        said = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        return connect(
            f"wss://{self.host}{path}", sock=socket.create_connection(("127.0.0.1", self.port)),
            ssl=self.trusts, server_hostname=NAME, origin=origin or self.origin,
            additional_headers=said, proxy=None, compression=None,
        )  # fmt: skip


def configured(place, port, listener, files):
    """The file that we ship, with this test's ports and certificate."""
    ours = (ROOT / "infra" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for is_said, is_here in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("127.0.0.1:8710", f"127.0.0.1:{listener}"),
        (f"/etc/ssl/{NAME}.pem", str(files[0])),
        (f"/etc/ssl/private/{NAME}.key", str(files[1])),
    ):
        assert is_said in ours
        ours = ours.replace(is_said, is_here)
    temporary = " ".join(f"{kind}_temp_path {place}/{kind};" for kind in TEMPORARY)
    path = place / "nginx.conf"
    path.write_text(WHOLE.format(place=place, temporary=temporary, ours=ours), encoding="utf-8")
    return path


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def proxied(desk, tmp_path):
    files, port = certificate(tmp_path, NAME), free_port()
    behind = surface("127.0.0.1", 0, [NAME], None, None, behind_proxy=True)
    with serving(desk, surface=behind) as served:
        path = configured(tmp_path, port, served.url.rpartition(":")[2], files)
        command = [NGINX, "-p", tmp_path, "-c", path, "-g", "daemon off;"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as nginx:
            made = Proxied(served, port, ssl.create_default_context(cafile=str(files[0])))
            try:
                answers(made, nginx)
                yield made
            finally:
                nginx.terminate()


def answers(proxied, nginx):
    until_s = time.monotonic() + 20
    while time.monotonic() < until_s:
        assert nginx.poll() is None, nginx.stderr.read()
        try:
            with proxied.client() as peer:
                assert peer.get("/readyz").status_code == 200
                return
        except httpx.TransportError:
            time.sleep(0.05)
    pytest.fail("nginx does not answer")


def test_people_sign_in_and_what_they_change_is_taken_from_our_own_page_alone(proxied):
    with proxied.signed_in() as peer:
        assert peer.get("/events").status_code == 200
        foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
        assert peer.post("/logout", headers=foreign).status_code == 403
        assert peer.post("/logout", headers={"Origin": proxied.origin}).status_code == 303
        assert peer.get("/events").status_code == 303
    with proxied.client(Host="elsewhere.example") as stranger:
        assert stranger.get("/login").status_code == 421


def test_what_happens_is_told_at_once_and_not_kept_back_by_the_proxy(desk, proxied):
    with (
        proxied.signed_in("viewer") as peer,
        peer.stream("GET", "/stream?topics=events") as answer,
    ):
        lines = answer.iter_lines()
        next(line for line in lines if line == "event: beat")
        with desk.store.write() as tx:
            events.add(tx, 1, "odd", "fleet", "through the proxy")
        told = json.loads(next(line for line in lines if "through" in line).partition(": ")[2])
        assert told["reason"] == "through the proxy"


def test_a_console_is_worked_in_and_another_sites_page_opens_none(desk, seeded, proxied):
    (machine,) = seeded(machines=1, kind="ubuntu", host="here", observed="PARKED")
    with controlling(desk), proxied.signed_in("operator") as peer:
        ticket = f"/machines/{machine.name}/console-ticket"
        address = peer.post(ticket, json={"control": True}).json()["address"]
        with pytest.raises(InvalidStatus):
            proxied.socket(address, peer.cookies, "https://elsewhere.example")
        with proxied.socket(address, peer.cookies) as opened:
            operator = Viewer(opened).greet()
            before = operator.colour()
            operator.send(b"\x04\x01\0\0\0\0\0\x61")
            assert operator.colour() != before


def test_a_visitor_is_known_by_its_address_whatever_it_says_of_itself(proxied):
    with proxied.client(**{"X-Forwarded-For": "203.0.113.7"}) as guesser:
        codes = [guesser.post("/login", data={"token": f"tw-{n}"}).status_code for n in range(30)]
        assert codes[-1] == 429
    with proxied.client(**{"X-Forwarded-For": "203.0.113.8"}) as again:
        assert again.post("/login", data={"token": "tw-x"}).status_code == 429
