"""Every limit on what crosses the wire, with its number and its reason."""

PROTOCOL_MIN = 1
PROTOCOL_MAX = 1
"""Versions of the messages that this build speaks."""

SERVICE_TYPE = "_station443._tcp.local."
"""DNS-SD service under which a host announces its game."""

CLIENT_MESSAGE_BYTES_MAX = 8 * 1024
"""From a player: the longest is a console line or a chat line, under 1 kB; eight times that."""

SERVER_MESSAGE_BYTES_MAX = 4 * 1024 * 1024
"""From a host: a catalogue of 20 levels in two languages is about 200 kB; twenty times that."""

MESSAGE_DEPTH_MAX = 12
"""Nesting of arrays and maps; a snapshot needs 5, a catalogue 7."""

NAME_LENGTH_MAX = 24
"""Characters of a player's or a room's name: what fits a lobby row."""

CONSOLE_LINE_LENGTH_MAX = 256
"""Characters of one console line."""

CONSOLE_OUTPUT_LINES_MAX = 200
"""Lines that one console command may answer."""

CONSOLE_OUTPUT_BYTES_MAX = 16 * 1024
"""Bytes that one console command may answer."""

MARKS_MAX = 256
"""Figures drawn in one box; more is sent as one mark for several, and counts."""

MESSAGES_A_BEAT_MAX = 20
"""Messages taken from one player in one beat of 50 ms; more wait for the next."""

MESSAGES_A_BEAT = 3
"""Messages a player may send, a beat: 60 a second. Acknowledgements are 20, commands at most 8."""

MESSAGES_SAVED_MAX = 120
"""Messages that may come at once after a silence: two seconds' worth."""

TOO_FAST_MAX = 400
"""Messages above that rate after which a player is cut off: seven seconds of doubling it."""

MALFORMED_MAX = 3
"""Malformed messages after which a peer is cut off: one may be a bug, three are an attack."""

INT_MAX = 2**53 - 1
"""Largest integer in a message: every language's number type holds it exactly."""

CHAT_LENGTH_MAX = 240
"""Characters of one chat line: three rows of the chat box."""

PASSWORD_LENGTH_MAX = 64
"""Characters of a room's or a server's password."""

TEAM_MAX = 4
"""Players of one team, bots included: what a desk or a control room can be shared by."""

SETTINGS_MAX = 32
"""Settings that a run may begin with: every machine knob and the sysctls that a level opens."""

BASES_KEPT = 40
"""Snapshots that a delta may build on: the last two seconds."""

ACK_TICKS = 4
"""A view is acknowledged when it is so many ticks newer than the last one that was: reading what
forty rooms say costs a server as much as telling them, and a delta grows by a few bytes only."""

SPECTATORS_MAX = 40
"""Spectators of one room: a class that watches two."""

CHAT_A_MINUTE_MAX = 30
"""Chat lines of one player in a minute: one every two seconds."""

REJOIN_BEATS = 1200
"""Beats for which the seat of a broken connection is kept: 60 s."""

RESUME_BEATS = 60
"""Beats from the return of the last one missing until play goes on: 3 s."""

BREAK_BEATS = 160
"""Beats between the halves: 8 s, to read the result."""

COUNTDOWN_BEATS = 100
"""Beats before a half: 5 s, to read which side one plays and what wins it."""

BEHIND_MS = 100
"""A beat that begins later than this is felt: two pictures come at once."""

BEHIND_BEATS = 60
"""Beats for which a server counts as behind after such a one: 3 s, so that it can be read."""

HELLO_BEATS = 100
"""Beats until somebody who does not greet is sent away: 5 s."""

VISITORS_MAX = 200
"""People who are in no room yet: five classes of forty."""

ROOMS_MAX = 40
"""Rooms of one server: what one core keeps in time."""

EMPTY_ROOM_BEATS = 1200
"""Beats for which a room is kept in which everybody has lost the connection: 60 s."""

MATCHES_KEPT = 500
"""Results a server keeps: a school year of a class. About 2 kB each."""

MOVES_MAX = 120
"""Moves of one side that the result of a half tells: two in three seconds. What is more stands in
the replay."""

REPLAYS_KEPT = 200
"""Replays a server keeps; the oldest goes first. About 50 kB each."""

GLANCE_BEATS = 20
"""Beats between two looks of the teacher: once a second."""

TEACHER_TRIES_MAX = 5
"""Wrong tokens from one address until it is cut off."""

PASSWORD_TRIES_MAX = 5
"""Wrong passwords of rooms from one connection until it is cut off."""

VIEWERS_MAX = 8
"""Replays that are watched at once: each takes as much of a core as a room that plays."""

PING_NEWS_BEATS = 20
"""Beats from one telling of new pings to the next: once a second. Whoever makes his jump with each
beat would else have the whole room told of it twenty times a second."""

KEPT_TICKS_MIN = 200
"""Ticks below which a match that somebody left is not kept: 10 s. Whoever starts and leaves would
else push all other results out of the archive."""

CONNECTIONS_MAX = 400
"""Connections of one server, half-open ones included: forty rooms of eight, and some to spare."""

PRIVATE_CONNECTIONS_MAX = 96
"""Connections from one private address: a class of forty behind one router, twice over."""

PUBLIC_CONNECTIONS_MAX = 16
"""Connections from one public address: two full rooms."""

HANDSHAKE_S = 5.0
"""Seconds until a connection that is no WebSocket yet is closed."""

WAITING_MESSAGES_MAX = 64
"""Messages of one player that wait to be read; then his TCP window closes, and he waits."""

SLOW_BYTES = 64 * 1024
"""Bytes waiting to be sent to one player above which pictures are left out: four seconds' worth."""

STUCK_BYTES = 1024 * 1024
"""Bytes waiting to be sent to one player above which he is cut off."""

STUCK_S = 20.0
"""Seconds for which a player may take nothing at all while something waits for him."""
