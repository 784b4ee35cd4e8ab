"""Reports of stored studies."""
