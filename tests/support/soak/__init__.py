"""``python -m tests.support.soak``: a long run on real servers, with harm done to all of them.

``docs/soak.md`` tells what it does and what it must show. Pure: ``plan``, ``account``, ``judging``,
``drawing``. ``running`` holds the rest together.
"""
