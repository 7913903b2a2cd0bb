"""Station 443: a railway station that is a Linux TCP server.

The packages in reading order, each knowing only those after it:

    cli       the doors: play, replay, levels, shot, lab; wires the rest together
    lab       headless: run a level, check the model against a real kernel
    client    what a player sees and presses; knows the wire and nothing behind it
    server    rooms in which games are played
    session   what a game is: commands in, ticks, snapshots and events out, score, replay
    bots      players without hands
    sim       when things happen: links, peers, workers, cores
    level     what a level says
    kernel    what Linux does
    protocol  what crosses the wire
    text      what people read outside level files
    paths     where assets, levels and saves are
"""

__version__ = "0.1.0"
