"""Each action's effect, read back in the page."""

from __future__ import annotations

import pytest

from envs import actions as act
from tests.envs.web.conftest import Bench, named

pytestmark = pytest.mark.browser

NOTES = """<script>window.seen = [];
for (const kind of ['click','dblclick','contextmenu','auxclick','mousedown','mouseup','keydown',
  'keyup','wheel','drop'])
  document.addEventListener(kind, e => seen.push([kind, e.button ?? null, e.detail ?? null, e.key ?? null,
    e.shiftKey, e.deltaY ?? null]), true)</script>"""


def kinds(bench: Bench) -> list[str]:
    return [event[0] for event in bench.js("seen")]


def test_clicks_of_every_kind_arrive(bench: Bench) -> None:
    bench.open(NOTES + "<div style='height:600px'>here</div>")
    bench.act(act.Click(200, 200, modifiers=("shift",)))
    assert ["click", 0, 1, None, True, None] in bench.js("seen")
    bench.js("seen.length = 0")
    bench.act(act.DoubleClick(200, 200))
    assert kinds(bench).count("click") == 2
    assert "dblclick" in kinds(bench)
    bench.js("seen.length = 0")
    bench.act(act.TripleClick(200, 200))
    assert max(e[2] for e in bench.js("seen") if e[0] == "click") == 3
    bench.act(act.RightClick(200, 200))
    bench.act(act.MiddleClick(200, 200))
    assert "contextmenu" in kinds(bench)
    assert "auxclick" in kinds(bench)


def test_scrolling_up_is_a_negative_delta(bench: Bench) -> None:
    bench.open(NOTES + "<div style='height:4000px'>long</div>")
    bench.act(act.Scroll(400, 400, dy=-3))
    assert bench.js("scrollY") == 300
    bench.act(act.Scroll(400, 400, dy=1))
    assert bench.js("scrollY") == 200
    assert [e[5] for e in bench.js("seen") if e[0] == "wheel"] == [300, -100]


def test_text_goes_where_the_focus_is(bench: Bench) -> None:
    tree = bench.open("<form><input aria-label=Name value=old></form>" + NOTES)
    box = named(tree, "textbox", "Name").box
    assert box is not None
    bench.act(act.Click(*box.centre))
    bench.act(act.Write("New 新名字", clear=True))
    assert named(bench.env.tree(), "textbox", "Name").value == "New 新名字"
    bench.act(act.Write("x" * 5000, clear=True))
    assert bench.js("document.querySelector('input').value.length") == 5000


def test_a_list_box_takes_one_of_its_options(bench: Bench) -> None:
    tree = bench.open(
        "<label>Size <select id=s onchange='document.title=this.value'><option value=a>small"
        "<option value=b>large<option value=c disabled>huge</select></label>"
    )
    box = named(tree, "combobox", "Size").box
    assert box is not None
    x, y = box.centre
    assert bench.act(act.SelectOption(x, y, "large")).outcome == "applied"
    assert bench.js("document.title") == "b"
    for wanted in ("huge", "none"):
        refused = bench.act(act.SelectOption(x, y, wanted))
        assert (refused.outcome, "no option" in refused.reason) == ("rejected", True)
    assert bench.act(act.SelectOption(600, 600, "a")).outcome == "rejected"


def test_a_file_field_takes_a_file_of_the_machine(bench: Bench) -> None:
    tree = bench.open("<label>Proof <input type=file onchange='got=this.files[0].name'></label>")
    box = named(tree, "file-chooser").box
    assert box is not None
    x, y = box.centre
    bench.env.put_file("proof of 居住.txt", b"yes")
    assert bench.act(act.UploadFile(x, y, "proof of 居住.txt")).outcome == "applied"
    assert bench.js("got") == "proof of 居住.txt"
    assert named(bench.env.tree(), "file-chooser").value == "proof of 居住.txt"
    assert bench.act(act.UploadFile(x, y, "../../etc/passwd")).outcome == "rejected"
    assert bench.act(act.UploadFile(x, y, "absent.txt")).outcome == "rejected"
    assert bench.act(act.UploadFile(700, 700, "notes.txt")).outcome == "rejected"
    chosen = bench.act(act.Click(x, y))
    assert chosen.outcome == "applied"  # the native chooser is declined and nothing hangs
    assert bench.env.tree().elements


def test_a_drag_moves_what_can_be_dragged(bench: Bench) -> None:
    bench.open(
        "<div id=a draggable=true style='width:100px;height:50px;background:teal'></div>"
        "<div id=b style='position:absolute;left:400px;top:300px;width:200px;height:200px;"
        "background:silver' ondragover='event.preventDefault()' ondrop='dropped=true'></div>"
        "<script>dropped=false</script>"
    )
    path = (act.PathPoint(50, 30, 0), act.PathPoint(200, 150, 100), act.PathPoint(500, 400, 200))
    assert bench.act(act.Drag(path)).outcome == "applied"
    assert bench.js("dropped") is True


def test_history_and_tabs(bench: Bench) -> None:
    first, second = bench.here.plant("<h1>first</h1>"), bench.here.plant("<h1>second</h1>")
    bench.act(act.Goto(first))
    bench.act(act.Goto(second))
    assert bench.act(act.GoBack()).outcome == "applied"
    assert named(bench.env.tree(), "heading").name == "first"
    assert bench.act(act.GoForward()).outcome == "applied"
    assert named(bench.env.tree(), "heading").name == "second"
    assert bench.act(act.GoForward()).outcome == "rejected"
    assert bench.act(act.TabClose()).outcome == "rejected"
    assert bench.act(act.NewTab()).outcome == "applied"
    assert bench.env.info.extra["url"] == "about:blank"
    assert bench.act(act.GoBack()).outcome == "rejected"
    assert bench.act(act.TabFocus(0)).outcome == "applied"
    assert named(bench.env.tree(), "heading").name == "second"
    assert bench.act(act.TabFocus(7)).outcome == "rejected"
    bench.act(act.TabFocus(1))
    assert bench.act(act.TabClose()).outcome == "applied"
    assert bench.env.health()["tabs"] == 1


def test_a_popup_becomes_the_tab_in_front(bench: Bench) -> None:
    other = bench.here.plant("<h1>popped up</h1><button onclick='close()'>Close</button>")
    tree = bench.open(f"<a href='{other}' target=_blank>Open</a>")
    box = named(tree, "link").box
    assert box is not None
    bench.act(act.Click(*box.centre))
    shown = bench.env.tree()
    assert named(shown, "heading").name == "popped up"
    bench.act(act.TabClose())
    assert named(bench.env.tree(), "link").name == "Open"


@pytest.mark.parametrize(
    ("script", "said"),
    [("(alert(1), 1)", 1), ("confirm('sure?')", False), ("prompt('who?')", None)],
)
def test_dialogs_are_answered_at_once(bench: Bench, script: str, said: object) -> None:
    tree = bench.open(f'<button onclick="result = {script}">Ask</button>')
    box = named(tree, "button").box
    assert box is not None
    assert bench.act(act.Click(*box.centre)).outcome == "applied"
    assert bench.env.tree().elements
    assert bench.env.screen().width == 1280
    assert bench.js("result") == said


def test_what_a_page_may_not_do_is_refused(bench: Bench) -> None:
    bench.open("<p>start</p>")
    for url in ("https://example.org/", "file:///etc/passwd", "javascript:1", "http://[", "x"):
        assert bench.act(act.Goto(url)).outcome == "rejected", url
    assert bench.act(act.Press(("nosuchkey",))).outcome == "rejected"
    assert bench.act(act.Click(5000, 5)).outcome == "rejected"
    assert bench.act(act.Tap(5, 5)).outcome == "rejected"
    assert named(bench.env.tree(), "paragraph")
