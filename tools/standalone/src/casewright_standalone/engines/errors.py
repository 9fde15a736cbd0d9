"""What keeps a command or an engine from doing its work, in one sentence for the person at the terminal."""


class CommandError(Exception):
    """A command can't go on; the message is one clear sentence that says what to do about it."""


class EngineError(CommandError):
    """An engine can't run."""
