"""`/metrics` for Prometheus: what this machine's processes counted, and what the database says of the whole installation."""
