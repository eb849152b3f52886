"""Why a command cannot go on, told to the person at the keyboard."""


class Refusal(Exception):
    """One clear sentence that says what is wrong, and what to do. The command prints it and ends with `exit_code`."""

    exit_code = 1

    def __init__(self, what: str, do: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.do = do

    def __str__(self) -> str:
        return f"{self.what} {self.do}".strip()
