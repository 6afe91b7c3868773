"""What programs ask of the dashboard: life, readiness, figures of the fleet and of nothing else."""

from __future__ import annotations

import re

from prometheus_client.parser import text_string_to_metric_families

from infra.errors import Unavailable
from infra.metrics import FLEET_WIDE
from infra.store import machines


def test_it_lives_and_is_ready_while_the_database_answers(desk, served, monkeypatch):
    with served.client(None) as peer:
        assert (peer.get("/healthz").text, peer.get("/readyz").text) == ("ok\n", "ready\n")

        def away():
            raise Unavailable("it is away")

        monkeypatch.setattr(desk.store, "read", away)
        answer = peer.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "unavailable\n")
        assert peer.get("/healthz").status_code == 200


def test_prometheus_gets_the_figures_of_the_fleet_with_a_token(desk, served, seeded):
    (machine, *_) = seeded(machines=26)
    told = {"Authorization": f"Bearer {served.token('viewer')}"}
    with served.client(None) as peer:
        first = peer.get("/metrics", headers=told)
        assert re.search(r'trawl_machines{kind="ubuntu",state="PARKED"} \d', first.text)
        with desk.store.write() as tx:
            machines.move(tx, machine, "RESUMING", "", desk.clock.now_ns())
        second = peer.get("/metrics", headers=told).text
    assert 'trawl_machine_transitions_total{from="PARKED",to="RESUMING"} 1.0' in second
    families = {family.name for family in text_string_to_metric_families(second)}
    assert families == FLEET_WIDE
