"""What the entry page posts, for tests."""

FORM = {
    "state": "final",
    "value": "",
    "unmeasured_reason": "",
    "expected_on": "",
    "analysis": "",
    "next_steps": "",
    "confirmation": "",
    "version": "0",
}


def typed(**rows):
    """typed(P1_1={"value": "9"}) → the fields that the page posts for these KPIs."""
    return {
        f"{code.replace('_', '-')}-{name}": text
        for code, row in rows.items()
        for name, text in (FORM | row).items()
    }
