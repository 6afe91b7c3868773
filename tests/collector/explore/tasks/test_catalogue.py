"""What holds of every task without a machine: its goals, its wrong runs, what its files say."""

from __future__ import annotations

import random

import pytest

from collector.explore.tasks import odf
from collector.explore.tasks.catalogue import TASKS
from collector.explore.tasks.target import Elements, the
from collector.explore.tasks.task import Setting
from envs.types import Element
from envs.ubuntu.documents import LETTER, documents
from envs.web.sites import catalogue
from tests.collector.explore.tasks.wrong import DESKTOP, WEB


def test_there_are_at_least_sixty_tasks_and_each_has_a_wrong_run():
    assert len(TASKS) >= 60
    assert set(TASKS) == set(WEB) | set(DESKTOP)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("seed", range(5))
def test_goals_are_whole_in_both_languages_and_name_other_values_for_other_seeds(seed, language):
    for task in TASKS.values():
        setting = Setting(random.Random(seed), language, site_seed=seed)
        values = task.draw(setting)
        for tongue in ("en", "zh"):
            goal = task.goal_in(tongue, values)
            assert goal, task.id
            assert "{" not in goal, task.id
        assert task.steps(values), task.id
        opening = task.opening(setting, values)
        assert opening.address or opening.app, task.id


def test_equal_seeds_draw_equal_goals_and_most_others_draw_others():
    def goals(seed):
        drawn = {}
        for task in TASKS.values():
            drawn[task.id] = task.goal_in("en", task.draw(Setting(random.Random(seed))))
        return drawn

    one, again, other = goals(1), goals(1), goals(2)
    assert one == again
    changed = [task for task in one if one[task] != other[task]]
    assert len(changed) > len(TASKS) * 3 / 4


def test_every_site_that_people_visit_has_tasks():
    visited = {name for name in catalogue.names() if name != "widgets"}
    assert visited <= {task.where for task in TASKS.values()}


def test_a_letter_and_a_sheet_are_read_by_what_they_say():
    made = documents()
    assert odf.paragraphs(made["letter.odt"]) == list(LETTER)
    cells = odf.cells(made["budget.ods"])
    assert (cells["A1"], cells["B2"], cells["D7"]) == ("Item", "780", "112.75")
    assert odf.formulas(made["budget.ods"]) == {}


@pytest.mark.parametrize("data", [b"", b"no archive", documents()["guide.pdf"]])
def test_what_is_no_document_says_nothing(data):
    assert odf.paragraphs(data) == []
    assert odf.cells(data) == {}


def element(number, role, name, parent=None):
    return Element(str(number), None if parent is None else str(parent), role, name)


def test_a_target_is_found_by_either_language_without_dots_and_within_what_holds_it():
    tree = Elements(
        [
            element(0, "dialog", "Rename"),
            element(1, "button", "Save As…", 0),
            element(2, "window", "Text"),
            element(3, "button", "另存为...", 2),
        ],
        showing=False,
    )
    save = the("button", "Save As", "另存为")
    assert [e.id for e in tree.every(save)] == ["1", "3"]
    assert tree.one(save.inside(the("window", "Text"))).id == "3"
    assert tree.one(the("button", "Save", match="starts")).id == "1"
    assert tree.one(the("button", "Save")) is None
