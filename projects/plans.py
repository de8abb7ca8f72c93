"""Which plan is meant where none is named."""

from projects.models import Strategy


def main_plan() -> Strategy | None:
    """The main plan (主たる計画), to which addresses without a plan lead; None without one."""
    return Strategy.objects.filter(is_current=True).first()
