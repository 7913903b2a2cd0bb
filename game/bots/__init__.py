"""Players without hands: they see what players see, and send what players send."""

from game.bots.player import BotPlayer as BotPlayer
from game.bots.player import make_bot as make_bot
