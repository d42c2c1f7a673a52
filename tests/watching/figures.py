"""Reading figures as Prometheus does."""

from __future__ import annotations

from collections.abc import Iterator

from django.test import Client
from prometheus_client.parser import text_string_to_metric_families


def samples(client: Client) -> Iterator[tuple[str, dict[str, str], float]]:
    response = client.get("/metrics")
    assert response.status_code == 200
    for family in text_string_to_metric_families(response.content.decode()):
        for sample in family.samples:
            yield sample.name, sample.labels, sample.value


def value_of(client: Client, name: str, **labels: str) -> float:
    """The sum of what has this name and these labels; 0 where there is nothing."""
    found = [
        value
        for found_name, found_labels, value in samples(client)
        if found_name == name and labels.items() <= found_labels.items()
    ]
    return sum(found)
