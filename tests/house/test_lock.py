"""The lock resolves from PyPI alone, on any machine."""

from __future__ import annotations

import tomllib
from typing import Any

from tests.house.source import ROOT

LOCK: dict[str, Any] = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
FOREIGN = [package for package in LOCK["package"] if package["name"] != "trawl"]


def test_every_package_comes_from_pypi() -> None:
    sources = {str(package["source"]) for package in FOREIGN}
    assert sources == {str({"registry": "https://pypi.org/simple"})}


def test_the_only_local_source_is_this_clone() -> None:
    own = [package for package in LOCK["package"] if package["name"] == "trawl"]
    assert [package["source"] for package in own] == [{"editable": "."}]


def test_no_version_belongs_to_one_machine() -> None:
    assert [p["name"] for p in FOREIGN if "+" in p["version"]] == []


def test_every_file_has_a_hash_and_lies_with_pypi() -> None:
    files = [
        file for p in FOREIGN for file in [*p.get("wheels", []), *filter(None, [p.get("sdist")])]
    ]
    assert len(files) > len(FOREIGN)
    assert all(file["url"].startswith("https://files.pythonhosted.org/") for file in files)
    assert all(file["hash"].startswith("sha256:") for file in files)


def test_no_model_framework_is_installed() -> None:
    names = {package["name"] for package in FOREIGN}
    assert names & {"torch", "torchvision", "transformers", "tensorflow"} == set()
