"""Two threads that publish the same bytes at once both succeed."""

from __future__ import annotations

import threading

from infra.blobs import Blobs


def test_threads_may_store_the_same_blob_at_once(tmp_path):
    failed = []

    def store(start):
        start.wait()
        try:
            for number in range(50):
                Blobs(tmp_path).put(b"same %d" % number)
        except OSError as error:
            failed.append(error)

    start = threading.Barrier(4)
    threads = [threading.Thread(target=store, args=(start,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert not list(tmp_path.rglob("*.tmp"))
    assert len(list(Blobs(tmp_path).names())) == 50
