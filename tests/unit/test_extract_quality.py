"""Pages that are no articles, each with the kind of its reason, and articles that look like it."""

import pytest

from processors.extract import Kind, extract_article

SENTENCES = (
    "The laboratory said on Tuesday that its newest model had cost a tenth of the usual sum.",
    "Analysts were more careful, and noted that the figure leaves out what was paid in salaries.",
    "A spokesman declined to say how many chips had been bought for the run two years ago.",
    "Rivals have told investors that prices will have to fall before the end of the summer.",
    "The ministry has asked for the documents, and expects to publish a part of them in May.",
    "Nobody at the firm wanted to be named, since the talks with the bank are still going on.",
)
ARTICLE = "".join(f"<p>{sentence} {other}</p>" for sentence in SENTENCES for other in SENTENCES[:4])
MENU = "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(12))


def page(title: str, main: str, *, head: str = "") -> str:
    return (
        f'<html lang="en"><head><title>{title}</title>{head}</head>'
        f"<body><nav><ul>{MENU}</ul></nav>{main}"
        "<footer><p>Privacy policy. Cookie settings. Terms of use.</p></footer></body></html>"
    )


def plain(title: str, *paragraphs: str, head: str = "") -> str:
    return page(title, "<main>" + "".join(f"<p>{p}</p>" for p in paragraphs) + "</main>", head=head)


LEAD = f"<p>{SENTENCES[0]} {SENTENCES[1]}</p>"
TEASERS = "".join(
    f'<div><h2><a href="/story-{n}">What the day {n} brought, and why it counts</a></h2></div>'
    for n in range(40)
)
NEWS = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x"%s}</script>'
PAID = NEWS % ', "isAccessibleForFree": false'

BAD: list[tuple[Kind, str]] = [
    ("empty", page("The Ledger", "")),
    ("empty", page("The Ledger", "<main><img src='a.jpg'></main>")),
    ("script", plain("The Ledger", "You need to enable JavaScript to run this app.")),
    ("script", plain("The Ledger", "Please turn on JavaScript and load the page again.")),
    ("script", plain("The Ledger", "JavaScript is disabled in your browser.")),
    ("script", plain("The Ledger", "This site requires JavaScript.")),
    ("script", plain("The Ledger", "Your browser isn't supported. Get a newer one.")),
    ("script", page("The Ledger", "<noscript>Please enable JavaScript.</noscript><div></div>")),
    ("script", page("The Ledger", '<div id="root"></div><script>run()</script>')),
    ("script", page("The Ledger", '<div class="x" id="__next"> </div>')),
    ("script", page("The Ledger", "<main id=app></main>")),
    ("consent", plain("Before you continue", "Before you continue to The Ledger, choose.")),
    ("consent", plain("The Ledger", "We value your privacy.", "Accept all cookies?")),
    ("consent", plain("The Ledger", "We and our 842 partners store information on a device.")),
    ("consent", plain("Your privacy choices", "Reject all cookies. Save.")),
    ("consent", plain("The Ledger", *[
        "We and our 842 partners store and access information on a device such as cookies, and "
        "process personal data for personalised ads and content, for measurement and research.",
        "With your permission we may use precise data on your location. You may change your "
        "consent at any time. Some vendors rely on legitimate interest, to which you may object.",
        "We value your privacy. Your choices apply to this site alone, and you can withdraw "
        "consent by a link at the foot of each page, or in the settings of the application.",
    ] * 3)),
    ("robot", plain("Just a moment", "Checking your browser before you go on to ledger.example.")),
    ("robot", plain("Access denied", "You don't have permission to see this page. Reference 18.")),
    ("robot", plain("The Ledger", "Please verify you are a human. Press and hold the button.")),
    ("robot", plain("The Ledger", "Our systems have detected unusual traffic from your network.")),
    ("robot", plain("The Ledger", "Complete the captcha to go on.")),
    ("robot", plain("429", "Too many requests. Try again in a while.")),
    ("gone", plain("Page not found", "Try the search.")),
    ("gone", plain("404", "There is nothing here.")),
    ("gone", plain("The Ledger", "The page you are looking for has moved.")),
    ("gone", plain("The Ledger", "This article is no longer available.")),
    ("gone", plain("The Ledger", "Sorry, we could not find that page.")),
    ("gone", plain("The Ledger", "The story has been removed at the request of its author.")),
    ("gone", plain("Oops! Page missing", "Go back to where you were.")),
    ("gone", plain("Page not found", *[f"{a} {b}" for a in SENTENCES for b in SENTENCES[:3]])),
    ("paywall", page("A price", f"<article>{LEAD}<p>Subscribe to read the rest.</p></article>")),
    ("paywall", page("A price", f"<article>{LEAD}</article><div>Subscribers only</div>")),
    ("paywall", page("A price", f"<article>{LEAD}</article><p>Already a subscriber? Log in</p>")),
    ("paywall", page("A price", f"<article>{LEAD}<p>Sign in to continue reading.</p></article>")),
    ("paywall", page(
        "A price", f"<article>{LEAD}<p>You have reached your monthly limit.</p></article>")),
    ("paywall", page(
        "A price",
        f"<article>{LEAD * 3}</article><div>Start your free trial</div>", head=PAID,
    )),
    ("stub", plain("A price", "The laboratory said that its model was cheap.")),
    ("stub", page("A price", f"<article><p>{SENTENCES[2]}</p></article>")),
    ("list", page("Technology", f"<main>{TEASERS}</main>")),
    ("list", page("Technology", "<main>" + "".join(
        f"<div><h2><a href='/{n}'>{s}</a></h2><p>{s}</p></div>" for n, s in enumerate(SENTENCES * 3)
    ) + "</main>", head='<script type="application/ld+json">{"@type": "CollectionPage"}</script>')),
    ("list", page("Search", "<ul>" + "".join(
        f"<li><a href='/{n}'>{s}</a></li>" for n, s in enumerate(SENTENCES * 3)) + "</ul>")),
    ("table", page("Prices", "<article><h1>Prices</h1><table>" + "".join(
        f"<tr><td>Model {n} of the year</td><td>{n * 3} dollars a chip</td><td>up {n}</td></tr>"
        for n in range(40)) + "</table></article>")),
    ("symbols", page(
        "Mood", "<article>" + "<p>🚀🚀 💎💎 🔥🔥 wow 📈📈 go 💰💰</p>" * 30 + "</article>")),
    ("symbols", page("Draw", "<article>" + "<p>12 14 29 31 40 / 7 + 11 = 18 # 220.15 - 90</p>" * 12
                     + "</article>")),
    ("capitals", page("Buy", f"<article>{ARTICLE.upper().replace('<P>', '<p>')}</article>")),
    ("stuffed", page("NVIDIA", f"<article>{'<p>' + 'nvidia chips nvidia price ' * 30 + '</p>'}"
                     f"{'<p>' + 'buy nvidia best nvidia ' * 30 + '</p>'}</article>")),
]  # fmt: skip

GOOD = {
    "plain": page("A price", f"<article>{ARTICLE}</article>"),
    "in brief": plain(
        "A price", "Chips are dearer again.", "That is the third time.", " ".join(SENTENCES)
    ),
    "on cookies": page(
        "Regulator fines a publisher over cookies",
        f"<article><p>The regulator said that the site's button to accept all cookies was larger "
        f"than the one to reject all cookies, and fined it.</p>{ARTICLE}</article>",
    ),
    "on consent": page(
        "What we and our partners means",
        "<article><p>We and our 842 partners store information on a device: so begin the banners "
        f"that readers see first, he said.</p>{ARTICLE}</article>",
    ),
    "on a missing page": page(
        "404 Media looks back at a year",
        f"<article><p>The page not found was the most read of its year.</p>{ARTICLE}</article>",
    ),
    "on robots": page(
        "Are you a robot? Captchas meet their end",
        f"<article><p>Captcha was a puzzle.</p>{ARTICLE}</article>",
    ),
    "on scripts": page(
        "A browser without JavaScript",
        f"<article><p>Without JavaScript most pages are empty.</p>{ARTICLE}</article>",
    ),
    "asks to subscribe": page(
        "A price", f"<article>{ARTICLE}<p>Subscribe to read more like this.</p></article>"
    ),
    "paid and whole": page("A price", f"<article>{ARTICLE}</article>", head=PAID),
    "with a table": page(
        "A price",
        f"<article>{ARTICLE}<table><tr><td>Model</td><td>9</td></tr></table></article>",
    ),
    "capitals in names": page(
        "NVIDIA AND AMD", f"<article><p>NVIDIA AND AMD ROSE.</p>{ARTICLE}</article>"
    ),
    "an app that was filled": page("A price", f'<div id="root"><article>{ARTICLE}</article></div>'),
    "emoji among words": page("A price", f"<article><p>🚀🚀🚀</p>{ARTICLE}</article>"),
    "short news": page(
        "A price", f"<article><p>{' '.join(SENTENCES)}</p></article>", head=NEWS % ""
    ),
    "many figures": page(
        "A price", f"<article>{ARTICLE}<p>12 14 29 31 40 / 7 + 11 = 18</p></article>"
    ),
}  # fmt: skip


def test_there_are_enough_bad_pages() -> None:
    assert len(BAD) >= 40


@pytest.mark.parametrize(("kind", "html"), BAD, ids=lambda value: value if len(value) < 20 else "")
def test_a_page_that_is_no_article_is_refused_with_its_kind(kind: Kind, html: str) -> None:
    found = extract_article(html, "https://ledger.example/2025/story")

    assert (found.kind, found.outcome == "article") == (kind, False), found.reason
    assert found.reason


@pytest.mark.parametrize("name", GOOD)
def test_an_article_that_looks_like_one_is_read(name: str) -> None:
    found = extract_article(GOOD[name], "https://ledger.example/2025/story")

    assert (found.outcome, found.kind, found.reason) == ("article", "", "")


def test_a_file_is_no_page() -> None:
    assert extract_article(b"%PDF-1.7", "https://ledger.example/a.pdf").kind == "file"
