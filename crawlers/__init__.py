"""Sources to pages. Scrapy only: fetches, and never reads an article's meaning."""
