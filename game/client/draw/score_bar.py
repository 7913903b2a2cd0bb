"""The bar over a match: who plays, which half, served against turned away, and the clock."""

from typing import NamedTuple

from game.client.canvas import Canvas
from game.client.draw.view import minutes
from game.client.sprites import code
from game.client.standing import beat_key, per_cent
from game.text.versus import versus_text

HEIGHT = 72.0
BAR_X, BAR_Y, BAR_W, BAR_H = 232.0, 40.0, 816.0, 20.0
HALVES = 2


class Score(NamedTuple):
    """What everybody may see of a half.

    Attributes:
        defender, attacker: names of both sides.
        half: 1 or 2.
        task: of who looks on: "defend", "attack" or "watch".
        needed: share that the defender needs, in thousandths.
        rival: share that was served in the first half, in thousandths; -1 while that is on.
        attempts, served: travellers due so far, and those of them that were served.
        left_ms: what is left of the half.
        port: that is defended.
    """

    defender: str
    attacker: str
    half: int
    task: str
    needed: int
    rival: int
    attempts: int
    served: int
    left_ms: int
    port: int

    @property
    def share(self) -> float:
        """Served so far, 0 to 1; 1 before anybody is due."""
        return self.served / self.attempts if self.attempts else 1.0

    @property
    def is_won(self) -> bool:
        """Whether the half goes well for who looks on; for a spectator, for the defender."""
        return (self.share * 1000 >= self.needed) is (self.task != "attack")


def draw_score_bar(canvas: Canvas, score: Score) -> None:
    """The whole bar; painted anew when a number in it changes."""
    key = (score._replace(left_ms=score.left_ms // 1000),)
    rect = (0.0, 0.0, 1280.0, HEIGHT)
    canvas.layer("score-bar", rect, key, lambda c: _bar(c, score), canvas.theme.floor)


def _bar(canvas: Canvas, score: Score) -> None:
    theme, lang = canvas.theme, canvas.lang
    canvas.line(0, HEIGHT - 1, 1280, HEIGHT - 1, theme.hair, 2)
    _plates(canvas, score)
    said = versus_text(lang, "half_of", n=score.half)
    used = canvas.text(BAR_X, 27, said, "caption", theme.ink2)
    for half in range(HALVES):
        x = BAR_X + used + 16 + 16 * half
        if half + 1 == score.half:
            canvas.circle(x, 23, 5, theme.traveller)
        else:
            line = theme.ink if half + 1 < score.half else theme.mid
            canvas.circle(x, 23, 4.4, None, line, 1.8)
    if score.rival >= 0:
        said = versus_text(
            lang, beat_key("beat", score.task, score.rival), share=per_cent(score.rival)
        )
        left = BAR_X + used + 16 * HALVES + 16
        canvas.text(left, 27, said, "caption_bold", theme.ink, max_width=596 - left)
    canvas.text(640, 30, minutes(score.left_ms), "plate", theme.ink, "center")
    _need(canvas, score)
    _tug(canvas, score)


def _need(canvas: Canvas, score: Score) -> None:
    """What wins the half, where it stands, and whether that is enough."""
    lang, right = canvas.lang, BAR_X + BAR_W
    blanks = {"name": score.defender, "needed": per_cent(score.needed)}
    if not score.attempts:
        said = versus_text(lang, f"needs_at_first_{score.task}", **blanks)
    else:
        canvas.sprite("tick" if score.is_won else "cross", right - 8, 23, 15)
        right -= 22
        # Cut, not rounded: 68.96 % is not yet 69 %.
        has = per_cent(score.served * 1000 // score.attempts)
        said = versus_text(lang, f"needs_{score.task}", has=has, **blanks)
    canvas.text(right, 27, said, "caption_bold", canvas.theme.ink, "right", max_width=right - 690)


def _plates(canvas: Canvas, score: Score) -> None:
    theme, lang = canvas.theme, canvas.lang
    canvas.box(24, 16, 40, 40, theme.sign, radius=4)
    white = code(theme.onsign)
    canvas.svg(
        f'<circle cx="0" cy="-8.5" r="4.6" fill="{white}"/>'
        f'<path d="M-6.5 11V3A6.5 6.5 0 0 1 6.5 3V11A2 2 0 0 1 4.5 13H-4.5A2 2 0 0 1 -6.5 11Z" '
        f'fill="{white}"/>',
        (-8, -14, 16, 28),
        44,
        36,
    )
    canvas.text(76, 34, score.defender, "title", theme.ink, max_width=144)
    said = versus_text(lang, "defends_port", port=score.port)
    canvas.text(76, 52, said, "caption", theme.ink2, max_width=144)
    canvas.box(1216, 16, 40, 40, theme.board, radius=4)
    ghost = code(theme.flaptext)
    canvas.svg(
        f'<path d="M-7 12V-3A7 7 0 0 1 7 -3V12L3.5 8.4L0 12L-3.5 8.4Z" fill="none" '
        f'stroke="{ghost}" stroke-width="2" stroke-linejoin="round"/>'
        f'<rect x="-3.6" y="-4" width="2.2" height="4.6" fill="{ghost}"/>'
        f'<rect x="1.4" y="-4" width="2.2" height="4.6" fill="{ghost}"/>',
        (-9, -12, 18, 26),
        1236,
        36,
    )
    canvas.text(1204, 34, score.attacker, "title", theme.ink, "right", max_width=144)
    said = versus_text(lang, "attacks")
    canvas.text(1204, 52, said, "caption", theme.ink2, "right", max_width=144)


def _tug(canvas: Canvas, score: Score) -> None:
    """Served from the left, turned away from the right; a notch where the defender must stay."""
    theme, lang = canvas.theme, canvas.lang
    part = min(1.0, max(0.0, score.share))
    edge = BAR_X + BAR_W * part
    canvas.box(BAR_X, BAR_Y, BAR_W, BAR_H, theme.board)
    with canvas.clip(edge, BAR_Y, BAR_X + BAR_W - edge, BAR_H):
        x = BAR_X - BAR_H
        while x < BAR_X + BAR_W:
            canvas.line(x, BAR_Y + BAR_H, x + BAR_H, BAR_Y, theme.ink2, 1.2)
            x += 9
    canvas.box(BAR_X, BAR_Y, edge - BAR_X, BAR_H, theme.traveller)
    said = versus_text(lang, "served_n", n=score.served)
    width = canvas.measure(said, "sign")
    if width + 24 <= edge - BAR_X:
        ink = theme.onsign if theme.bright else theme.paper
        canvas.text(BAR_X + 12, BAR_Y + 15, said, "sign", ink)
    said = versus_text(lang, "away_n", n=score.attempts - score.served)
    width = canvas.measure(said, "sign")
    end = BAR_X + BAR_W
    if width + 32 <= end - edge:
        canvas.box(end - width - 20, BAR_Y, width + 20, BAR_H, theme.board)
        canvas.text(end - 10, BAR_Y + 15, said, "sign", theme.flaptext, "right")
    if score.rival >= 0:
        # The share of the first half: a hollow mark beside the full one of what is needed.
        rival = BAR_X + BAR_W * score.rival / 1000
        ink = theme.onsign if rival < edge and theme.bright else theme.flaptext
        canvas.dashed_line(rival, BAR_Y, rival, BAR_Y + BAR_H, ink, 1.6, 3, 3)
        tip = BAR_Y + BAR_H + 1
        corners = [(rival, tip), (rival - 5, tip + 6), (rival + 5, tip + 6)]
        canvas.polygon(corners, theme.floor, theme.ink, 1.4)
    needed = BAR_X + BAR_W * score.needed / 1000
    ink = theme.onsign if needed < edge and theme.bright else theme.ink
    if needed >= edge:
        ink = theme.flaptext
    canvas.line(needed, BAR_Y, needed, BAR_Y + BAR_H, ink, 2)
    tip = BAR_Y + BAR_H + 1
    canvas.polygon([(needed, tip), (needed - 5, tip + 6), (needed + 5, tip + 6)], theme.ink)
    grip = min(end - 7, max(BAR_X, edge - 6))
    canvas.box(grip, BAR_Y - 7, 13, BAR_H + 14, theme.floor, theme.ink, radius=3, width=2)
