"""What planners change of a plan that runs, an act a module: each holds from an open year on.

An act runs in one transaction under a lock of the plan, signs the history with its reason and is
noted in the audit. It raises PermissionDenied, or RecordingRefused with Japanese sentences. Acts
know nothing of requests; their screens are in `entry.changing`.
"""
