"""Steering a fiscal year: who has entered what, by when, and what is still open."""
