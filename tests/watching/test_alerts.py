"""The alert rules: of figures that exist, each with a section of the handbook."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from django.test import Client

from oda_portal.watching import metrics
from oda_portal.watching.registry import all_checks

TOP = Path(__file__).resolve().parents[2]
HANDBOOK = (TOP / "docs" / "operations.md").read_text()
(GROUP,) = yaml.safe_load((TOP / "docker" / "alerts.yml").read_text())["groups"]
RULES = {rule["alert"]: rule for rule in GROUP["rules"]}
SECTIONS = set(re.findall(r"^### .*`([a-z-]+)`", HANDBOOK, re.MULTILINE))


def figures() -> set[str]:
    """The names of all figures, whether something was counted yet or not."""
    counted = (
        metrics.REQUESTS, metrics.PAGES, metrics.SIGN_IN_FAILURES, metrics.BACKEND_ERRORS,
        metrics.TASKS,
    )  # fmt: skip
    names = {"oda_check_state", *(each.name for check in all_checks() for each in check.figures)}
    for metric in counted:
        (family,) = metric.describe()
        names |= {f"{family.name}_{end}" for end in ("bucket", "count", "sum")}
        names |= {f"{family.name}_total"} if family.type == "counter" else set()
    return names


@pytest.mark.parametrize("name", RULES)
def test_an_alert_is_about_figures_that_exist(name: str):
    used = set(re.findall(r"\boda_\w+", RULES[name]["expr"]))

    assert used or name == "PortalNotAnswering"
    assert used - figures() == set()


def test_somebody_is_woken_where_no_web_server_is_left_to_be_asked():
    """Then `up` is not 0 but missing, and so is every figure that the other rules ask for."""
    (job,) = set(re.findall(r'job="(\w+)"', RULES["PortalNotAnswering"]["expr"]))
    asked, or_none = RULES["PortalNotAnswering"]["expr"].split(" or ")

    assert f"job_name: {job}\n" in (TOP / "docker" / "alerts.yml").read_text()
    assert (asked, or_none) == (f'up{{job="{job}"}} == 0', f'absent(up{{job="{job}"}})')


@pytest.mark.parametrize("name", RULES)
def test_an_alert_leads_to_a_section_of_the_handbook(name: str):
    section = RULES[name]["annotations"]["handbook"]

    assert section in SECTIONS or section == "{{ $labels.check }}"
    assert f"`{name}`" in HANDBOOK
    assert RULES[name]["labels"]["severity"] in ("page", "ticket")


def test_the_handbook_has_a_section_for_each_check_and_names_figures_that_exist():
    assert {check.name for check in all_checks()} - SECTIONS == set()
    assert set(re.findall(r"`(oda_\w+)`", HANDBOOK)) - figures() == set()


@pytest.mark.django_db
def test_what_a_check_measures_is_given_out(client: Client):
    """Of those that measure something on a site on which nothing has run yet."""
    text = client.get("/metrics").content.decode()

    for name in ("oda_mail_waiting", "oda_disk_free_bytes", "oda_queue_tasks", "oda_jobs_running"):
        assert f"\n# TYPE {name} gauge\n" in text
    for check in all_checks():
        assert f'oda_check_state{{check="{check.name}"}}' in text
