"""Why nothing came of a look at a source, in words for whoever looks after it. Each says what to do about it."""


class SourceProblem(Exception):
    """Nothing was read. It may be better the next time, so there is one, after a wait."""


class NoNewFile(SourceProblem):
    """The source answers, and has no file that was not read before."""


class NeedsSomebody(SourceProblem):
    """Trying again would not help, and may do harm: a person has to do something first."""


class HostKeyUnconfirmed(NeedsSomebody):
    """The first time that this server answers: ``host_key`` is what it shows, and nobody has confirmed it yet."""

    def __init__(self, host_key: str, words: str) -> None:
        super().__init__(words)
        self.host_key = host_key


class HostKeyChanged(HostKeyUnconfirmed):
    """The server shows another key than the one that somebody confirmed."""
