"""What pages and reports say of KPIs that can't be compared with the year before."""

from collections.abc import Sequence


def incomparable_sentence(reasons: Sequence[tuple[str, int]], incomparable: int) -> str:
    """How many aren't compared, and why; empty where all are.

    `reasons` counts those whose two years are unlike; the rest of `incomparable` has no rating
    in one of them.
    """
    if not incomparable:
        return ""
    told = [f"{why.removesuffix('ため')}{count}件" for why, count in reasons]
    unrated = incomparable - sum(count for _why, count in reasons)
    if not told:
        return f"どちらかの年度に評価がない{unrated}件は、比べていません。"
    if unrated:
        told.append(f"どちらかの年度に評価がない{unrated}件")
    return f"{'と、'.join(told)}は、比べられません。"
