"""The explorer of forms: what it fills with what, how it submits, what it does about an error."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest

from collector.explore import phrases
from collector.explore.forms.groups import groups
from collector.explore.memory import Memory
from collector.explore.view import View
from envs import actions as do
from envs.recording.reader import blobs_of
from envs.recording.types import Recording
from envs.types import Box, Observation
from tests.collector.explore.driving import on_fake
from tests.collector.explore.test_walk import seen, thing, window


def fills(recording: Recording) -> dict[str, list[do.Action]]:
    """What was done to each field to fill it."""
    made: dict[str, list[do.Action]] = {}
    for step in recording.steps:
        if step.why.startswith("fills"):
            made.setdefault(step.element_id or "", []).append(step.action)
    return made


def test_every_field_of_a_form_is_filled_and_the_form_submitted(tmp_path: Path) -> None:
    recording = on_fake(tmp_path, "forms", 1, 16)
    made = fills(recording)
    fields = ("name", "mail", "city", "news", "phone", "comment")
    assert made.keys() >= {f"form/{key}" for key in fields}
    submits = [step for step in recording.steps if step.why.startswith("submits")]
    assert submits
    blobs = blobs_of(next((tmp_path / "recordings").iterdir()))
    assert submits[0].after.tree.load(blobs).by_id()["form/city"].value
    mails = [a.text for a in made["form/mail"] if isinstance(a, do.Write)]
    assert mails
    assert all("@" in text for text in mails)


def test_fields_are_gone_to_by_the_pointer_and_by_tab_and_choices_are_changed(
    tmp_path: Path,
) -> None:
    kinds: Counter[str] = Counter()
    for seed in (1, 2):
        for step in on_fake(tmp_path, "forms", seed, 18).steps:
            kinds[f"{step.action.name} {step.why.split()[0]}"] += 1
    assert kinds["press goes"] > 0
    assert kinds["click fills"] > 0
    assert kinds["click submits"] > 0


def test_the_same_seed_fills_alike(tmp_path: Path) -> None:
    one, two = (on_fake(tmp_path / str(n), "forms", 5, 15) for n in range(2))
    assert [s.action for s in one.steps] == [s.action for s in two.steps]


def test_a_form_is_filled_a_few_times_in_a_run_and_then_there_is_nothing_left(
    tmp_path: Path,
) -> None:
    memory = Memory()
    counts = []
    for seed in (1, 2):
        recording = on_fake(tmp_path, "forms", seed, 100, memory)
        counts.append(sum(step.why.startswith("submits") for step in recording.steps))
    assert counts[0] > 0
    assert counts[-1] == 0
    assert recording.close is not None
    assert "no form was left" in recording.close.reason


def view_of(observation: Observation, *, isolated: bool = True) -> View:
    return View.of(observation, isolated=isolated)


def test_a_tool_bar_an_editor_and_a_terminal_are_no_forms() -> None:
    bar = thing("t", "toolbar", "", Box(0, 0, 300, 30))
    font = thing("f", "combobox", "Font", Box(10, 4, 90, 24), "t")
    size = thing("z", "combobox", "Size", Box(100, 4, 150, 24), "t")
    text = thing("e", "textbox", "Document", Box(0, 40, 299, 199), "w", "multi-line", "editable")
    shell = thing("s", "terminal", "Terminal", Box(0, 40, 200, 160), "w", "editable")
    assert groups(view_of(seen(window("active"), bar, font, size, text))) == []
    assert groups(view_of(seen(window("active"), shell))) == []


def test_radio_buttons_that_belong_together_are_one_field() -> None:
    name = thing("n", "textbox", "Name", Box(10, 10, 100, 30), "w", "editable")
    radios = [
        thing(f"r{i}", "radio", f"R{i}", Box(10, 40 + 20 * i, 90, 58 + 20 * i)) for i in range(3)
    ]
    (group,) = groups(view_of(seen(window("active"), name, *radios)))
    assert [(f.kind, len(f.nodes)) for f in group.fields] == [("text", 1), ("radio", 3)]


@pytest.mark.parametrize("isolated", [True, False])
def test_a_form_that_would_pay_is_not_submitted_even_by_enter(isolated: bool) -> None:
    from collector.explore.explorers import EXPLORERS
    from collector.explore.start import Start

    field = thing("n", "textbox", "Name", Box(10, 10, 100, 30), "w", "editable", "focused")
    pay = thing("p", "button", "Pay now", Box(10, 60, 100, 80))
    policy = EXPLORERS["forms"](Start(1, isolated=isolated))
    chosen = [policy.choose(seen(window("active"), field, pay), []) for _ in range(6)]
    said = [getattr(c, "why", "") for c in chosen]
    pressed = [c for c in chosen if getattr(c, "element_id", None) == "p"]
    submitted = any(why.startswith("submits") for why in said)
    assert submitted == isolated
    if not isolated:
        assert not pressed


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("People in your household (1 to 15)", 1, 15),
        ("Seconds, between 5 and 60", 5, 60),
        ("人数，最多 8", 0, 8),
        ("Copies, at least 3", 3, 23),
    ],
)
def test_a_number_keeps_the_limits_that_are_told(words: str, low: int, high: int) -> None:
    rng = random.Random(4)
    numbers = [int(phrases.text_for("spinbutton", words, "x", rng)) for _ in range(60)]
    assert all(low <= n <= high for n in numbers)
    assert len(set(numbers)) > 3


def test_a_field_with_chinese_words_mostly_gets_chinese() -> None:
    rng = random.Random(4)
    names = [phrases.text_for("textbox", "姓名", "x", rng) for _ in range(40)]
    assert sum(bool(phrases.HAN.search(name)) for name in names) > 30


@pytest.mark.parametrize("words", ["E-mail", "Telephone", "Website", "Postcode", "邮箱"])
def test_a_wrong_value_is_none_that_fits(words: str) -> None:
    rng = random.Random(4)
    fits = {
        "E-mail": r"[\w.]+@[\w.]+", "邮箱": r"[\w.]+@[\w.]+", "Telephone": r"[+\d ]{5,}",
        "Website": r"https?://\S+", "Postcode": r"[\dA-Z ]{3,9}",
    }[words]  # fmt: skip
    for _ in range(20):
        wrong = phrases.wrong_for(words, "textbox", rng)
        assert wrong is not None
        assert not re.fullmatch(fits, wrong)
        assert re.fullmatch(fits, phrases.text_for("textbox", words, "x", rng))


def test_message_and_language_ask_for_no_number() -> None:
    rng = random.Random(4)
    texts = [phrases.text_for("textbox", "Message", "x", rng) for _ in range(20)]
    assert not any(text.isdigit() for text in texts)


def test_the_way_to_a_form_leads_over_a_menu_and_its_item_that_asks_for_more() -> None:
    from collector.explore.explorers import EXPLORERS
    from collector.explore.start import Start

    bar = thing("b", "menubar", "", Box(0, 0, 300, 20))
    edit = thing("e", "menu", "Edit", Box(0, 0, 60, 20), "b", "has-popup")
    popup = thing("m", "popup-menu", "", Box(0, 20, 140, 80))
    items = [
        thing("i0", "menuitem", "Undo", Box(0, 20, 140, 40), "m"),
        thing("i1", "menuitem", "Find...", Box(0, 40, 140, 60), "m"),
    ]
    ways = []
    for seed in range(10):
        policy = EXPLORERS["forms"](Start(seed, isolated=True))
        first = policy.choose(seen(window("active"), bar, edit), [])
        chosen = [
            policy.choose(seen(window("active"), bar, edit, popup, *items), []) for _ in "123"
        ]
        ways.append((first.element_id, [getattr(c, "element_id", None) for c in chosen]))
    assert {first for first, _ in ways} >= {"e", None}, "by a menu, and by keys"
    assert all("i0" not in rest for _, rest in ways)
    assert all(rest[0] == "i1" for _, rest in ways)
