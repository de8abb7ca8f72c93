"""Static files under names that change with their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, which here also renames what one script module imports from another.

    Without it a browser could hold an old module beside a new one after an upgrade.
    """

    support_js_module_import_aggregation = True
