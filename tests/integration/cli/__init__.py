"""The castalia command, as people type it."""
