"""What a listing says: feeds, sitemaps and section pages, read from their bytes alone."""
