"""What one episode leaves in its guest is not there in the next fork of the same template.

`TRAWL_CYCLES=200` makes more of them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from infra.files import sha256_file
from infra.hypervisor import Host, Template
from infra.hypervisor.template import OVERLAY, RAM
from infra.images.image import opened
from tests.faults.typed import run
from tests.machines import Wake

CYCLES = int(os.environ.get("TRAWL_CYCLES", "4"))
CANARY = "canary-5f3c9a71"
EVERYWHERE = {"/dev/shm/canary", "/tmp/canary", "/var/tmp/canary"}


def bytes_of(template: Template) -> dict[str, str]:
    """The hash of all that forks start from, read anew."""
    image = opened(Path(template.frozen.image_directory))
    files = [image.disk, image.kernel, image.initrd, template.ram, template.directory / OVERLAY]
    return {str(path): sha256_file(path) for path in files}


@pytest.mark.machine
@pytest.mark.timeout(5400)
def test_a_canary_left_in_a_guest_is_absent_from_the_next_fork(
    machine: Wake, host: Host, template: Template
) -> None:
    before = bytes_of(template)
    for cycle in range(CYCLES):
        env = machine()
        env.put_file("canary.txt", CANARY.encode())
        said = run(env, "residue")
        assert said["found"]["files"] == [], f"cycle {cycle}"
        assert said["found"]["processes"] == []
        assert CANARY not in said["found"]["clipboard"]
        assert set(said["left"]["files"]) > EVERYWHERE, "the canary was not left"
        assert said["left"]["processes"]
        assert said["left"]["clipboard"] == [CANARY, CANARY]
        env.close()
        for domain in host.domains():
            if domain.uuid == env.info.extra["uuid"]:
                domain.destroy()
    assert bytes_of(template) == before
    assert before[str(template.ram)] == template.frozen.files[RAM]
