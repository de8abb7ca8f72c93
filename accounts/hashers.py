"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2LightHasher(Argon2PasswordHasher):
    """Argon2id with the parameters that OWASP's password storage cheat sheet names.

    Django's own take 100 MiB for a moment at each login: at half past eight in the
    morning that is the memory of a small server.
    """

    memory_cost = 19_456  # KiB
    time_cost = 2
    parallelism = 1
