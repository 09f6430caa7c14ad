"""Pages that are empty without their scripts: which they are, and a browser that runs them.

Off by default (``BEATWIRE_RENDER``). The browser is a process of its own with one way out, our
proxy, which judges every address; the crawl watches its time and memory and kills it whole.
"""
