"""What the entry pages post, for tests."""

FORM = {
    "state": "final",
    "value": "",
    "value_year": "",
    "unmeasured_reason": "",
    "expected_on": "",
    "analysis": "",
    "next_steps": "",
    "confirmation": "",
    "version": "0",
}

PROGRESS_FORM = {"status": "", "cost": "", "summary": "", "next_steps": "", "version": "0"}
REVIEW_FORM = {"summary": "", "external_opinion": "", "version": "0"}


def typed(**rows):
    """typed(P1_1={"value": "9"}) → the fields that the page posts for these KPIs."""
    return _fields(FORM, rows)


def typed_progress(**rows):
    """Likewise the fields of the initiatives' page: typed_progress(P1_1={"status": "done"})."""
    return _fields(PROGRESS_FORM, rows)


def typed_reviews(**rows):
    """Likewise the fields of the reviews' page, by project: typed_reviews(P1={"summary": "…"})."""
    return _fields(REVIEW_FORM, rows)


def _fields(blank, rows):
    return {
        f"{code.replace('_', '-')}-{name}": text
        for code, row in rows.items()
        for name, text in (blank | row).items()
    }
