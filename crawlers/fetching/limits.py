"""All of Scrapy's settings: the limits of a crawl, and everything off that it does not need."""

from typing import Any

from crawlers.fetching.resolver import JOB
from crawlers.listings.read import MAX_FEED
from services.settings import Settings
from services.version import VERSION

PER_HOST = 2
"""Requests to one host at a time."""
ALL_HOSTS = 64
MEMORY_MB = 1024


def user_agent(settings: Settings) -> str:
    """Who we say we are; the product token is the one that robots.txt is asked for."""
    contact = f" (+{settings.contact})" if settings.contact else ""
    return f"Beatwire/{VERSION}{contact}"


def scrapy_settings(settings: Settings) -> dict[str, Any]:
    """Scrapy's settings for these settings of ours."""
    return {
        JOB: settings,
        "USER_AGENT": user_agent(settings),
        **_NETWORK,
        **_OFF,
        "DOWNLOAD_DELAY": settings.crawl_delay,
        "DOWNLOAD_TIMEOUT": settings.fetch_timeout,
    }


_NETWORK: dict[str, Any] = {
    "TWISTED_DNS_RESOLVER": "crawlers.fetching.resolver.GuardedResolver",
    "REACTOR_THREADPOOL_MAXSIZE": 20,
    "DOWNLOAD_HANDLERS": {
        "http": "crawlers.fetching.handler.GuardedHandler",
        "https": "crawlers.fetching.handler.GuardedHandler",
        "file": None,
        "ftp": None,
        "s3": None,
        "data": None,
    },
    "DOWNLOADER_MIDDLEWARES": {
        "crawlers.fetching.policy.RobotsPolicy": 100,
        "crawlers.fetching.patience.Patience": 540,
        "crawlers.fetching.hops.BoundedCompression": 590,
        "crawlers.fetching.hops.Redirects": 600,
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
        "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
        "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
        "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
        "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
        "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
        "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
    },
    # These drop requests without a word; what they guard is bounded where links are found.
    "SPIDER_MIDDLEWARES": {
        "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
        "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
        "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
        "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    },
    "CONCURRENT_REQUESTS": ALL_HOSTS,
    "CONCURRENT_REQUESTS_PER_DOMAIN": PER_HOST,
    "DOWNLOAD_DELAY_JITTER": 0,
    "DOWNLOAD_MAXSIZE": MAX_FEED,
    "DOWNLOAD_WARNSIZE": 0,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "MEMUSAGE_LIMIT_MB": MEMORY_MB,
    "MEMUSAGE_CHECK_INTERVAL_SECONDS": 5.0,
    "DEFAULT_REQUEST_HEADERS": {
        "Accept": "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,"
        "application/feed+json,application/xml;q=0.9,*/*;q=0.5",
    },
}

_OFF: dict[str, Any] = {
    "COOKIES_ENABLED": False,
    "HTTPPROXY_ENABLED": False,
    "HTTPCACHE_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "REFERER_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "ROBOTSTXT_OBEY": False,  # our own policy stands in its place
    "RETRY_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "STATS_DUMP": False,
    "LOG_ENABLED": False,
    "LOG_INSTALL_ROOT_HANDLER": False,
    "LOGSTATS_INTERVAL": 0,
    "EXTENSIONS": {
        "scrapy.extensions.memusage.MemoryUsage": None,
        "crawlers.fetching.memory.OwnMemory": 0,
        "scrapy.extensions.telnet.TelnetConsole": None,
        "scrapy.extensions.remote_control.RemoteControl": None,
        "scrapy.extensions.feedexport.FeedExporter": None,
        "scrapy.extensions.logstats.LogStats": None,
        "scrapy.extensions.throttle.AutoThrottle": None,
        "scrapy.extensions.spiderstate.SpiderState": None,
        "scrapy.extensions.memdebug.MemoryDebugger": None,
        "scrapy.extensions.closespider.CloseSpider": None,
    },
}
