"""What the controller's process does with signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

HOLDING = """
import os, signal, threading
from collector.control import heed_signals

class Controller:
    is_stopping = False
    told = threading.Event()
    def stop(self):
        self.told.set()

controller = Controller()
heed_signals(controller)
with controller.told._cond:  # the main thread is about to wait
    os.kill(os.getpid(), signal.SIGTERM)
    signal.sigpending()  # the handler has run
raise SystemExit(0 if controller.told.wait(10) else 1)
"""


def test_a_signal_that_comes_while_the_main_thread_holds_its_lock_does_not_hang_it():
    subprocess.run([sys.executable, "-c", HOLDING], check=True, timeout=30, env=os.environ)


def test_a_second_signal_ends_it_at_once():
    told = HOLDING.replace("is_stopping = False", "is_stopping = True")
    ended = subprocess.run([sys.executable, "-c", told], check=False, timeout=30, env=os.environ)
    assert ended.returncode == 128 + signal.SIGINT
