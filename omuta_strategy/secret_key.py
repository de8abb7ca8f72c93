"""Whether a SECRET_KEY can be guessed."""

_SHORTEST = 50
_FEWEST_DIFFERENT = 12
# What examples, tutorials and generators of new projects print; a random key of 67 characters
# holds one of them once in ten thousand millions.
_PLACEHOLDERS = (
    "django-insecure", "changeme", "change-me", "change_me", "placeholder", "secret-key",
    "secret_key", "secretkey", "your-secret", "your_secret", "insecure", "password", "example",
    "replace-", "only-for-tests", "development", "xxxxxx", "123456",
)  # fmt: skip


def weakness(key: str) -> str:
    """What is wrong with the key, to follow `SECRET_KEY`; empty for one that is good."""
    lower = key.casefold()
    for word in _PLACEHOLDERS:
        if word in lower:
            return f"has {word!r} in it, as examples have"
    if len(key) < _SHORTEST:
        return f"has {len(key)} characters, fewer than {_SHORTEST}"
    if len(set(key)) < _FEWEST_DIFFERENT:
        return f"has only {len(set(key))} different characters"
    return ""
