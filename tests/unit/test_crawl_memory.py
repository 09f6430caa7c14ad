"""A crawl's memory limit is about the crawl, whoever started it."""

import subprocess
import sys

OWN = """
from scrapy.utils.test import get_crawler
from crawlers.fetching.memory import OwnMemory
print(OwnMemory(get_crawler()).get_virtual_size() // 2**20)
"""
LARGE_PARENT = """
import subprocess, sys
ballast = bytearray(700 * 2**20)
ballast[::4096] = bytes(len(ballast[::4096]))
subprocess.run([sys.executable, "-c", sys.argv[1]], check=True)
"""


def test_a_large_parent_does_not_count() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LARGE_PARENT, OWN], capture_output=True, text=True, check=True
    )
    assert 20 < int(done.stdout) < 400
