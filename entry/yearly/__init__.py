"""What was done in a fiscal year, on initiatives and projects: rows and forms of its pages."""
