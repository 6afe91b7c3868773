"""Benches: each measures a peer and us on the same work, in the same run (`infra/bench.sh`)."""
