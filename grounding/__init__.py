"""Recordings become grounding samples, trajectories and thoughts. Starts no machine."""
