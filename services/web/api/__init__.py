"""What programs ask: ``/api/v1``, exports and feeds of any search."""
