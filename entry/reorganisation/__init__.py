"""The screen on which planners prepare a 機構改革: its form and its addresses."""
