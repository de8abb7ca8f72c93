"""The acts by which a plan changes: none of them changes what is in force for a closed year.

Each act is a function: one transaction with the plan locked, the history and the audit signed
with the reason. It raises PermissionDenied, or RecordingRefused with sentences by field.
"""
