"""What is kept, asked for over HTTP: the same as on the command line, to whoever may, by real names alone."""

from __future__ import annotations

import dataclasses
import http.client
import io
import json
import tarfile
from contextlib import closing

import pytest
from pydantic import SecretStr

from collector.cli.main import main
from collector.dash.api import PATH
from collector.dash.turns import alone
from collector.views import episode
from infra.blobs import Blobs
from infra.store import events, runs
from infra.store.rows import Run
from tests.collector.dash.recorded import RECIPE, mixed, recorded
from tests.collector.dash.serving import serving
from tests.collector.dash.test_api import SCHEMA, conforms

TRICKS = (
    "..", "%2e%2e", "..%2f..%2fown", "%2e%2e%2fown", "%2fetc%2fpasswd", "own%2f..%2fown", "*", "o*",
    "~", "%00", "own%00", "a%0d%0aX:%20y", "%ff%fe", "%ed%a0%80", ".own.plan", "%5c..%5cown", "x" * 300,
    "ep-1%2flog", "%252e%252e", "file:%2f%2f%2fetc", "-1", "1e9", "%20",
)  # fmt: skip
SECRET = "canary-7f3a9b"
NAMED = [
    (method.upper(), path)
    for path, verbs in SCHEMA["paths"].items()
    for method in verbs
    if "{" in path
]


@pytest.fixture
def kept(desk):
    """A home with two recordings, their samples and a corpus of them; a sample's id."""
    root = mixed(desk)
    return json.loads((root / "ledger.jsonl").read_text().splitlines()[0])["id"]


@pytest.fixture
def peer(served):
    with served.client() as asked:
        asked.base_url = f"{served.url}{PATH}/"
        yield asked


@pytest.fixture
def said(desk, monkeypatch, capsys):
    """What the command line prints over the same home."""
    monkeypatch.setenv("TRAWL_HOME", str(desk.settings.home))
    monkeypatch.setenv("TRAWL_CACHE", str(desk.settings.cache))
    monkeypatch.setenv("TRAWL_DISK_FLOOR_BYTES", "0")

    def spoken(*words, as_json=True):
        capsys.readouterr()
        assert main([*words, *(["--json"] if as_json else [])]) == 0
        return json.loads(capsys.readouterr().out)

    return spoken


def test_it_says_what_the_command_line_says(desk, peer, kept, said, tmp_path):
    mixture = tmp_path / "own.yaml"
    mixture.write_bytes(RECIPE)
    planned = said("corpus", "plan", str(mixture), "--workers", "1")
    assert conforms(peer.get("recipes/own/plan"), "corpus", "plan") == planned
    same = {
        ("config", "show"): "config",
        ("image", "list"): "images",
        ("env", "list"): "envs",
        ("episode", "list"): "episodes",
        ("episode", "show", "ep-1"): "episodes/ep-1",
        ("episode", "show", "ep-1", "--step", "1"): "episodes/ep-1/steps/1",
        ("episode", "verify", "ep-2"): "episodes/ep-2/verify",
        ("ground", "stats"): "ground/stats",
        ("corpus", "stats", "own"): "corpora/own",
        ("corpus", "why", kept, "--corpus", "own"): f"corpora/own/why/{kept}",
        ("corpus", "diff", "own", "own"): "corpora/own/diff/own",
        ("serve", "token", "list"): "tokens",
        ("run", "actions"): "actions",
    }
    for words, path in same.items():
        told = said(*words)
        verb = "step" if "--step" in words else words[1]
        name = "token-list" if verb == "token" else verb
        assert conforms(peer.get(path), words[0], name) == told, path
    schema = conforms(peer.get("recipe-schema"), "corpus", "schema")
    assert schema == said("corpus", "schema", as_json=False)
    assert conforms(peer.get("corpora"), "corpus", "names") == {"corpora": ["own"]}
    known = conforms(peer.get("recipes"), "corpus", "recipes")["recipes"]
    assert {"name": "own", "shipped": False, "planned": True, "built": True} in known


def test_a_plan_that_nobody_made_is_not_made_by_asking(peer):
    refused = peer.get("recipes/first/plan")
    assert (refused.status_code, refused.json()["error"]["hint"]) == (
        404,
        "trawl corpus plan first",
    )


def test_a_corpus_is_verified_and_a_flipped_byte_is_told(desk, peer, kept):
    assert conforms(peer.post("corpora/own/verify", json={}), "corpus", "verify")["faults"] == []
    stats = desk.settings.home / "corpora" / "own" / "stats.json"
    whole = stats.read_bytes()
    stats.write_bytes(whole[:-2] + bytes([whole[-2] ^ 1]) + whole[-1:])
    refused = peer.post("corpora/own/verify", json={"reason": "it is odd"})
    assert (refused.status_code, refused.json()["error"]["kind"]) == (500, "corrupt")
    assert refused.json()["error"]["subject"] == "stats.json"
    with desk.store.read() as tx:
        noted = events.newest(tx, 9, kind="audit.corpus")
    assert [(e.subject, e.reason, e.payload["faults"]) for e in noted] == [
        ("own", "", 0), ("own", "it is odd", 1),
    ]  # fmt: skip


def test_no_recording_is_read_but_those_that_are_told(desk, peer, monkeypatch):
    recorded(desk, "ep-1", "ep-2", "ep-3", grounded=False)
    read, row = [], episode.row
    monkeypatch.setattr(episode, "row", lambda one: read.append(one.name) or row(one))
    told = [one["episode"] for one in peer.get("episodes?skip=1&most=1").json()]
    assert told == read == ["ep-2"]
    run = row(desk.settings.home / "recordings" / "ep-3")["run"]
    read.clear()
    assert len(peer.get(f"episodes?run={run}&most=2").json()) == 2
    assert read == ["ep-1", "ep-2"]


def test_an_episode_of_which_a_byte_was_flipped_is_not_whole(desk, peer, kept):
    blobs = Blobs(desk.settings.home / "blobs")
    path = blobs.path(next(blobs.names()))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    found = [conforms(peer.get(f"episodes/{name}/verify"), "episode", "verify")["whole"]
             for name in ("ep-1", "ep-2")]  # fmt: skip
    assert not all(found)


def test_an_episode_is_published_where_the_settings_say(desk, kept, tmp_path):
    place = SecretStr(f"file://{tmp_path}/shared")
    shares = dataclasses.replace(desk, settings=desk.settings.model_copy(update={"storage": place}))
    with serving(shares) as served, served.client("operator") as peer:
        done = conforms(peer.post(f"{PATH}/episodes/ep-1/publish", json={}), "episode", "publish")
    assert [row["episode"] for row in done] == ["ep-1"]
    assert list((tmp_path / "shared").rglob("*ep-1*"))
    with desk.store.read() as tx:
        (noted,) = events.newest(tx, 9, kind="audit.episode")
    assert (noted.subject, noted.payload["by"]) == ("ep-1", "the operator")


def test_without_a_storage_nothing_is_published(peer, kept):
    assert peer.post("episodes/ep-1/publish", json={}).status_code == 400


def test_no_answer_tells_a_secret_of_the_settings(desk, kept):
    place = SecretStr(f"nosuchkind://me:{SECRET}@host/x?key={SECRET}")
    secret = dataclasses.replace(
        desk, settings=desk.settings.model_copy(update={"storage": place, "database": place})
    )
    with serving(secret) as served, served.client() as peer:
        answers = [
            peer.get(f"{PATH}/config"),
            peer.post(f"{PATH}/episodes/ep-1/publish", json={}),
            peer.post(f"{PATH}/support-bundle", json={"quick": True}),
        ]
    assert [answer.status_code for answer in answers] == [200, 400, 200]
    with tarfile.open(fileobj=io.BytesIO(answers[2].content)) as tar:
        texts = [tar.extractfile(entry).read().decode() for entry in tar]
    assert all(SECRET not in text for text in (answers[0].text, answers[1].text, *texts))


def test_somebody_is_let_in_and_shut_out_and_the_log_holds_no_token(desk, served, peer):
    made = peer.post("tokens", json={"name": "ann", "role": "operator"})
    assert made.status_code == 201
    token = conforms(made, "serve", "token-add")["token"]
    assert "no-store" in made.headers["cache-control"]
    hers = {"Authorization": f"Bearer {token}"}
    with served.client(None) as stranger:
        assert stranger.get(f"{PATH}/config", headers=hers).status_code == 200
        assert stranger.get(f"{PATH}/tokens", headers=hers).status_code == 403
        assert peer.post("tokens", json={"name": "ann"}).status_code == 409
        gone = peer.post("tokens/remove", json={"name": "ann", "reason": "she left"})
        assert conforms(gone, "serve", "token-remove") == {"removed": "ann"}
        assert stranger.get(f"{PATH}/config", headers=hers).status_code == 401
    assert peer.post("tokens/remove", json={"name": "ann"}).status_code == 404
    with desk.store.read() as tx:
        noted = events.newest(tx, 9, kind="audit.token")
    assert [(e.kind, e.subject, e.reason, e.payload.get("given")) for e in noted] == [
        ("audit.token.add", "ann", "", "operator"), ("audit.token.remove", "ann", "she left", None),
    ]  # fmt: skip
    assert token not in str(noted)


def test_the_last_admin_does_not_shut_the_door_behind_themselves(served, peer):
    refused = peer.post("tokens/remove", json={"name": "the admin"})
    assert (refused.status_code, refused.json()["error"]["subject"]) == (409, "the admin")
    assert peer.get("tokens").status_code == 200
    served.app.state.keeper.tokens.add("another", "admin")
    assert peer.post("tokens/remove", json={"name": "the admin"}).status_code == 200
    assert peer.get("tokens").status_code == 401


def test_a_page_of_another_site_lets_nobody_in(served):
    name, value = served.session()
    foreign = {"Sec-Fetch-Site": "cross-site", "Cookie": f"{name}={value}"}
    with served.client(None) as peer:
        for path in ("tokens", "support-bundle"):
            sent = peer.post(f"{PATH}/{path}", json={"name": "eve"}, headers=foreign)
            assert sent.status_code == 403
    assert [token.name for token in served.app.state.keeper.tokens.listed()] == ["the admin"]


def test_a_support_bundle_comes_as_an_archive_and_stays_nowhere(desk, peer, bare):
    for wants in ({"quick": True}, {"reason": "it hangs"}):
        made = peer.post("support-bundle", json=wants)
        assert made.headers["content-type"] == "application/gzip"
        with tarfile.open(fileobj=io.BytesIO(made.content)) as tar:
            names = [entry.name for entry in tar]
            looked = tar.extractfile("trawl-support/doctor.jsonl").read().splitlines()
        assert names[0] == "trawl-support/versions.jsonl"
        seen = {json.loads(line)["name"] for line in looked}
        assert ("qemu" in seen) == ("quick" not in wants)
    assert not (desk.settings.home / "support").exists()
    with desk.store.read() as tx:
        assert [e.reason for e in events.newest(tx, 9, kind="audit.support-bundle")] == [
            "",
            "it hangs",
        ]


def test_the_doctor_says_what_is_missing_to_one_at_a_time(peer, bare):
    found = conforms(peer.get("doctor"), "doctor", "doctor")
    mends = {check["name"]: check["mend"] for check in found["checks"]}
    assert (found["ok"], mends["qemu"]) == (False, "apt-get install qemu-system-x86")
    assert len(conforms(peer.get("doctor/security"), "doctor", "security")["boundaries"]) == 17
    with alone("the doctor"):
        refused = peer.get("doctor")
    assert (refused.status_code, refused.json()["error"]["kind"]) == (409, "conflict")


def test_an_image_that_is_not_built_is_not_verified(peer):
    assert (
        peer.get("images/debian-12/verify").json()["error"]["hint"] == "trawl image build debian-12"
    )


def raw(served, method, where, orders):
    """What is answered to an address that no client has tidied up."""
    headers = {"Authorization": f"Bearer {served.token()}", "Content-Type": "application/json"}
    body = ('{"names": ["m"]}' if orders else "{}") if method == "POST" else None
    with closing(
        http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=20)
    ) as peer:
        peer.request(method, where, body, headers)
        return peer.getresponse().status


@pytest.mark.parametrize(("method", "path"), NAMED, ids=str)
def test_no_name_leads_anywhere_else(desk, served, kept, method, path):
    with desk.store.write() as tx:
        runs.submit(tx, Run("run-2", "pages", "walk", 2, 3, 0, "queued", 1, None))
    whole = dict.fromkeys(("name", "other"), "own") | {"run": "run-2", "sample": kept, "step": 0}
    whole["verb"] = "drain"
    for part in [part for part in whole if f"{{{part}}}" in path]:
        for trick in TRICKS:
            where = PATH + path.format(**{**whole, part: trick})
            status = raw(served, method, where, "machines" in path)
            no_controller = {503} if path.endswith("/screen") else set()
            assert status in {400, 404, 405, 409, 422} | no_controller, where
