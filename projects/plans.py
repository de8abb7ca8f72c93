"""Which plan is meant where none is named, and all plans at once."""

from projects.models import Strategy


def main_plan() -> Strategy | None:
    """The main plan (主たる計画), to which addresses without a plan lead; None without one."""
    return Strategy.objects.filter(is_current=True).first()


def lock_plans() -> None:
    """Lock every plan until the transaction ends.

    Closing a year takes the same lock: it can't slip in between a check and what is written.
    """
    list(Strategy.objects.select_for_update(no_key=True).order_by("pk"))
