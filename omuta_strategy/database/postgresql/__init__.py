"""Django's PostgreSQL, with a limit on how long a server may say nothing."""
