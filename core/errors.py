"""`LayerwiseError`, whose text is written for the user, and `Interrupted`, which is no fault."""


class LayerwiseError(Exception):
    """Something the user asked for cannot be done.

    Its text is one plain sentence that says what, where, and what to try. Whoever catches it shows
    the text as it is; nothing has been changed when it is raised.
    """


class Interrupted(Exception):  # noqa: N818 - what happened, no error of anybody's
    """Nobody waits any more for what is being computed."""
