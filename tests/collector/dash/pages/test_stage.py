"""A step's screen in a real browser: boxes lie on what they name, keys walk, the slider parts two screens."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from envs import actions as a
from envs.base import ActResult
from envs.recording.writer import Recorder
from infra.clock import FakeClock
from tests.collector.dash.pages.test_trajectories import HOSTILE
from tests.collector.dash.recorded import recorded
from tests.grounding import episodes
from tests.grounding.desk import element, observation, window

pytestmark = pytest.mark.browser

BOX = (201, 121, 363, 187)
GREEN = (0, 200, 0)


def painted(home: Any, scale: float) -> None:
    """A recording whose only element is a green rectangle on grey."""
    seen = observation(window(title="Form"), element("save", "button", BOX, "Save"))
    pixels = np.full_like(seen.screen.pixels, 128)
    left, top, right, bottom = BOX
    pixels[top:bottom, left:right] = GREEN
    pixels[top + 20 : bottom - 20 : 4, left + 30 : right - 30] = 0
    shown = replace(seen, screen=replace(seen.screen, pixels=pixels, scale=scale))
    with Recorder(home, episodes.header("ep-1"), FakeClock()) as recorder:
        recorder.first(shown)
        recorder.intent("ep-1-1", a.Press("a"), None, "look")
        recorder.result(ActResult("applied", "", 1, 2, "host"))
        recorder.commit(shown, episodes.EFFECT, settle_s=0.1, settled=True)
        recorder.close("completed")


def looked(page: Any) -> np.ndarray:
    data = page.locator(".stage").screenshot(animations="disabled")
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def bounds(mask: np.ndarray) -> np.ndarray:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1])


@pytest.mark.parametrize("density", [1, 2])
@pytest.mark.parametrize("width", [360, 1024, 1920])
def test_a_box_lies_on_what_it_names(desk, driven, served, width, density):
    painted(desk.settings.home, 1.25)
    name, value = served.session()
    context = driven.new_context(
        viewport={"width": width, "height": 900}, device_scale_factor=density
    )
    context.add_cookies([{"name": name, "value": value, "url": served.url}])
    page = context.new_page()
    page.goto(f"{served.url}/trajectories/ep-1")
    page.wait_for_load_state("networkidle")
    for layer in ("action", "kept", "changed"):
        page.locator(f"#layer-{layer}").uncheck()
    bare = looked(page)
    page.locator("#layer-kept").check()
    drawn = looked(page)
    context.close()
    shown = bounds((bare[..., 1] > 150) & (bare[..., 0] < 90))
    stroke = bounds(np.abs(drawn - bare).max(axis=2) > 40)
    half = 0.75 * density
    expected = shown + np.array([-half, -half, half, half])
    assert np.abs(stroke - expected).max() <= 1 + 0.5 * density, (shown, stroke)


def test_keys_walk_through_the_steps_and_the_address_says_where(desk, page):
    recorded(desk, "ep-1")
    page.goto("/trajectories/ep-1#step=1")
    page.wait_for_selector('#step[data-step="1"]')
    page.keyboard.press("ArrowRight")
    page.wait_for_selector('#step[data-step="2"]')
    assert page.url.endswith("/trajectories/ep-1#step=2")
    assert page.locator('.steps a[aria-current="step"]').get_attribute("data-step") == "2"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    page.wait_for_selector('#step[data-step="0"]')
    page.locator('.steps a[data-step="2"]').click()
    page.wait_for_selector('#step[data-step="2"]')
    page.reload()
    page.wait_for_selector('#step[data-step="2"]')


def test_boxes_are_shown_by_their_source_and_the_slider_parts_before_and_after(desk, page):
    recorded(desk, "ep-1")
    page.goto("/trajectories/ep-1")
    tree, kept = page.locator(".layer.tree"), page.locator(".layer.kept")
    assert (tree.is_visible(), kept.is_visible()) == (False, True)
    page.keyboard.press("3")
    page.keyboard.press("2")
    assert (tree.is_visible(), kept.is_visible()) == (True, False)
    page.keyboard.press("c")
    slider = page.locator(".slider")
    slider.fill("250")
    assert page.locator("#cut").get_attribute("x") == "160"
    assert page.locator(".shot.after").is_visible()


def test_hostile_text_on_a_step_stays_text(desk, page):
    recorded(desk, "ep-1", steps=((a.Write(HOSTILE), "name"),), goal=HOSTILE)
    page.goto("/trajectories/ep-1")
    assert page.evaluate("window.pwned") is None
    assert "<script>window.pwned=1</script>" in page.locator(".args").inner_text()
