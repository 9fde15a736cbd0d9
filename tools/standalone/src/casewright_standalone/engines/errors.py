"""What keeps an engine from running, in one sentence for the person at the terminal."""


class EngineError(Exception):
    """An engine can't run; the message is one clear sentence that says what to do about it."""
