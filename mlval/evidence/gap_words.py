"""What is said of groups beside their gap: their rates, which were left out, what chance would have shown."""

from collections.abc import Mapping, Sequence

from mlval.domain.measurement import Detail, Measurement
from mlval.domain.rounding import significant
from mlval.stats.group_gaps import Group, Mean

_MOST_LISTED = 10


def rows(group: Group | None) -> int:
    """Return how many rows a rate rests on; none where it is undefined."""
    if group is None:
        return 0
    return group.found.n if isinstance(group, Mean) else group.trials


def is_flat(group: Group) -> bool:
    """Say whether the rows of a mean are all alike, so that they do not tell how much it varies."""
    return isinstance(group, Mean) and group.found.deviation == 0


def told(groups: Mapping[str, Group]) -> Mapping[str, Detail]:
    """Return the rate of every group and the rows that it rests on."""
    return {name: {"value": significant(group.value), "n": rows(group)} for name, group in groups.items()}


def remark(furthest: Sequence[str], groups: Mapping[str, Group], *, chance: float, is_ratio: bool) -> str:
    """Return the sentence that names the furthest pair, and the gap of groups that do not differ.

    Parameters
    ----------
    furthest : the names of two groups, the higher first
    groups : the groups by name
    chance : the gap, or the ratio, that noise alone would give
    """
    high, low = (f"{name} {groups[name].value:.3g}" for name in furthest)
    what = "ratio" if is_ratio else "gap"
    return f"{high} against {low}; groups that do not differ would show a {what} of {chance:.2g} by chance"


def left_out(subject: str, metric: str, groups: Mapping[str, int], *, why: str) -> list[Measurement]:
    """List groups that are not judged, the smallest first; nothing where there is none.

    Parameters
    ----------
    groups : the rows of each, by name
    why : the reason, of all of them
    """
    if not groups:
        return []
    ordered = sorted(groups, key=lambda name: (groups[name], name))
    listed = ", ".join(f"{name} ({groups[name]:,})" for name in ordered[:_MOST_LISTED])
    more = f" and {len(ordered) - _MOST_LISTED:,} more" if len(ordered) > _MOST_LISTED else ""
    return [
        Measurement(
            subject=f"{subject}, not judged",
            metric=metric,
            n=len(groups),
            absent=f"{why}: {listed}{more}",
            expected=True,
            details={"suppressed": {name: groups[name] for name in ordered}},
        )
    ]
