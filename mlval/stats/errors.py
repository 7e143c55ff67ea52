"""The one error of this room: a statistic that the data at hand does not define."""


class Undefined(ValueError):
    """The statistic has no value here; the message is a sentence that a user understands."""
