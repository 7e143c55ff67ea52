"""What goes wrong with object stores, in our words: those of a client may hold addresses with credentials."""

from mlval.domain.errors import SourceUnavailable
from mlval.domain.text import shown
from mlval.sources.bucket_uri import Location

_CREDENTIALS = {
    "s3": "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or what else the AWS client reads.",
    "gs": "Set GOOGLE_APPLICATION_CREDENTIALS to the path of a key file.",
    "abfs": "Set AZURE_STORAGE_ACCOUNT_NAME, and AZURE_STORAGE_ACCOUNT_KEY or AZURE_STORAGE_SAS_TOKEN.",
}
_WITHOUT_CREDENTIALS = {
    *("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound"),
    *("DefaultCredentialsError", "RefreshError", "ClientAuthenticationError"),
}


def changed(one: Location) -> SourceUnavailable:
    """Return the error for an object that is not the one that was described."""
    return SourceUnavailable(
        f"`{shown(one)}` changed while it was fetched.", remedy="Run again when it is written."
    )


def unavailable(error: Exception, wanted: Location) -> SourceUnavailable:
    """Translate an error of the client into ours; its own text may hold addresses with credentials."""
    name, kind = shown(wanted), type(error).__name__
    if isinstance(error, FileNotFoundError):
        return SourceUnavailable(f"`{name}` does not exist.", remedy="Check the bucket and the key.")
    if kind == "FileExpired":
        return changed(wanted)
    if isinstance(error, PermissionError):
        return SourceUnavailable(
            f"`{name}` is denied to these credentials.",
            remedy="Let them read and list it; where they may not list, an absent key looks like this too.",
        )
    if kind in _WITHOUT_CREDENTIALS:
        return SourceUnavailable(
            f"There are no credentials for `{wanted.scheme}://`.", remedy=_CREDENTIALS[wanted.scheme]
        )
    return SourceUnavailable(
        f"The store of `{name}` did not answer ({kind}).", remedy="Check its address and that it is up."
    )
