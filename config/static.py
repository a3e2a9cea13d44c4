"""Static files as a site in use serves them: named after their contents, compressed, kept by browsers for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Before collectstatic ran there are no such names: a page then asks for the plain ones, and an error page still renders."""

    def stored_name(self, name):
        return super().stored_name(name) if self.hashed_files else name
