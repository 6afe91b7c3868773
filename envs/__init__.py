"""One machine: observe, act, checkpoint; the action space; the recording of what it did."""
