"""The fleet: what is wanted, what is there, and the one process that brings them together.

The hypervisor decides power, the guest agent decides readiness, the lease decides use. Commands
write what is desired; only the controller process writes what is observed. This package loads
no model, no image library and nothing of the floors that make data.
"""
