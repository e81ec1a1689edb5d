"""What all errors of the input have in common."""


class InputError(ValueError):
    """The data or the call is wrong, and nothing was done; the message says what to correct."""
