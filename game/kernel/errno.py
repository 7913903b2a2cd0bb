"""Error numbers as Linux has them, whatever machine the model runs on.

Holds the numbers the socket calls of the model return (negated), their names and the sentence
that strerror(3) has for each. It does not hold errors that no call of the model can return.
Source: linux v6.18 include/uapi/asm-generic/errno-base.h, errno.h; glibc 2.36 strerror().
"""

from typing import Final

ENOENT: Final = 2
EBADF: Final = 9
EAGAIN: Final = 11
EACCES: Final = 13
EEXIST: Final = 17
EINVAL: Final = 22
EMFILE: Final = 24
EPIPE: Final = 32
ENOTSOCK: Final = 88
EDESTADDRREQ: Final = 89
ENOPROTOOPT: Final = 92
EOPNOTSUPP: Final = 95
EADDRINUSE: Final = 98
EADDRNOTAVAIL: Final = 99
ENOBUFS: Final = 105
ECONNRESET: Final = 104
EISCONN: Final = 106
ENOTCONN: Final = 107
ETIMEDOUT: Final = 110
ECONNREFUSED: Final = 111

_TEXTS: Final[dict[int, tuple[str, str]]] = {
    ENOENT: ("ENOENT", "No such file or directory"),
    EBADF: ("EBADF", "Bad file descriptor"),
    EAGAIN: ("EAGAIN", "Resource temporarily unavailable"),
    EACCES: ("EACCES", "Permission denied"),
    EEXIST: ("EEXIST", "File exists"),
    EINVAL: ("EINVAL", "Invalid argument"),
    EMFILE: ("EMFILE", "Too many open files"),
    EPIPE: ("EPIPE", "Broken pipe"),
    ENOTSOCK: ("ENOTSOCK", "Socket operation on non-socket"),
    EDESTADDRREQ: ("EDESTADDRREQ", "Destination address required"),
    ENOPROTOOPT: ("ENOPROTOOPT", "Protocol not available"),
    EOPNOTSUPP: ("EOPNOTSUPP", "Operation not supported"),
    EADDRINUSE: ("EADDRINUSE", "Address already in use"),
    EADDRNOTAVAIL: ("EADDRNOTAVAIL", "Cannot assign requested address"),
    ENOBUFS: ("ENOBUFS", "No buffer space available"),
    ECONNRESET: ("ECONNRESET", "Connection reset by peer"),
    EISCONN: ("EISCONN", "Transport endpoint is already connected"),
    ENOTCONN: ("ENOTCONN", "Transport endpoint is not connected"),
    ETIMEDOUT: ("ETIMEDOUT", "Connection timed out"),
    ECONNREFUSED: ("ECONNREFUSED", "Connection refused"),
}


def errno_name(number: int) -> str:
    """The symbol of an error number, `EAGAIN` for 11 or for -11.

    Raises:
        KeyError: no call of the model returns that number.
    """
    return _TEXTS[abs(number)][0]


def strerror(number: int) -> str:
    """What perror(3) would print for an error number, given as 11 or as -11.

    Raises:
        KeyError: no call of the model returns that number.
    """
    return _TEXTS[abs(number)][1]
