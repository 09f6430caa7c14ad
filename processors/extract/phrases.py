"""The words of page furniture, as publishers in general write them: tables of expressions.

Each expression is linear: no repetition stands inside another, and gaps are bounded.
"""

import re


def any_of(*expressions: str, start: str = "", end: str = "") -> re.Pattern[str]:
    """One pattern for a table, without regard to case; ``start`` and ``end`` hold for each row."""
    return re.compile(f"{start}(?:{'|'.join(expressions)}){end}", re.IGNORECASE)


MARKUP = any_of(
    r"newsletter",
    r"subscri(?:be|ption)",
    r"sign-?up",
    r"signup",
    r"cookies?",
    r"gdpr",
    r"consent",
    r"onetrust",
    r"share",
    r"sharing",
    r"social",
    r"addthis",
    r"related",
    r"recirc\w*",
    r"recommend\w*",
    r"read-?more",
    r"more-?from",
    r"trending",
    r"most-?(?:read|popular)",
    r"outbrain",
    r"taboola",
    r"promo",
    r"advert\w*",
    r"ad-?(?:slot|unit|wrapper|container)",
    r"sponsor\w*",
    r"disqus",
    r"comments?-?(?:list|area|section)",
    r"comments",
    r"breadcrumbs?",
    r"pagination",
    r"tag-?(?:list|s)",
    r"author-?(?:bio|box|card|info)",
    r"about-?author",
    r"jp-relatedposts",
    r"print-only",
    r"sr-only",
    r"visually-?hidden",
    r"screen-reader-text",
    r"caption",
    r"image-?credit",
    r"photo-?credit",
    start=r"(?:^|[\s_-])",
    end=r"(?:$|[\s_-])",
)
"""Parts of class names and ids of what is no part of an article."""

OPENINGS = any_of(
    r"read (?:more|next|also|this|the full)",
    r"also read",
    r"more on (?:this|the)",
    r"see also",
    r"related(?: (?:stories|articles?|posts?|news|reading|coverage|topics|links)\b|\W*$|\s*[:|])",
    r"recommended",
    r"don'?t miss",
    r"watch(?: now| more| live|: )",
    r"listen(?: now|: )",
    r"go deeper",
    r"further reading",
    r"top stories",
    r"popular now",
    r"trending",
    r"in (?:pictures|photos)",
    r"more (?:stories|news|from|coverage)",
    r"continue reading",
    r"keep reading",
    r"up next",
    r"what to read next",
    r"click here",
    r"discover more from",
    r"subscribe (?:to get|to our|to the|now|today|for)",
    r"sign up (?:for|to|here|now)",
    r"get (?:the|our|your) (?:latest|daily|weekly|free|day'?s|best|top)",
    r"join (?:our|the) (?:newsletter|mailing|community|conversation|free)",
    r"enter your e-?mail",
    r"type your e-?mail",
    r"your e-?mail address",
    r"email address",
    r"thanks for (?:reading|subscribing|signing)",
    r"thank you for (?:reading|subscribing|signing|visiting)",
    r"follow (?:us|me|our|him|her|them|\w+(?: \w+){0,3}) on",
    r"like (?:us|this story|our page)",
    r"find us on",
    r"connect with us",
    r"join us on",
    r"share (?:this|on|with|via|the)",
    r"click to share",
    r"tweet(?: (?:this|share|pin|email)\b|s by|\W*$|\s*[|•·])",
    r"print this",
    r"email this",
    r"copy link",
    r"save (?:this )?(?:article|story|for later)",
    r"leave a (?:comment|reply)",
    r"comments? (?:are|have been) (?:closed|disabled)",
    r"view comments",
    r"\d+ comments?\b",
    r"add a comment",
    r"post a comment",
    r"be the first to comment",
    r"advertisement",
    r"sponsored",
    r"promoted(?:$| (?:content|stories|links|by)\b)",
    r"ad feedback",
    r"story continues",
    r"article continues",
    r"scroll (?:down )?(?:to continue|for more)",
    r"skip (?:to|past|advert)",
    r"(?:we|this (?:web)?site|our (?:web)?site|by using) (?:use|uses|using|this)\b.{0,40}cookies",
    r"accept (?:all )?cookies",
    r"cookie (?:policy|settings|preferences|notice)",
    r"(?:image|photo|picture|video|file photo|cover image|"
    r"featured image)(?: (?:credit|source|courtesy|by|via))*s?\s?:",
    r"getty images\b",
    r"filed under",
    r"tagged",
    r"tags?\s?:",
    r"topics?\s?:",
    r"categor(?:y|ies)\s?:",
    r"posted (?:in|on)\b",
    r"published (?:on|in|at|by)\b",
    r"first published",
    r"originally published",
    r"this (?:article|story|post|piece) (?:was|is|has been|originally|first|"
    r"appeared)\b.{0,40}(?:published|republished|appeared|syndicated|updated|"
    r"translated|first)",
    r"\(?(?:additional )?(?:reporting|editing|writing) by\b",
    r"\(?with reporting (?:by|from)",
    r"copyright (?:©|ⓒ|\(c\)|\d{4}|by\b|notice)",
    r"©",
    r"all rights reserved",
    r"terms (?:of (?:use|service|sale)|(?:and|&) conditions)",
    r"privacy policy",
    r"our standards",
    r"have a (?:tip|story|question)",
    r"got a (?:tip|story)",
    r"send (?:us )?(?:tips|feedback|your)",
    r"contact (?:us|the (?:author|reporter|writer))",
    r"e?mail \w+(?: \w+){0,2} at \S+@",
    r"do you have a (?:tip|story|question)",
    r"download (?:our|the) app",
    r"get the app",
    r"support (?:our|us|independent)",
    r"donate\b",
    r"become a (?:member|subscriber|patron)",
    r"already a subscriber",
    r"to (?:continue|keep) reading",
    r"log ?in",
    r"sign in",
    r"register (?:now|for free)",
    r"create (?:a|an) (?:free )?account",
    r"view (?:all|more|full)",
    r"show (?:more|all)",
    r"load more",
    r"see (?:more|all)\b",
    r"back to top",
    r"next (?:article|story|post)",
    r"previous (?:article|story|post)",
    r"article content$",
    r"loading(?:\W*$|\s?(?:\.\.|…)| (?:comments|more|next))",
    r"please (?:enable|try again|note that this)",
    r"(?:updated|last updated|last modified|published|posted|modified)\s?:",
    r"\d{1,2} min(?:ute)?s? (?:read|ago)",
    r"min read",
    r"listen to this article",
    r"about the authors?\b",
    r"the author is",
)
"""How a block begins that leads elsewhere, asks for something or names its makers."""

ANYWHERE = any_of(
    r"subscribe to (?:our|the|my|get|receive|keep)",
    r"sign(?:ing)? up (?:for|to) (?:our|the|my|this|\w+'s)\b.{0,40}(?:newsletter|"
    r"alerts?|updates?|e-?mail|briefing)",
    r"(?:our|free|daily|weekly|the|your|this|this free) newsletters?\b.{0,40}(?:inbox|"
    r"sign|here|subscribe)",
    r"(?:straight|delivered|directly|sent)? ?(?:to|in) your (?:e-?mail )?inbox",
    r"unsubscribe",
    r"privacy (?:policy|notice)",
    r"affiliate (?:commission|links?)",
    r"follow (?:him|her|them|me|us) (?:on|at|@)",
    r"(?:on|via) (?:twitter|x|facebook|instagram|linkedin|mastodon|bluesky|threads|"
    r"telegram|whatsapp)\s*[:,]?\s*@\w+",
    r"like this story\?",
    r"share it with",
    r"want more (?:stories|news|like this)",
    r"pic\.twitter\.com/",
    r"https?://t\.co/",
    r"view this post on instagram",
    r"opens? in (?:a )?new (?:window|tab)",
)
"""What shows a short block to be furniture wherever it stands in it."""

TAIL = any_of(
    r"more (?:from|on|in|stories|news|like)",
    r"related(?: \w+)?",
    r"you (?:may|might) (?:also )?(?:like|be interested)",
    r"recommended(?: \w+)*",
    r"most (?:read|popular|viewed)",
    r"trending(?: \w+)?",
    r"latest(?: news| stories| articles)?",
    r"popular(?: \w+)?",
    r"comments?(?: \(\d+\))?",
    r"\d+ (?:comments|responses|thoughts on .{0,200})",
    r"leave a (?:reply|comment)",
    r"discover more from .{1,80}",
    r"about the authors?",
    r"read (?:more|next)(?: .{0,40})?",
    r"see also",
    r"further reading",
    r"share this(?: \w+)?",
    r"what to read next",
    r"sign up .{0,80}",
    r"subscribe .{0,80}",
    start=r"^",
    end=r"\W*$",
)
"""Headings of what follows an article."""

DATELINE = any_of(
    r"by\b.{0,80}",
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day,? .{0,40}\d{4}.{0,30}",
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? \d{1,2},? \d{4}.{0,40}",
    r"\d{1,2} \w{3,9} \d{4}.{0,40}",
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}.{0,30}",
    start=r"^",
    end=r"$",
)
"""A by-line or a date that stands alone above the text."""

SCRIPT = any_of(
    r"(?:enable|activate|turn on|allow) (?:your browser'?s? )?java ?script",
    r"java ?script (?:is|seems to be|must be|has been) (?:currently )?"
    r"(?:disabled|required|enabled|turned off)",
    r"(?:requires?|without|needs?) java ?script",
    r"browser (?:is not|isn't|does not|doesn't) support(?:ed| java ?script)",
    r"unsupported browser",
)
"""What a page says that is empty without its scripts."""

SHELL = re.compile(
    r"<(?:div|main|section|app)[^<>]{0,200}\bid=[\"']?(?:root|app|__next|__nuxt|___gatsby|main-app)"
    r"\b[^<>]{0,200}>\s*</",
    re.IGNORECASE,
)
"""The empty element that a page's scripts fill."""

CONSENT = any_of(
    r"(?:accept|reject|manage|about|allow) (?:all )?(?:our |optional )?cookies",
    r"we and our (?:\d+ )?(?:trusted )?(?:partners|vendors)",
    r"(?:we|our partners|this (?:web)?site|and) (?:store|use|uses|set|place|access)"
    r" (?:\w+ ){0,3}cookies",
    r"(?:store|access|accessing|storing) (?:and/or |or |and )?(?:\w+ )?"
    r"information on (?:a|your) device",
    r"your (?:privacy|consent|cookie) (?:choices|settings|preferences|matters)",
    r"we (?:value|care about|respect) your privacy",
    r"before you continue(?: to)?",
    r"(?:withdraw|give|manage|change) (?:your )?consent",
    r"legitimate interests?",
    r"personali[sz]ed (?:ads|advertising|content)",
)
"""What is asked before a page is shown."""

ROBOT = any_of(
    r"are you (?:a |an? )?(?:robot|human)",
    r"(?:verify|confirm|prove) (?:that )?you(?: are|'re) (?:a |not a )?(?:human|robot|bot)",
    r"checking (?:if the site connection is secure|your browser)",
    r"access (?:to this page has been )?denied",
    r"captcha",
    r"unusual (?:traffic|activity)",
    r"(?:request|you have been) (?:was |been )?blocked",
    r"too many requests",
    r"bot(?:nets?)? (?:protection|detection)",
    r"press (?:&|and) hold",
)
"""What is said to whom is taken for a robot."""

GONE = any_of(
    r"page (?:could ?n[o'’]t|can ?n[o'’]t|cannot|was not|wasn[’']t) be? ?found",
    r"(?:could ?n[o'’]t|can ?n[o'’]t|cannot|unable to) (?:be )?(?:find|found|locate)"
    r" (?:that|this|the) (?:page|article|story)",
    r"page not found",
    r"404 not found",
    r"\b404\b.{0,40}error",
    r"error 404",
    r"(?:page|article|story|content|link) (?:is |has )?(?:been )?no longer (?:available|exists?)",
    r"no longer exists",
    r"page (?:you (?:are|were|requested|have requested)(?: looking for)?|doesn[’']t exist"
    r"|does not exist|has been (?:removed|deleted|moved))",
    r"(?:article|story|content) (?:has been|was) (?:removed|deleted|withdrawn|archived)",
    r"(?:nothing|not) found\b.{0,60}search",
)
"""A page that answers 200 and says that it is not there."""

PAYWALL = any_of(
    r"subscribe (?:now |today )?(?:to|for) (?:read|continue|keep|unlock|full access|unlimited)",
    r"(?:already a|to become a) (?:subscriber|member)",
    r"(?:subscribers?|members?)[ -](?:only|exclusive)",
    r"(?:exclusive|available|reserved) (?:only )?(?:to|for) (?:our )?(?:paying )?"
    r"(?:subscribers|members)",
    r"(?:log|sign) in (?:or subscribe )?to (?:read|continue|keep)",
    r"(?:rest|remainder) of (?:this|the) (?:article|story)",
    r"(?:continue|keep) reading (?:with|for|by)",
    r"(?:unlock|get access to) this (?:article|story)",
    r"you(?:'ve| have) (?:reached|read|used) (?:your|all|the) (?:\w+ ){0,4}"
    r"(?:limit|free (?:articles|stories))",
    r"(?:start|begin) your (?:free )?(?:trial|subscription)",
    r"this (?:article|story|content) is (?:for|premium|locked)",
)
"""What stands where the rest of a text is sold."""
