"""What a hostile page does costs neither the machine's word nor much time."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from envs import actions as act
from infra import limits
from infra.errors import DeadlineExceeded
from tests.envs.web.conftest import Bench, named, opened

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    yield from opened(observe_s=4.0, act_s=12.0)


def test_a_million_nodes_are_cut_short_quickly(bench: Bench) -> None:
    bench.open(
        "<style>i{display:contents}</style><button>first</button><div id=d></div><script>let s='';for(let i=0;i<1000;i++)s+='<i></i>';"
        "const f=document.createElement('div');f.innerHTML=s;for(let i=0;i<1000;i++)"
        "d.append(f.cloneNode(true))</script>"
    )
    assert bench.js("document.querySelectorAll('i').length") == 1_000_000
    begun = time.monotonic()
    tree = bench.env.tree()
    assert time.monotonic() - begun < 5
    assert tree.truncated
    assert len(tree.elements) <= limits.TREE_NODES
    assert named(tree, "button").name == "first"
    bench.act(act.Goto("about:blank"))


def test_a_very_deep_page_is_read_to_a_bound(bench: Bench) -> None:
    tree = bench.open(
        "<button>top</button><script>let at=document.body;for(let i=0;i<2000;i++)"
        "{const d=document.createElement('div');d.setAttribute('role','group');at.append(d);at=d}"
        "at.textContent='deep'</script>"
    )
    assert named(tree, "button").name == "top"
    bench.act(act.Goto("about:blank"))


@pytest.mark.parametrize("size", ["NaN", "Infinity", "1e308", "-5"])
def test_sizes_that_make_no_sense_become_boxes_or_none(bench: Bench, size: str) -> None:
    tree = bench.open(
        f"<button id=b style='position:absolute'>Odd</button><script>b.style.width='{size}px';"
        f"b.style.height='99999999px'; b.style.transform='scale({size})';"
        "Element.prototype.getBoundingClientRect = () => ({left:NaN,top:NaN,right:NaN,bottom:NaN});"
        "Math.round = () => NaN; JSON.stringify = () => '[]'; Array.prototype.push = () => 0;"
        "window.getComputedStyle = () => { throw 1 }; devicePixelRatio = NaN</script><a href=#>On</a>"
    )
    assert named(tree, "link").name == "On"
    for element in tree.elements:
        assert element.box is None or abs(element.box.right) <= limits.COORDINATE_PX


def test_huge_and_broken_texts_are_cut_and_can_be_written(bench: Bench) -> None:
    tree = bench.open(
        "<title>\x1b[31mred\x1b]0;evil\x07 \u202emirrored</title><button id=b></button>"
        "<input id=i><p id=p></p><script>b.textContent='x'.repeat(5e6);i.value='\\ud800 lone';"
        "i.setAttribute('aria-label','\\udfff'.repeat(10));p.textContent='p '.repeat(1e6);"
        "document.title+='y'.repeat(1e6)</script>"
    )
    assert sum(len(e.name) + len(e.value) for e in tree.elements) < 100_000
    for element in tree.elements:
        f"{element.name}{element.value}{element.window}{element.role}".encode()


def test_a_page_that_cannot_stop_asking_loses_its_tab(bench: Bench) -> None:
    bench.act(act.Goto(bench.here.plant("<script>for(;;) alert('again')</script>")))
    until = time.monotonic() + 20
    while not bench.env.health().get("tabs_closed") and time.monotonic() < until:
        time.sleep(0.1)
    assert bench.env.health()["tabs_closed"] == 1
    assert bench.env.health()["tabs"] == 1
    assert named(bench.open("<h1>well</h1>"), "heading").name == "well"


def test_a_page_that_never_stands_still_is_answered_or_given_up_in_time(bench: Bench) -> None:
    bench.act(act.Goto(bench.here.plant("<h1>x</h1><script>location.reload()</script>")))
    begun = time.monotonic()
    try:
        bench.env.tree()
    except DeadlineExceeded:
        assert time.monotonic() - begun < 12
    bench.act(act.NewTab())
    bench.act(act.TabFocus(0))
    bench.act(act.TabClose())
    assert named(bench.open("<h1>well</h1>"), "heading").name == "well"


def test_a_page_that_never_yields_is_given_up_in_time_and_can_be_left(bench: Bench) -> None:
    tree = bench.open("<button onclick='for(;;);'>Hang</button>")
    box = named(tree, "button").box
    assert box is not None
    begun = time.monotonic()
    assert bench.act(act.Click(*box.centre)).outcome in {"applied", "unknown"}
    with pytest.raises(DeadlineExceeded):
        bench.env.tree()
    assert time.monotonic() - begun < 30
    bench.act(act.NewTab())
    assert named(bench.open("<h1>well</h1>"), "heading").name == "well"


def test_a_flood_of_windows_is_bounded(bench: Bench) -> None:
    tree = bench.open("<button onclick=\"for(let i=0;i<40;i++)open('about:blank')\">Open</button>")
    box = named(tree, "button").box
    assert box is not None
    bench.act(act.Click(*box.centre))
    time.sleep(1.0)
    assert int(bench.env.health()["tabs"]) <= 12
