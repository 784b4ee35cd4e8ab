"""The demo played through the services, on both databases."""
