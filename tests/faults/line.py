"""How a test of a fault says what came of it."""

from __future__ import annotations

from collections.abc import Sequence


def line(
    case: str,
    n: int,
    *,
    lost: int | None = 0,
    repeated: int | None = 0,
    errors: int = 0,
    seconds: Sequence[float] = (),
) -> str:
    """`n` things that people did or should get; `seconds` of each answer, where they were taken.

    `lost` and `repeated` are None where nothing can be. A dash stands for what there is not.
    """
    p99 = f"{sorted(seconds)[int(len(seconds) * 0.99)] * 1000:.0f} ms" if seconds else "-"
    counted = {"n": n, "lost": lost, "repeated": repeated, "errors": errors}
    told = ", ".join(f"{name} {'-' if it is None else it}" for name, it in counted.items())
    return f"{case}: {told}, p99 {p99}"
