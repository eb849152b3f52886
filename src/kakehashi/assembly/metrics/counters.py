"""What processes count themselves. With several of them the library adds up files in `PROMETHEUS_MULTIPROC_DIR` (sharing.py)."""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

REQUESTS = Counter("kakehashi_requests", "Pages and fragments answered.", ["view", "method", "status"])
REQUEST_SECONDS = Histogram("kakehashi_request_seconds", "How long they took.", ["view"], buckets=_SECONDS)
JOBS = Counter("kakehashi_jobs", "Background jobs that ended.", ["job", "outcome"])
JOB_SECONDS = Histogram("kakehashi_job_seconds", "How long they took.", ["job"], buckets=(*_SECONDS, 60, 600))
STREAMS = Gauge("kakehashi_live_streams", "Open pages that hear of changes.", multiprocess_mode="livesum")
NOTICES = Counter("kakehashi_live_notices", "Commits that a web process heard of.")


def count_request(view: str, method: str, status: int, seconds: float) -> None:
    """Anybody may send any word as a method: what is no method is counted together."""
    REQUESTS.labels(view, method if method in _METHODS else "other", str(status)).inc()
    REQUEST_SECONDS.labels(view).observe(seconds)


def count_job(name: str, outcome: str, seconds: float) -> None:
    JOBS.labels(name, outcome).inc()
    JOB_SECONDS.labels(name).observe(seconds)
