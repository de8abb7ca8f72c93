"""Reads what people write: figures, days, fiscal years, texts, names and codes.

Nothing is guessed: what can't be read for certain is refused with a sentence
that says what would be right. Nothing outside this package normalises.
"""
