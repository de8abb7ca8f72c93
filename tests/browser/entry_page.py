"""The entry page as a person in front of a real browser uses it, for several test files."""

from playwright.sync_api import Locator, Page, expect

from tests.factories import PASSWORD

_PASTE = """([id, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const field = document.getElementById(id);
  field.focus();
  field.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
  );
}"""


def open_entry(
    page: Page,
    base: str,
    user: str = "kikaku",
    *,
    fiscal_year: int = 2025,
    plan: str = "mihon",
    has_script: bool = True,
) -> None:
    """Log in on the way to the entry page, with the keyboard alone."""
    page.goto(f"{base}/login/?next=/plans/{plan}/entry/{fiscal_year}/")
    page.get_by_label("利用者名").focus()
    page.keyboard.type(user)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("の実績入力")
    if has_script:
        page.locator("form[data-live]").wait_for()


def cell(page: Page, code: str, name: str = "value") -> Locator:
    """One field of one row."""
    return page.locator(f'[id="{code}-{name}"]')


def row(page: Page, code: str) -> Locator:
    """One row of the table."""
    return page.locator(f'.entry__row[data-code="{code}"]')


def status(page: Page, code: str) -> Locator:
    """Where a row says whether it is saved."""
    return row(page, code).locator('[data-part="status"]')


def paste(page: Page, code: str, text: str) -> None:
    """Paste a clipboard's text into a row's value."""
    page.evaluate(_PASTE, [f"{code}-value", text])


def press(page: Page, name: str) -> None:
    """Press a button."""
    page.get_by_role("button", name=name).click()
