"""The demo: its study as files, and its simulated panelists."""
