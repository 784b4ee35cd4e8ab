"""The castalia command: an error is one clear line, with code 2 when the input is bad and code 1 else."""

from app.cli.command import main

__all__ = ["main"]
