"""`LayerwiseError`, whose text is written for the user, and `Interrupted`, which is no fault."""


class LayerwiseError(Exception):
    """The user's request cannot be carried out.

    Its text is one plain sentence that says what, where, and what to try. Handlers show the text
    unchanged; nothing has been changed when it is raised.
    """


class Interrupted(Exception):  # noqa: N818 - an event, not an error
    """The result of the computation is no longer needed."""
