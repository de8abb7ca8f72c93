"""The walk through the views finds what is wrong in any of them, though it asks each rule once."""

from tests.browser.axe import VIEWS, complaints_of_all

PAGE = (
    '<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>頁</title>'
    "<style>{}</style></head><body><main><h1>{}</h1>{}</main></body></html>"
)
TEXT = "<p>ここに本文があります。</p>"
LINK = "<p>ここに本文と<a href='/other'>連絡先</a>があります。</p>"
LINKS = "<a href='/a'>一覧</a><a href='/b'>戻る</a>"
BOX = "<div><b></b>枠の中の文</div>"
LARGE = "@media (min-width: 30rem) and (max-width: 50rem) { %s { %s } }"
W, N, T, F = (view.name for view in VIEWS)

# The page's style and content, the rule, and the views in which it is to be found: of what looks
# the same in several of them, the first.
PLANTED = {
    "contrast": ("p { color: #999 }", TEXT, "color-contrast", {W, F}),
    "narrow-contrast": (
        "@media (max-width: 400px) { p { color: #999 } }", TEXT, "color-contrast", {N}
    ),
    "small-contrast": (
        "p { font-size: 2rem; color: #888 } @media (max-width: 400px) { p { font-size: 1rem } }",
        TEXT, "color-contrast", {N},
    ),
    "large-contrast": (
        "p { color: #333 } " + LARGE % ("p", "color: #999"),
        TEXT, "color-contrast", {T},
    ),
    "forced-contrast": (
        "@media (forced-colors: active) { p { forced-color-adjust: none; color: #999 } }",
        TEXT, "color-contrast", {F},
    ),
    "link": ("p { color: #111 } a { color: #222; text-decoration: none }", LINK,
             "link-in-text-block", {W, F}),
    "name": ("", "<input>", "label", {W}),
    "narrow-name": (
        "@media (max-width: 400px) { i { display: none } }", "<button><i>名</i></button>",
        "button-name", {N},
    ),
    "narrow-target": (
        "a { padding: 2rem } @media (max-width: 400px) { a { padding: 0; font-size: 8px } }",
        LINKS, "target-size", {N},
    ),
    "large-scroll": (
        "div { height: 5em; overflow: auto } b { display: block; height: 1px }"
        + LARGE % ("b", "height: 90em"),
        BOX, "scrollable-region-focusable", {T},
    ),
}  # fmt: skip


def test_each_kind_of_fault_is_found_in_the_views_that_have_it(page):
    def answer(route):
        name = route.request.url.rsplit("/", 1)[1]
        style, content, _rule, _views = PLANTED[name]
        route.fulfill(body=PAGE.format(style, name, content), content_type="text/html")

    page.context.route("**/*", answer)
    found = complaints_of_all(page, [(f"http://no-server/{name}", VIEWS) for name in PLANTED])

    said = {name: set() for name in PLANTED}
    for one in found:
        view, address, rule, _html = one.split(": ", 3)
        name = address.rsplit("/", 1)[1]
        if rule == PLANTED[name][2]:
            said[name].add(view)
    assert said == {name: views for name, (_style, _content, _rule, views) in PLANTED.items()}
