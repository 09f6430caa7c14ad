"""Which addresses alerts may go to: decided when a channel is made, in one canonical spelling."""

import base64
from ipaddress import ip_network

import pytest

from services.alerts.rules import good_mail, good_webhook, new_secret
from services.errors import UserError

INTRANET = (ip_network("10.1.0.0/16"),)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://hooks.example/a?b=c&d", "https://hooks.example/a?b=c&d"),
        ("  HTTPS://Hooks.Example:443/A\n", "https://hooks.example/A"),
        ("http://hooks.example", "http://hooks.example/"),
        ("http://hooks.example.", "http://hooks.example/"),
        ("https://hooks.example/x#@127.0.0.1", "https://hooks.example/x"),
        ("https://hooks.example/ü?ä=%C3%BC", "https://hooks.example/%C3%BC?%C3%A4=%C3%BC"),
        ("https://bücher.example/?utm_source=a", "https://xn--bcher-kva.example/?utm_source=a"),
        ("https://аpple.example/", "https://xn--pple-43d.example/"),
        ("https://8.8.8.8/hook", "https://8.8.8.8/hook"),
        ("https://[2606:4700:0::1111]/", "https://[2606:4700::1111]/"),
    ],
)
def test_a_webhook_is_kept_in_its_one_spelling(given: str, kept: str) -> None:
    assert good_webhook(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        *("", "hooks.example", "//hooks.example", "ftp://hooks.example/", "javascript:alert(1)"),
        *("file:///etc/passwd", "https://", "https:///path", "https://hooks.example:0/"),
        *("https://hooks.example:99999/", "https://user:pass@hooks.example/"),
        *("http://good.example@127.0.0.1/", "http://127.0.0.1/", "http://localhost/"),
        *("http://a.localhost/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/"),
        *("http://127.1/", "http://1/", "http://①②⑦.⓪.⓪.①/", "http://127.0.0.1./"),
        *("http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[fe80::1%25eth0]/"),
        *("http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fec0::1]/"),
        *("http://169.254.169.254/latest", "http://10.0.0.1/", "http://0.0.0.0/"),
        *("http://good.example\\@127.0.0.1/", "http://good.example\t.evil.example/"),
        *("http://good\nexample/", "http://good .example/", "http://%31%32%37.0.0.1/"),
        *("http://exa%6dple.example/", "https://hooks.example:8443/", "https://8.8.8.8:6379/"),
        *("http://hooks.example:25/", "https://hooks.example/" + "a" * 2100),
        *("http://hooks\u2028.example/", "http://a..example/", "http://-.example:80x/"),
    ],
)
def test_what_is_no_webhook_is_refused_with_one_line(given: str) -> None:
    with pytest.raises(UserError) as refused:
        good_webhook(given)
    assert "\n" not in str(refused.value)
    assert "user:pass" not in str(refused.value)


def test_the_operators_networks_are_reached_on_any_port() -> None:
    assert good_webhook("http://10.1.2.3:9000/x", INTRANET) == "http://10.1.2.3:9000/x"
    assert good_webhook("http://hooks.intranet.example:9000/", INTRANET)  # judged when it is called
    for other in ("http://10.2.0.1/", "http://127.0.0.1/", "https://8.8.8.8:9000/"):
        with pytest.raises(UserError, match="BEATWIRE_WEBHOOK_NETWORKS"):
            good_webhook(other, INTRANET)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ada@news.example", "ada@news.example"),
        (" Ada.L+ai@News.Example ", "Ada.L+ai@news.example"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("o'neil@a-b.example", "o'neil@a-b.example"),
    ],
)
def test_a_mail_address_is_kept_as_servers_take_it(given: str, kept: str) -> None:
    assert good_mail(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        *("", "ada", "@news.example", "ada@", "ada@localhost", "ada@[127.0.0.1]", "ada@127.0.0.1"),
        *("a b@news.example", '"a b"@news.example', "ada@news.example, eve@evil.example"),
        *(
            "Ada <ada@news.example>",
            "ada@news.example\nBcc: eve@evil.example",
            "ada\r@news.example",
        ),
        *("ada@news..example", ".ada@news.example", "ada.@news.example", "ada@-news.example"),
        *("ädä@news.example", "ada@news.example\x00", "a" * 65 + "@news.example"),
        *("ada@" + "a" * 64 + ".example", "ada@" + "a.example." * 30 + "x", "<ada@news.example>"),
        *("ada@news.example>", "-oQ/tmp@news_example", "a@b@c.example"),
        "=?utf-8?q?ada?=\n@news.example",
    ],
)
def test_what_is_no_mail_address_is_refused_with_one_line(given: str) -> None:
    with pytest.raises(UserError, match="not an e-mail address") as refused:
        good_mail(given)
    assert "\n" not in str(refused.value)


def test_secrets_are_new_and_as_the_standard_wants_them() -> None:
    made = {new_secret() for _ in range(50)}
    assert len(made) == 50
    for secret in made:
        assert secret.startswith("whsec_")
        assert 24 <= len(base64.b64decode(secret[6:], validate=True)) <= 64
