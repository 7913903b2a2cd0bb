"""What the players of one run are sent: made once a tick, shared by role and by what they have."""

from collections import OrderedDict

from game.protocol.codec import encode
from game.protocol.delta import pack
from game.protocol.limits import BASES_KEPT
from game.protocol.messages import Delta, Role
from game.session.session import Session


class Views:
    """Snapshots and attackers' views of one session, whole and as deltas.

    Args:
        session: what is seen.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tick = -1
        self._whole: dict[bool, bytes] = {}
        self._deltas: dict[tuple[bool, int], bytes] = {}
        self._bases: dict[bool, OrderedDict[int, bytes | None]] = {
            False: OrderedDict(),
            True: OrderedDict(),
        }

    def refresh(self) -> None:
        """The session has moved on, or something was commanded in a pause."""
        self._whole.clear()
        self._deltas.clear()
        self._tick = self._session.tick

    def messages(self, role: Role, acked: int, *, deltas: bool) -> list[bytes]:
        """The encoded messages for one player.

        Args:
            acked: the newest tick that he has, -1 for none.
            deltas: whether he takes deltas.
        """
        kinds = {"defender": (False,), "attacker": (True,), "both": (False, True)}[role]
        found = []
        for attack in kinds:
            whole = self._encoded(attack)
            if not whole:
                continue
            base = self._bases[attack].get(acked) if deltas and acked < self._tick else None
            found.append(whole if base is None else self._delta(attack, acked, whole, base))
        return found

    def _encoded(self, attack: bool) -> bytes:
        data = self._whole.get(attack)
        if data is None:
            view = self._session.attack_view() if attack else self._session.snapshot()
            data = b"" if view is None else encode(view)
            self._whole[attack] = data
            bases = self._bases[attack]
            # A second view of one tick: nobody can tell which of the two a player has.
            bases[self._tick] = None if self._tick in bases else data
            while len(bases) > BASES_KEPT:
                bases.popitem(last=False)
        return data

    def _delta(self, attack: bool, acked: int, whole: bytes, base: bytes) -> bytes:
        data = self._deltas.get((attack, acked))
        if data is None:
            data = encode(Delta(self._tick, acked, attack, pack(whole, base)))
            self._deltas[attack, acked] = data
        return data
