"""What a user did that can be mended."""

EXIT_BAD_INPUT = 2
EXIT_FAILED = 1


class UserError(Exception):
    """The text is a sentence that says what to do; `exit_code` is what the program ends with."""

    def __init__(self, message: str, exit_code: int = EXIT_BAD_INPUT) -> None:
        super().__init__(message)
        self.exit_code = exit_code
