"""Studies as files, and the loader that plays them through the services."""
