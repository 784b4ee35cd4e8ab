"""Requests to the whole application, on both databases."""
