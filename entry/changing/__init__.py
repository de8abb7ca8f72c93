"""Changing a plan: what an act would do, doing it, and the screens of every kind of change."""
