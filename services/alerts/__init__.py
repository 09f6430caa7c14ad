"""Alerts on their way out: what a message says, and the channels that carry it.

What is told to whom is decided in the store (``services.store.alerting``), in one transaction with
the ledger; here are the edges that act on it.
"""
