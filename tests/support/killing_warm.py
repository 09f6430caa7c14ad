"""Imported once by the server from which the processes of the matrix are forked.

A process that was killed is there again at once: to load the language model takes longer than all
else that a test of kills does. Nothing of ours that counts is imported here, since a worker shares
its counters before it imports them.
"""

from unittest.mock import patch

import celery  # noqa: F401 - as elasticsearch, kafka and sqlalchemy, for who comes later
import elasticsearch  # noqa: F401
import kafka  # noqa: F401
import sqlalchemy  # noqa: F401

from processors.nlp import reader

patch.object(reader, "load_reader", lambda *_, _warm=reader.load_reader(), **__: _warm).start()
