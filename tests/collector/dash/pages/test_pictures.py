"""Pictures: encoded anew, kept for good under the hash of what they show, found by nothing else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from collector.dash import pictures
from collector.views import trajectory
from envs.recording import reader
from tests.collector.dash.recorded import recorded
from tests.grounding.desk import HEIGHT, WIDTH


@pytest.fixture
def screen(desk):
    recorded(desk, "ep-1")
    directory = desk.settings.home / "recordings" / "ep-1"
    seen = reader.read(directory).first
    return trajectory.screen_of(seen.screen), seen.load(reader.blobs_of(directory)).screen.pixels


def decoded(data: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]


def test_a_screen_is_what_was_recorded_and_may_be_kept_for_good(served, screen):
    told, pixels = screen
    with served.client() as peer:
        answer = peer.get(pictures.screen_address(told))
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
        assert answer.headers["content-type"] == "image/jpeg"
        shown = decoded(answer.content).astype(int)
        assert shown.shape == (HEIGHT, WIDTH, 3)
        assert np.abs(shown - pixels).mean() < 6
        small = peer.get(pictures.screen_address(told, 320))
        assert decoded(small.content).shape[1] == 320


def test_a_crop_has_the_very_pixels(served, screen):
    told, pixels = screen
    with served.client() as peer:
        crop = decoded(peer.get(pictures.crop_address(told, (40, 40, 120, 70))).content)
        assert np.array_equal(crop, pixels[40:70, 40:120])
        outside = pictures.crop_address(told, (40, 40, WIDTH + 1, 70))
        assert peer.get(outside).status_code == 404


def test_pictures_of_grounded_screens_outlive_their_recordings(desk, served, screen):
    told, _ = screen
    for blob in (desk.settings.home / "blobs").glob("*/*"):
        blob.unlink()
    pictures.screen.cache_clear()
    with served.client() as peer:
        assert peer.get(pictures.screen_address(told)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "screens/../../trawl.db", "screens/%2e%2e%2ftrawl.db", "screens/x.jpg",
        "screens/" + "a" * 64 + "-1x1.jpg", "screens/" + "a" * 64 + "-99999x99999.jpg",
        "screens/" + "A" * 64 + "-1x1.jpg", "icons/..%2f..%2fstats.json", "icons/" + "b" * 64 + ".webp",
        "corpora/..%2f..%2fsamples/" + "c" * 64 + ".webp", "corpora/%2e%2e/" + "c" * 64 + ".webp",
        "corpora/first/" + "c" * 64 + "-641.webp", "crops/" + "a" * 64 + "-10x10-9.9.1.1.webp",
    ],
)  # fmt: skip
def test_what_is_no_address_of_ours_leads_nowhere(served, screen, path):
    with served.client() as peer:
        answer = peer.get(f"/pictures/{path}")
        assert answer.status_code == 404
        assert "immutable" not in answer.headers.get("cache-control", "")


def test_a_tree_is_never_taken_for_a_screen(desk, served):
    recorded(desk, "ep-1", grounded=False)
    tree = reader.read(desk.settings.home / "recordings" / "ep-1").first.tree
    with served.client() as peer:
        answer = peer.get(f"/pictures/screens/{tree.sha256}-640x400.jpg")
        assert answer.status_code >= 400
        assert answer.headers["content-type"] == "application/json"
