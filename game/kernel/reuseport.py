"""The listeners of one address and port, and which of them gets a SYN.

One listener, or a group of SO_REUSEPORT listeners. The choice is a hash of the flow: even over
flows, the same for a given flow, blind to how full a listener is. Who may join is in `bind.py`.
Source: linux v6.18 net/core/sock_reuseport.c reuseport_select_sock_by_hash(),
__reuseport_detach_sock(), reuseport_migrate_sock().
"""

from typing import Generic, TypeVar

from game.kernel.hash import hash32
from game.kernel.segment import Flow
from game.kernel.syncookies import RECENT_NS, STAMP_NS

Member = TypeVar("Member")
"""The kind of socket the group is made of."""


class ListenerGroup(Generic[Member]):
    """Every socket in LISTEN on one address and port.

    Attributes:
        members: in the order of listen(), but for holes that the last member filled.
        cookie_stamp_ns: about when one of them last sent a cookie, None for never.
    """

    __slots__ = ("_boot_key", "cookie_stamp_ns", "members")

    def __init__(self, boot_key: int) -> None:
        self._boot_key = boot_key
        self.members: list[Member] = []
        self.cookie_stamp_ns: int | None = None

    def select(self, flow: Flow) -> Member | None:
        """The member that a flow belongs to, None if all have gone."""
        members = self.members
        if len(members) == 1:
            return members[0]
        if not members:
            return None
        return members[hash32(flow, self._boot_key) * len(members) >> 32]

    def remove(self, listener: Member) -> None:
        """Take a member out; the last one moves into the hole, so most flows map anew."""
        index = self.members.index(listener)
        last = self.members.pop()
        if index < len(self.members):
            self.members[index] = last

    def note_cookie(self, now_ns: int) -> None:
        """Remember that a cookie was sent, at most once a second.

        Source: linux v6.18 include/net/tcp.h tcp_synq_overflow().
        """
        stamp = self.cookie_stamp_ns
        if stamp is None or now_ns - stamp > STAMP_NS:
            self.cookie_stamp_ns = now_ns

    @property
    def stamp_holds_until_ns(self) -> int:
        """Up to when further cookies leave the stamp as it is; -1 if none was sent yet."""
        return -1 if self.cookie_stamp_ns is None else self.cookie_stamp_ns + STAMP_NS

    def sent_cookies_recently(self, now_ns: int) -> bool:
        """True if a stray ACK may carry a cookie of ours.

        Source: linux v6.18 include/net/tcp.h tcp_synq_no_recent_overflow().
        """
        stamp = self.cookie_stamp_ns
        return stamp is not None and now_ns - stamp <= RECENT_NS
