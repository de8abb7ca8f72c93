"""Signing on elsewhere: who somebody is says a directory, a provider or a proxy of the city's own.

Each account comes in by exactly one way (`Account.sign_on`). What it may do is the app's business.
"""
