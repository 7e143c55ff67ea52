"""Why there is no release."""


class Refused(Exception):
    """Something is not as a release needs it; the text is a sentence that says what to mend."""
