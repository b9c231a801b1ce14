"""Reviewing a change: what it moves, and whether the checks would notice."""
