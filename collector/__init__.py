"""The fleet, explorers, episodes and the operators' surfaces."""
