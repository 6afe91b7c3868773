"""Fault 32: a foreign page, in the browser of somebody who is signed in, sends what would have effects."""

from __future__ import annotations

import inspect

import pytest

from collector.dash import acts
from tests.collector.dash.fixtures import complaints, desk, driven, page, seeded, served
from tests.faults.foreign import held, routes, site

__all__ = ["complaints", "desk", "driven", "page", "seeded", "served"]
ORDER = "order=drain&name=m0000"
FORM = """
<form method=post action="{url}/machines/orders" target=_top>
<input name=order value=drain><input name=name value=m0000></form>
<script>document.forms[0].submit()</script>"""
LOGIN = """
<form method=post action="{url}/login"><input name=token value="{token}"></form>
<script>document.forms[0].submit()</script>"""
ASKS = """
<script>
const kind = {{"Content-Type": "application/x-www-form-urlencoded"}};
const ask = (method, path, mode, more) => fetch("{url}" + path, {{method, mode, credentials: "include", ...more}})
  .then(answer => answer.type + answer.status, () => "failed");
Promise.all([
  ask("POST", "/machines/orders", "no-cors", {{headers: kind, body: "{order}"}}),
  ask("POST", "/api/v1/machines/drain", "no-cors", {{body: '{{"names": ["m0000"]}}'}}),
  ask("POST", "/api/v1/machines/drain", "cors", {{headers: {{"Content-Type": "application/json"}}, body: '{{"names": ["m0000"]}}'}}),
  ask("POST", "/logout", "no-cors"),
  ask("GET", "/api/v1/machines", "cors"),
]).then(said => {{ document.title = said.join(" "); }});
</script>
<img src="{url}/api/v1/machines" onload="document.body.id = 'read'"><script src="{url}/stream"></script>"""


@pytest.mark.browser
@pytest.mark.parametrize("html", [FORM, ASKS], ids=["a form", "requests of a script"])
def test_what_a_foreign_page_sends_is_refused_and_nothing_changes(
    desk, served, page, seeded, complaints, html
):
    seeded(machines=2)
    before = held(desk)
    answers = []
    page.on("response", lambda said: answers.append((said.url, said.status)))
    with site(html.format(url=served.url, order=ORDER)) as address:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.wait_for_function(
            "document.title"
        )  # it has heard each answer, or its form has left it
    sent = {status for url, status in answers if url.startswith(f"{served.url}/machines/orders")}
    assert sent <= {403}, answers
    assert held(desk) == before
    assert "200" not in page.title()
    assert page.locator("#read").count() == 0
    page.goto("/login")  # still signed in: it leads to the first page
    assert page.url == f"{served.url}/"
    complaints.clear()  # the browser tells what was refused


@pytest.mark.browser
def test_a_foreign_page_signs_nobody_in(desk, served, page, complaints):
    page.context.clear_cookies()
    with site(LOGIN.format(url=served.url, token=served.token("viewer"))) as address:
        page.goto(address)
        page.wait_for_load_state("networkidle")
    assert page.context.cookies() == []
    complaints.clear()


def test_no_look_changes_anything(desk, served, seeded):
    """Every page and every answer that is only asked for, one after another."""
    seeded(machines=3, events=30)
    before = held(desk)
    looks = [path for method, path in routes(desk) if method == "GET" and path != "/stream"]
    with served.client() as peer:
        answered = {path: peer.get(path).status_code for path in looks}
    assert {
        code for code in answered.values() if code not in {200, 303, 308, 400, 404, 409, 422, 503}
    } == (set())
    assert held(desk) == before


def test_every_act_of_the_dashboard_stands_in_the_log_with_who_did_it():
    for name, act in inspect.getmembers(acts, inspect.isfunction):
        if act.__module__ == acts.__name__ and not name.startswith("_"):
            assert "audit.note(" in inspect.getsource(act), name
