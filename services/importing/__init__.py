"""Pages from files onto topic ``pages.backfill``: WARC and JSON lines, read as a stream.

Files are hostile as pages are. Nothing here opens a network connection, and nothing that a file
says decides which file is opened.
"""
