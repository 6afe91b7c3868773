"""The fleet in simulated time: real reconciler, workers, leases, database and recorder."""
