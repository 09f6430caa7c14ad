"""The port ``Store``: what must be joined in one transaction - sources, frontier, outcomes."""

from services.store.port import Store

__all__ = ["Store"]
