"""What the tree says is what the browser lays out, names and shows."""

from __future__ import annotations

import pytest

from envs.actions import Click, Press, Scroll
from tests.envs.web.conftest import Bench, named

pytestmark = pytest.mark.browser


def test_boxes_equal_the_layout(bench: Bench) -> None:
    tree = bench.open(
        "<button id=a style='position:absolute;left:33.4px;top:47.6px;width:120px;height:31px'>Go"
        "</button><a id=b href=# style='position:absolute;left:300px;top:210px'>Further on</a>"
        "<input id=c aria-label=Town style='position:absolute;left:500px;top:300px'>"
        "<div style='transform:rotate(15deg);position:absolute;left:700px;top:400px'>"
        "<button id=d>Askew</button></div>"
    )
    pairs = (("button", "Go", "#a"), ("link", "Further on", "#b"), ("textbox", "Town", "#c"))
    for role, name, selector in (*pairs, ("button", "Askew", "#d")):
        element = named(tree, role, name)
        assert element.box is not None
        assert element.box.as_list() == bench.rect(selector), name
        assert element.hit is True
    assert bench.env.hit(93, 60) in {e.id for e in tree.elements}


def test_names_come_from_where_the_standard_says(bench: Bench) -> None:
    tree = bench.open(
        "<span id=x>Given</span> <span id=y>twice</span>"
        "<button aria-labelledby='x y' aria-label=No>no</button>"
        "<button aria-label='By attribute'>no</button><label>Wrapped <input value=no></label>"
        "<label for=f>Pointed</label><input id=f type=checkbox><img alt='A hill' width=9 height=9 "
        "src='data:,'><input placeholder=Hint><input type=submit value=Send>"
        "<button title='Only a title'><svg width=9 height=9></svg></button>"
        "<button><svg width=9 height=9><title>Drawn</title></svg></button>"
        "<fieldset><legend>Kinds</legend><input type=radio aria-label=One></fieldset>"
        "<a href=#>A <b>bold</b> <span hidden>secret</span>link</a><button>  </button>"
    )
    said = {(e.name_source, e.name) for e in tree.elements if e.role != "text"}
    assert {
        ("labelledby", "Given twice"),
        ("aria-label", "By attribute"),
        ("label", "Wrapped"),
        ("label", "Pointed"),
        ("alt", "A hill"),
        ("placeholder", "Hint"),
        ("value", "Send"),
        ("title", "Only a title"),
        ("alt", "Drawn"),
        ("title", "Drawn"),
        ("legend", "Kinds"),
        ("text", "A bold link"),
        ("", ""),
    } <= said
    assert named(tree, "link").name == "A bold link"


def test_an_item_is_not_called_what_it_opens(bench: Bench) -> None:
    tree = bench.open(
        "<ul role=tree><li role=treeitem>Files<ul role=group><li role=treeitem>Old</ul></ul>"
    )
    assert [e.name for e in tree.elements if e.role == "treeitem"] == ["Files", "Old"]


def test_states_and_values_are_those_of_the_controls(bench: Bench) -> None:
    tree = bench.open(
        "<input type=checkbox checked aria-label=Yes><button aria-pressed=true>Down</button>"
        "<button disabled>Off</button><select aria-label=Pick><option>one<option selected>two</select>"
        "<input aria-label=Fixed value=kept readonly><input aria-label=Must required>"
        "<button aria-expanded=false aria-haspopup=menu>More</button>"
        "<textarea aria-label=Long>some text</textarea><input type=range aria-label=Level value=30>"
        "<div role=tab aria-selected=true>First</div>"
    )
    states = {e.name: e.states for e in tree.elements if e.role != "text"}
    assert {"checkable", "checked"} <= states["Yes"]
    assert "pressed" in states["Down"]
    assert "disabled" in states["Off"]
    assert named(tree, "button", "Off").actions == ()
    assert named(tree, "combobox", "Pick").value == "two"
    assert {"read-only"} <= states["Fixed"]
    assert "editable" not in states["Fixed"]
    assert {"required", "editable", "enabled"} <= states["Must"]
    assert {"collapsed", "expandable", "has-popup"} <= states["More"]
    assert "multi-line" in states["Long"]
    assert named(tree, "textbox", "Long").value == "some text"
    assert named(tree, "slider", "Level").value == "30"
    assert "selected" in states["First"]


def test_a_password_is_never_read(bench: Bench) -> None:
    tree = bench.open(
        "<label>Secret <input id=p type=password value=hunter2></label>"
        "<label>Shown <input id=q type=text autocomplete=current-password value=hunter2></label>"
        "<button aria-labelledby=p>x</button>"
    )
    assert "hunter2" not in repr(tree)
    assert "protected" in named(tree, "textbox", "Secret").states
    bench.js("document.getElementById('p').type = 'text'")
    tree = bench.env.tree()
    assert "hunter2" not in repr(tree)
    assert "protected" in named(tree, "textbox", "Secret").states


def test_what_is_covered_is_not_on_top(bench: Bench) -> None:
    tree = bench.open(
        "<button style='position:absolute;left:50px;top:50px;width:100px;height:40px'>Under</button>"
        "<div role=dialog aria-label=Over style='position:absolute;left:40px;top:40px;width:200px;"
        "height:100px;background:#fff'></div><button style='position:absolute;left:400px'>Free</button>"
    )
    assert named(tree, "button", "Under").hit is False
    assert named(tree, "button", "Free").hit is True
    assert bench.env.hit(100, 70) == named(tree, "dialog", "Over").id


def test_what_does_not_show_is_left_out(bench: Bench) -> None:
    tree = bench.open(
        "<button style='display:none'>A</button><button style='visibility:hidden'>B</button>"
        "<button style='opacity:0'>C</button><button style='position:absolute;left:-900px'>D</button>"
        "<button style='position:absolute;clip:rect(0,0,0,0)'>E</button>"
        "<div style='height:60px;overflow:hidden'><button style='margin-top:200px'>F</button></div>"
        "<details><summary>More</summary><button>G</button></details>"
        "<div style='width:0;height:0;overflow:hidden'><button>H</button></div>"
        "<div aria-hidden=true><button>I</button></div><button hidden>J</button><button>Z</button>"
        "<div style='visibility:hidden'><button style='visibility:visible'>Y</button></div>"
    )
    assert {e.name for e in tree.elements if e.role == "button"} == {"Z", "Y"}


def test_a_box_is_cut_by_what_clips_it_and_says_so(bench: Bench) -> None:
    tree = bench.open(
        "<div style='position:absolute;left:100px;top:100px;width:200px;height:50px;overflow:auto'>"
        "<button style='width:150px;height:80px'>Tall</button></div>"
    )
    tall = named(tree, "button", "Tall")
    assert tall.box is not None
    assert tall.box.as_list()[:2] == [100, 100]
    assert tall.box.bottom == 150
    assert "clipped" in tall.states


def test_frames_of_the_same_origin_and_shadow_roots_are_read_in_place(bench: Bench) -> None:
    inner = bench.here.plant("<button style='position:absolute;left:20px;top:30px'>Inner</button>")
    tree = bench.open(
        f"<iframe src='{inner}' style='position:absolute;left:300px;top:200px;width:250px;height:120px;"
        "border:5px solid;padding:3px'></iframe><my-box></my-box><script>customElements.define('my-box',"
        "class extends HTMLElement{connectedCallback(){this.attachShadow({mode:'open'}).innerHTML="
        "'<button>Shadowed</button><slot></slot>'}})</script>"
    )
    box = named(tree, "button", "Inner").box
    assert box is not None
    assert (box.left, box.top) == (328, 238)
    assert named(tree, "button", "Inner").hit is True
    assert bench.env.hit(*box.centre) in {e.id for e in tree.elements if e.name == "Inner"}
    shadowed = named(tree, "button", "Shadowed")
    assert shadowed.hit is True
    assert shadowed.box is not None
    known = tree.by_id()
    found = bench.env.hit(*shadowed.box.centre)
    assert found is not None
    assert known[found].name == "Shadowed"


@pytest.mark.parametrize("host", ["127.0.0.1", "widgets.test"])
def test_frames_of_another_origin_are_read_in_place(bench: Bench, host: str) -> None:
    inner = bench.elsewhere.plant(
        "<button style='position:absolute;left:20px;top:30px'>Far</button>"
    )
    address = inner if host == "127.0.0.1" else "http://widgets.test/?seed=1"
    tree = bench.open(
        f"<iframe src='{address}' title=Other style='position:absolute;left:300px;top:200px;"
        "width:600px;height:220px;border:5px solid'></iframe>"
        "<div style='position:absolute;left:300px;top:330px;width:700px;height:300px;background:red'>"
        "</div>"
    )
    outer = named(tree, "iframe", "Other")
    if host == "127.0.0.1":
        far = named(tree, "button", "Far")
        assert far.box is not None
        assert (far.box.left, far.box.top) == (325, 235)
        assert far.hit is True
        found = bench.env.hit(*far.box.centre)
        assert found is not None
        assert tree.by_id()[found].name == "Far"
    inside = [e for e in tree.elements if e.parent == outer.id]
    assert [e.role for e in inside] == ["document"]
    covered = [e for e in tree.elements if e.box and e.box.top > 340 and e.role == "button"]
    assert all(e.hit is False for e in covered)


def test_text_has_boxes_of_its_own(bench: Bench) -> None:
    tree = bench.open("<p style='width:600px'>Some words <b>and bold ones</b> 与中文</p>")
    texts = [e for e in tree.elements if e.role == "text"]
    assert [e.name for e in texts] == ["Some words", "and bold ones", "与中文"]
    boxes = [e.box for e in texts]
    assert all(b is not None and b.area > 0 for b in boxes)
    assert all(e.hit for e in texts)
    first, second = boxes[0], boxes[1]
    assert first is not None
    assert second is not None
    assert first.right <= second.left + 1


def test_ids_live_as_long_as_their_document(bench: Bench) -> None:
    html = "<button>One</button><p style='height:3000px'>tall</p>"
    first = bench.open(html)
    assert bench.env.tree().agrees_with(first)
    bench.act(Scroll(600, 400, dy=-1))
    moved = bench.env.tree()
    kept = {e.id: e.name for e in first.elements}
    assert all(kept.get(e.id, e.name) == e.name for e in moved.elements)
    assert {e.id for e in first.elements} & {e.id for e in moved.elements}
    again = bench.open(html)
    assert not {e.id for e in again.elements} & {e.id for e in first.elements}


def test_an_open_list_box_shows_its_options(bench: Bench) -> None:
    tree = bench.open(
        "<style>select,::picker(select){appearance:base-select}</style>"
        "<select aria-label=Size><option>small<option>large</select>"
    )
    box = named(tree, "combobox", "Size").box
    assert box is not None
    bench.act(Click(*box.centre))
    options = [e for e in bench.env.tree().elements if e.role == "option"]
    assert [e.name for e in options] == ["small", "large"]
    assert all(e.box and e.hit for e in options)


@pytest.mark.parametrize(
    "control",
    [
        "<input type=date aria-label=Pick>",
        "<input type=color aria-label=Pick>",
        "<select aria-label=Pick><option>one<option>two</select>",
    ],
)
def test_what_a_native_picker_may_cover_is_not_on_top(bench: Bench, control: str) -> None:
    tree = bench.open(
        f"{control}<p><button>Near</button></p><button style='position:absolute;left:900px;top:650px'>"
        "Far</button>"
    )
    picker = next(e for e in tree.elements if e.name == "Pick")
    assert picker.box is not None
    near = named(tree, "button", "Near").box
    assert near is not None
    bench.act(Click(picker.box.right - 12, picker.box.centre[1]))
    over = bench.env.tree()
    assert "native-popup" in over.notes
    assert named(over, "button", "Near").hit is False
    assert named(over, "button", "Far").hit is True
    assert bench.env.hit(*near.centre) is None
    bench.act(Press(("esc",)))
    assert named(bench.env.tree(), "button", "Near").hit is True


def test_what_a_native_complaint_may_cover_is_not_on_top(bench: Bench) -> None:
    tree = bench.open("<form><input required aria-label=Must><p><button>Send</button></p></form>")
    send = named(tree, "button", "Send")
    assert send.box is not None
    bench.act(Click(*send.box.centre))
    assert named(bench.env.tree(), "button", "Send").hit is False
