"""Backups and what comes of them, and what is not kept for ever."""
