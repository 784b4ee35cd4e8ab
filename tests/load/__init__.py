"""Many writers at once."""
