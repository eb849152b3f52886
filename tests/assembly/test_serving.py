"""One running product: what it answers, who may start beside it, and that a child that dies comes back."""

import json
import re
import signal
import socket
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import psycopg

from tests.assembly.product import Product, run, wait_for

THREADS = 4


def connections_of(product: Product) -> int:
    with psycopg.connect(product.env["DATABASE_URL"]) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    assert row
    return int(row[0])


def test_it_says_where_it_is_and_how_to_begin(product: Product) -> None:
    assert product.says(f"Kakehashi is ready: {product.address}")
    assert product.says("the first visit makes the first administrator")


def test_the_health_check_asks_the_database_and_the_workers(product: Product) -> None:
    wait_for(lambda: product.get("/healthz/all").status_code == 200)
    found = product.get("/healthz/all").json()
    assert (found["state"], found["migrations"], found["workers"]) == ("ok", "ok", 1)
    assert found["lag"]
    assert product.get("/healthz", headers={"x-forwarded-for": "203.0.113.9"}).json() == {"state": "ok"}


def test_figures_of_all_processes_are_told_by_one(product: Product) -> None:
    product.get("/start")
    figures = product.get("/metrics").text
    assert re.search(r'kakehashi_requests_total\{method="GET",status="200",view="start"\} [1-9]', figures), figures[
        :2000
    ]
    assert "kakehashi_workers 1.0" in figures


def test_pages_come_from_django_and_static_files_compressed(product: Product) -> None:
    page = product.get("/start")
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]
    style = re.search(r'href="(/static/[^"]+\.css)"', page.text)
    assert style
    answer = product.get(style[1], headers={"accept-encoding": "br"})
    assert answer.headers["content-encoding"] == "br"
    assert "immutable" in answer.headers["cache-control"]


def test_a_body_of_unbounded_size_is_refused(product: Product) -> None:
    with socket.create_connection(("127.0.0.1", product.port), timeout=20) as peer:
        peer.sendall(f"POST /start HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {10**12}\r\n\r\n".encode())
        answer = peer.recv(65_536).decode()
    assert answer.startswith("HTTP/1.1 413")
    assert "text/html" in answer


def test_starting_it_twice_is_refused_with_the_process_and_the_address(product: Product) -> None:
    done = run(product.env, "serve", "--port", "1024")
    assert done.returncode == 1
    assert f"process {product.process.pid}, {product.address}" in done.stderr
    assert f"kill {product.process.pid}" in done.stderr


def test_the_doctor_finds_it_well(product: Product) -> None:
    wait_for(lambda: connections_of(product) > 3)
    done = run(product.env, "doctor", "--json")
    findings = {finding["name"]: finding for finding in json.loads(done.stdout)}
    assert [finding for finding in findings.values() if finding["state"] == "fail"] == []
    assert done.returncode == 0
    assert findings["Workers"]["says"] == "1 at work"
    assert product.address in findings["Server"]["says"]


def test_under_load_there_are_no_more_connections_than_threads(product: Product) -> None:
    before = connections_of(product)
    with ThreadPoolExecutor(24) as visitors, httpx.Client(base_url=product.address, timeout=60) as client:
        statuses = list(visitors.map(lambda _: client.get("/start").status_code, range(200)))
        during = connections_of(product)
    assert set(statuses) == {200}
    assert during <= before + THREADS


def test_a_reader_who_leaves_in_the_middle_keeps_no_thread(product: Product) -> None:
    for _ in range(3 * THREADS):
        with httpx.stream("GET", f"{product.address}/start", timeout=20):
            pass
    assert product.get("/start").status_code == 200


def test_a_killed_worker_is_replaced(product: Product) -> None:
    worker = product.descendants("worker.main")[0]
    worker.send_signal(signal.SIGKILL)
    wait_for(lambda: any(process.pid != worker.pid for process in product.descendants("worker.main")))
    wait_for(lambda: product.says("The worker 1 process ended unasked (by SIGKILL)"))


def test_killed_web_processes_are_replaced(product: Product) -> None:
    before = {process.pid for process in product.descendants("web.process")}
    assert len(before) == 2
    for process in product.descendants("web.process"):
        process.send_signal(signal.SIGKILL)
    wait_for(lambda: not any(psutil.pid_exists(pid) for pid in before))
    wait_for(product.is_healthy)
    assert product.get("/start").status_code == 200
