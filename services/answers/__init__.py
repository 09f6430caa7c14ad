"""What the index knows as others read it: JSON, CSV and feeds, alike on the web and in a shell."""
