"""How long the database may keep a page waiting, and what is said when it does not answer."""
