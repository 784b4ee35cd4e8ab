"""Delphi statistics: ratings in, frozen results out."""
