"""Pages, feeds and the stream of alert topics."""
