"""The designs of desktops and browsers: whole, of few templates, and told from recordings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.diversity import browsers, desktops, plan
from collector.diversity.covering import coverage
from collector.diversity.plan import Plan
from envs.types import EnvInfo
from envs.ubuntu.look import Look
from envs.ubuntu.session import Session
from envs.web.settings import WebSettings
from infra.errors import NotFound, UsageError


def covered(rows, of):
    return coverage(rows, of.FACTORS, of.fits)


def test_the_whole_design_of_desktops_covers_every_pair_with_few_templates():
    design = desktops.design()
    assert covered([dress.row for dress in design], desktops).missing == ()
    assert len(desktops.templates(design)) <= 20
    assert len(design) <= 70


def test_few_templates_still_cover_most_of_it():
    shares = [
        covered([dress.row for dress in desktops.design(most)], desktops).share
        for most in (1, 4, 12)
    ]
    assert shares == sorted(shares)
    assert shares[1] > 0.75
    assert len(desktops.templates(desktops.design(4))) == 4


def test_the_first_template_is_the_usual_one_and_templates_take_turns():
    design = desktops.design()
    sessions = [dress.session for dress in design]
    assert sessions[0] == Session()
    assert len(set(sessions[: len(set(sessions))])) == len(set(sessions))
    assert {dress.session.locale for dress in desktops.design(4)[:4]} == {"en_US", "zh_CN", "he_IL"}


def test_what_a_recording_says_of_its_machine_is_its_row():
    dress = desktops.design()[20]
    extra = {"started": dress.session.as_record(), "look": dress.look.as_record()}
    env = EnvInfo("ubuntu", *dress.session.size, extra=extra)
    assert desktops.seen(env) == dress.row
    assert desktops.seen(replace(env, extra={})) == {}


def test_every_row_has_files_of_its_own():
    seeds = [dress.look.files for dress in desktops.design()]
    assert len(set(seeds)) == len(seeds)
    assert 0 not in seeds


def test_the_design_of_browsers_covers_every_pair_and_each_row_is_a_browser():
    design = browsers.design()
    assert covered(design, browsers).missing == ()
    for number, row in enumerate(design):
        told = WebSettings(**browsers.settings(number))
        info = EnvInfo("web", told.width, told.height, told.scale, extra={
            "site": told.start, "theme": told.theme, "locale": told.locale, "seed": told.seed})  # fmt: skip
        assert browsers.seen(info) == row


def test_a_pool_takes_a_row_for_each_so_many_machines_and_begins_again():
    chosen = Plan(templates=1, each=3)
    rows = desktops.design(1)
    worn = [chosen.dress(number) for number in range(3 * len(rows) + 1)]
    assert worn[0] == worn[2] != worn[3]
    assert worn[-1] == worn[0]
    assert chosen.sessions() == [Session()]


def test_a_plan_says_which_of_its_keys_is_wrong():
    assert Plan.of({}) is None
    assert Plan.of({plan.KEY: {"templates": 2}}) == Plan(templates=2)
    with pytest.raises(NotFound, match="tempaltes"):
        Plan.of({plan.KEY: {"tempaltes": 2}})
    with pytest.raises(UsageError, match=r"looks\.live"):
        Plan.of({plan.KEY: {"live": 0}})
    with pytest.raises(UsageError, match="table"):
        Plan.of({plan.KEY: 4})


def test_the_memory_that_looks_hold_is_known_beforehand():
    few, many = Plan(templates=1, live=1), Plan(templates=0, live=4)
    assert few.memory_bytes() < many.memory_bytes()
    assert few.memory_bytes() >= 1 << 30


def test_a_look_and_a_session_take_only_what_is_on_their_lists():
    with pytest.raises(NotFound, match="Greybrid"):
        Look(theme="Greybrid")
    with pytest.raises(NotFound, match="zh_TW"):
        Session(locale="zh_TW")
    with pytest.raises(UsageError, match="larger screen"):
        Session(scale="2x", screen="1024x768")
    look = Look(theme="Arc-Dark", files=3)
    assert look.dark
    assert Look.parse(look.as_record()) == look
    assert Session.parse(Session(locale="he_IL").as_record()).locale == "he_IL"
