"""Fills in the screens that change a plan as a browser would, looks over, and confirms."""

from tests.admin_forms import fields_of


def look_over(client, url: str, **typed: object):
    """The page after a screen's form was posted with something else typed in some fields."""
    data = fields_of(client.get(url).context["form"])
    return client.post(url, data | typed)


def carry_out(client, url: str, **typed: object):
    """The page after the change was looked over and confirmed."""
    page = look_over(client, url, **typed)
    assert page.status_code == 200, faults_of(page)
    return client.post(url, {"confirmed": page.context["signed"]})


def faults_of(page) -> dict[str, list[str]]:
    """What a form that was refused says, by field (`__all__` for none)."""
    return {name: list(messages) for name, messages in page.context["form"].errors.items()}
