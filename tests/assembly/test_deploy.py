"""The examples in deploy/ name commands, options and settings that there are."""

import re
import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from django.test import Client

from kakehashi.assembly.cli import app
from tests.assembly.product import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
EVERY_SETTING = set(
    re.findall(
        r"KAKEHASHI_[A-Z_]+", "".join(path.read_text() for path in (ROOT / "src/kakehashi/assembly").rglob("*.py"))
    )
)


def require_command(words: list[str]) -> None:
    """Raises what the command line itself would say."""
    group: Any = typer.main.get_command(app)
    group.commands[words[0]].make_context(words[0], list(words[1:]))


def unit_of(path: Path) -> ConfigParser:
    unit = ConfigParser(strict=False, interpolation=None, delimiters=["="])
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path)
    return unit


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_start_commands_that_there_are(path: Path) -> None:
    unit = unit_of(path)
    if path.suffix == ".timer":
        assert (path.with_suffix(".service")).exists()
        return
    command = re.sub(r"^/bin/sh -c 'exec (.*)'$", r"\1", unit["Service"]["ExecStart"]).replace("%i", "1")
    program, *words = shlex.split(command.replace("$(date +%%A)", "Monday"))
    assert program.endswith("/.venv/bin/kakehashi")
    require_command(words)
    for other in re.findall(r"kakehashi[\w@-]*\.service", " ".join(unit["Unit"].values())):
        assert (DEPLOY / "systemd" / other).exists()


@pytest.mark.parametrize("name", [name for name, one in COMPOSE["services"].items() if one.get("image") == "kakehashi"])
def test_containers_start_commands_that_there_are(name: str) -> None:
    service = COMPOSE["services"][name]
    require_command(service["command"])
    assert set(service["depends_on"]) <= COMPOSE["services"].keys()
    assert {volume.partition(":")[0] for volume in service["volumes"]} <= COMPOSE["volumes"].keys()


def test_settings_are_ones_that_the_product_reads() -> None:
    named = re.findall(r"^(KAKEHASHI_[A-Z_]+)=", (DEPLOY / "kakehashi.env.example").read_text(), re.MULTILINE)
    ours = {"KAKEHASHI_DOMAIN"}  # the Caddyfile's own
    assert set(named) - ours <= EVERY_SETTING
    in_readme = (ROOT / "README.md").read_text() + (ROOT / "docs/admin/README.md").read_text()
    unsaid = {"KAKEHASHI_PARENT", "KAKEHASHI_DEBUG", "KAKEHASHI_VERBOSE", "KAKEHASHI_WITHOUT_BRIDGE"}
    assert {
        name
        for name in EVERY_SETTING - unsaid
        if not name.endswith("_") and name.removeprefix("KAKEHASHI") not in in_readme
    } == set()


@pytest.mark.django_db
def test_alerts_ask_for_figures_that_there_are(client: Client) -> None:
    rules = yaml.safe_load((DEPLOY / "prometheus-rules.yml").read_text())["groups"][0]["rules"]
    asked = {name for rule in rules for name in re.findall(r"kakehashi_\w+", rule["expr"])}
    told = {
        line.split()[2] for line in client.get("/metrics").content.decode().splitlines() if line.startswith("# TYPE")
    }
    assert {name.removesuffix("_bucket") for name in asked} <= told
    assert yaml.safe_load((DEPLOY / "prometheus.yml").read_text())["rule_files"] == ["prometheus-rules.yml"]


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not here")
def test_nginx_understands_its_example(tmp_path: Path) -> None:
    text = re.sub(r"^\s*(ssl_|listen 443).*$", "", (DEPLOY / "nginx.conf").read_text(), flags=re.MULTILINE)
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid; events {{}} http {{ {text} }}")
    done = subprocess.run(["nginx", "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False)
    assert "syntax is ok" in done.stderr, done.stderr
