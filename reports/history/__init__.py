"""The history for people: who changed which figure from what to what, when and why."""
