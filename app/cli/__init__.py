"""The castalia command."""
