"""The explorer of forms on real pages: every field gets a fitting value, an error is mended."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from envs import actions as do
from envs.recording.reader import blobs_of
from envs.recording.types import Recording
from envs.web import WebEnv, WebSettings
from tests.collector.explore.driving import drive

pytestmark = pytest.mark.browser
FITS = {
    "Day": r"\d{1,2}", "Month": r"\d{1,2}", "Year": r"\d{4}",
    "E-mail address": r"\S+@\S+", "Telephone (optional)": r"[0-9 +]{5,}",
    "Postcode": r"[0-9A-Z ]{3,9}",
}  # fmt: skip


def filled(home: Path, site: str, seed: int, steps: int) -> tuple[Recording, Path]:
    env = WebEnv(WebSettings(start=site))
    try:
        recording = drive(home, env, "forms", seed, steps)
    finally:
        env.close()
    return recording, home / "recordings" / recording.header.episode_id


def test_an_application_is_filled_an_error_met_and_mended(tmp_path: Path) -> None:
    recording, directory = filled(tmp_path, "apply", 3, 32)
    blobs = blobs_of(directory)
    typed: dict[str, str] = {}
    complained, later = False, False
    for step in recording.steps:
        before = step.before.tree.load(blobs).by_id()
        if step.why.startswith("submits"):
            for element in step.before.tree.load(blobs).elements:
                if element.name in FITS and element.value and "invalid" not in element.states:
                    typed[element.name] = element.value
            after = step.after.tree.load(blobs).elements
            complained |= any("invalid" in element.states for element in after)
        element = before.get(step.element_id or "")
        later |= element is not None and element.name == "Street and number"
    assert complained
    assert later
    assert typed.keys() >= {"Day", "Month", "Year", "E-mail address"}
    for name, value in typed.items():
        assert re.fullmatch(FITS[name], value), (name, value)


def test_settings_are_changed_a_file_given_and_options_chosen(tmp_path: Path) -> None:
    recording, directory = filled(tmp_path, "settings", 2, 24)
    blobs = blobs_of(directory)
    changed: set[str] = set()
    for step in recording.steps:
        old, new = (ref.tree.load(blobs).by_id() for ref in (step.before, step.after))
        element = old.get(step.element_id or "")
        if element is not None and step.why.startswith(("fills", "click on option")):
            now = new.get(element.id)
            if now is None or (now.value, now.states) != (element.value, element.states):
                changed.add(element.role)
    assert changed >= {"file-chooser", "textbox", "date", "combobox"}
    kinds = {step.action.name for step in recording.steps}
    assert kinds >= {"upload_file", "write", "click"}
    uploads = [s.action for s in recording.steps if isinstance(s.action, do.UploadFile)]
    assert uploads[0].file_name in recording.header.env.extra["uploads"]
