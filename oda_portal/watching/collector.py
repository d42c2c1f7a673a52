"""The checks and their figures as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from .looking import Seen
from .registry import Figure, State

# What an alert compares with: 0 in order, 1 late, 2 faulty, -1 not known.
NUMBERS = {State.OK: 0, State.LATE: 1, State.SICK: 2, State.UNKNOWN: -1}


class CheckCollector(Collector):
    """What was just seen; a figure that could not be measured is left out."""

    def __init__(self, seen: Iterable[Seen]) -> None:
        self.seen = list(seen)

    def collect(self) -> Iterator[Metric]:
        states = GaugeMetricFamily(
            "oda_check_state",
            "How a check came out: 0 in order, 1 late, 2 faulty, -1 not known",
            labels=["check"],
        )
        for one in self.seen:
            states.add_metric([one.check.name], NUMBERS[one.state])
        yield states
        for one in self.seen:
            for figure in one.check.figures:
                if figure.name in one.found.figures:
                    yield _gauge(figure, one.found.figures[figure.name])


def _gauge(figure: Figure, value: float | Mapping[str, float]) -> Metric:
    if not isinstance(value, Mapping):
        return GaugeMetricFamily(figure.name, figure.help, value=value)
    family = GaugeMetricFamily(figure.name, figure.help, labels=[figure.label])
    for name, number in value.items():
        family.add_metric([name], number)
    return family
