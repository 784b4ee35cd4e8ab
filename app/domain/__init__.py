"""What is true of studies, panels, rounds, ratings and feedback.

Pure functions over enums and frozen dataclasses. Nothing here knows of the web, of SQL or of files; the
only things borrowed are the scale and the consensus rule of :mod:`analysis`.
"""
