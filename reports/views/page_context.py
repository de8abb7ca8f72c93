"""What pages about one fiscal year have in common."""

from kpis.progress import StrategyProgress


def frame(progress: StrategyProgress) -> dict[str, object]:
    """What such a page shows around its own part."""
    return {
        "progress": progress,
        "fiscal_year": progress.fiscal_year,
        "closed_years": progress.closed_years,
        "rules": progress.rules,
        "standing": progress.standing,
        "previous": progress.previous,
    }
