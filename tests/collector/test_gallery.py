"""The gallery opens from disk, runs nothing, fetches nothing, and shows hostile text as text."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import pytest

from collector.gallery.build import build
from envs import actions as a
from envs.recording.writer import Recorder
from grounding.build import build as ground
from infra.clock import FakeClock
from infra.errors import Conflict, NotFound
from infra.progress import Silent
from tests.grounding import episodes

HOSTILE = '</title><script>alert(1)</script><img src=x onerror="pwned()">&amp;'


class Page(HTMLParser):
    """Collects the tags of a page and what they point to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in {"src", "href"}]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def made(home: Path) -> tuple[Path, Page, str]:
    ground(home, Silent())
    gallery = build(home, home / "out", Silent())
    text = gallery.page.read_text()
    return home / "out", Page(text), text


def corpus(home: Path) -> None:
    root = home / "corpora" / "first"
    (root / "images").mkdir(parents=True)
    png = cv2.imencode(".png", np.full((30, 40, 3), 90, np.uint8))[1].tobytes()
    (root / "images" / "x.png").write_bytes(png)
    rows = [
        ("caption", "openclipart", "a red box", ["images/x.png"]),
        ("text", "manpages-zh", HOSTILE, []),
    ]
    lines = [
        json.dumps(
            {
                "category": category,
                "source": source,
                "language": "en",
                "images": images,
                "messages": [{"role": "assistant", "content": said}],
            }
        )
        for category, source, said, images in rows
    ]
    (root / "messages.jsonl").write_text("\n".join(lines) + "\n")
    part = {"samples": 1, "text_tokens": 5, "image_tokens": 5, "tokens": 10, "share": 0.5}
    stats = {
        "samples": 2,
        "tokens": 20,
        "text_tokens": 10,
        "image_tokens": 10,
        "pictures": 1,
        "captioned_pictures": 1,
        "by_category": {"caption": part, "text": part},
        "by_source": {"openclipart": part, "manpages-zh": part},
        "by_language": {"en": part},
        "sequences": {"count": 1, "context_tokens": 8192, "filled": 0.5},
        "plan": {"sources": [{"source": "openclipart", "category": "caption"}]},
        "funnel": [{"dropped": [{"source": "s", "reason": "blank", "count": 3}]}],
    }
    (root / "stats.json").write_text(json.dumps(stats))


def test_it_shows_screens_steps_and_the_mixture_and_points_only_beside_itself(tmp_path):
    episodes.record(tmp_path)
    corpus(tmp_path)
    out, page, text = made(tmp_path)
    assert {"rect", "img", "details", "svg"} <= set(page.tags)
    assert "script" not in page.tags
    assert not page.handlers
    for address in page.addresses:
        assert address.startswith(("assets/", "#"))
        assert address.startswith("#") or (out / address).is_file()
    assert not re.search(r"https?://", text)
    for words in ('"Save" button', "a red box", "first", "container"):
        assert words in text.replace("&#34;", '"')


def test_hostile_names_are_text(tmp_path):
    seen = episodes.observation(
        episodes.window(title=HOSTILE),
        episodes.element("b", "button", (40, 40, 200, 70), HOSTILE),
        episodes.element("c", "button", (40, 90, 200, 120), "x" * 5000),
    )
    with Recorder(tmp_path, episodes.header("ep-1"), FakeClock()) as recorder:
        recorder.first(seen)
        recorder.intent("s", a.Write(HOSTILE), "b", HOSTILE)
        recorder.result(episodes.ActResult("applied", "", 1, 2))
        recorder.commit(seen, episodes.EFFECT, settle_s=0.1, settled=True)
        recorder.close("completed")
    corpus(tmp_path)
    _, page, text = made(tmp_path)
    assert "script" not in page.tags
    assert not page.handlers
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_every_kind_of_action_is_drawn(tmp_path):
    path = (a.PathPoint(50, 50, 0), a.PathPoint(90, 90, 100))
    steps = ((a.Drag(path), "save"), (a.Scroll(60, 60, dy=-2), None), (a.Press(("tab",)), None))
    episodes.record(tmp_path, "ep-1", steps)
    _, page, text = made(tmp_path)
    assert "polyline" in page.tags
    assert "rotate(180)" in text


def test_the_same_input_gives_the_same_page(tmp_path):
    episodes.record(tmp_path)
    _, _, first = made(tmp_path)
    _, _, second = made(tmp_path)
    assert first == second


def test_a_directory_of_somebody_else_is_left_alone(tmp_path):
    episodes.record(tmp_path)
    ground(tmp_path, Silent())
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(Conflict):
        build(tmp_path, tmp_path / "out", Silent())
    assert (tmp_path / "out" / "mine.txt").read_text() == "mine"


def test_nothing_grounded_says_what_to_do(tmp_path):
    with pytest.raises(NotFound) as caught:
        build(tmp_path, tmp_path / "out", Silent())
    assert "trawl ground build" in str(caught.value)


def test_an_empty_build_is_still_a_page(tmp_path):
    _, _, text = made(tmp_path)
    assert "No screen was kept." in text
