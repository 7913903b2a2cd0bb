"""The command line: one door for each thing the program does; wires the packages together.

Everything but argparse is imported by the door that needs it, so that `--help` answers at once.
"""

import argparse
import gc
import os
import sys
from collections.abc import Sequence

from game import __version__
from game.cli.errors import UserError

COLLECT_AFTER = (10_000, 10, 30)
"""Objects made and kept before Python looks for cycles among the youngest, and how many such looks
before one at older ones. A look at all stops whatever runs: a window for 60 ms, twelve rooms for
80 ms. With these numbers that comes once in minutes, by default once in a few seconds; the model
makes hardly any cycles, and looking for them took a twentieth of its time."""

SCENES = (
    "menu",
    "briefing",
    "station",
    "engineer",
    "console",
    "debrief",
    "replay",
    "settings",
    "settings-sound",
    "settings-keys",
    "settings-progress",
    "field-guide",
    "lobby",
    "room",
    "versus-countdown",
    "versus-defender",
    "versus-attacker",
    "versus-break",
    "versus-results",
    "spectator",
    "teacher",
    "sandbox",
)


def main(arguments: Sequence[str]) -> int:
    """Run one command; its exit code."""
    # What pygame takes from here when it is imported: no greeting, and a name for the window.
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    os.environ.setdefault("SDL_VIDEO_X11_WMCLASS", "station443")
    os.environ.setdefault("SDL_IME_SHOW_UI", "1")  # The input method draws its own candidates.
    gc.set_threshold(*COLLECT_AFTER)
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.door(options))
    except UserError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m game",
        description="Station 443: run a railway station that is a Linux TCP server.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.set_defaults(door=_play, level=None, seed=None)
    doors = parser.add_subparsers(title="commands", metavar="COMMAND")

    play = doors.add_parser("play", help="play a level (an id, a number or a file)")
    play.add_argument("level", metavar="LEVEL")
    play.add_argument("--seed", type=_seed, default=None)
    play.set_defaults(door=_play)

    _add_serve(doors)
    join = doors.add_parser("join", help="join a game (without ADDRESS: choose one on the LAN)")
    join.add_argument(
        "address", metavar="ADDRESS", nargs="?", help="HOST, HOST:PORT or a ws:// URI"
    )
    join.add_argument("--password", default="", help="the server's, if it asks for one")
    join.set_defaults(door=_join)
    replay = doors.add_parser("replay", help="watch a recorded run, or check it without a window")
    replay.add_argument("file", metavar="FILE")
    replay.add_argument("--headless", action="store_true", help="compare every digest")
    replay.add_argument("--rerecord", action="store_true", help="write new digests into the file")
    replay.set_defaults(door=_replay)

    levels = doors.add_parser("levels", help="list the levels, or check level files")
    levels.set_defaults(door=_levels)
    level_doors = levels.add_subparsers(metavar="check | prove")
    check = level_doors.add_parser("check", help="every fault of level files")
    check.add_argument("files", nargs="+", metavar="FILE")
    check.set_defaults(door=_levels_check)
    prove = level_doors.add_parser("prove", help="that each level teaches what it says")
    prove.add_argument("levels", nargs="*", metavar="LEVEL")
    prove.add_argument("--seeds", type=_seeds, default=5)
    prove.add_argument("--random", type=_count, default=0, metavar="N", dest="randoms")
    prove.add_argument("--json", metavar="OUT", help="write proofs; go on with those in it")
    prove.set_defaults(door=_levels_prove)

    _add_shot(doors)
    _add_lab(doors)
    return parser


def _add_serve(doors: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    serve = doors.add_parser("serve", help="host games for others, without a window")
    serve.add_argument("--host", default="0.0.0.0", help="address to listen on (all)")
    serve.add_argument("--port", type=_port, default=4430, help="port to listen on (4430)")
    serve.add_argument("--name", default="Station 443", help="what others see on the LAN")
    serve.add_argument("--password", default="", help="asked of everybody who joins")
    serve.add_argument("--admin", action="store_true", help="a teacher's token, and a prompt")
    serve.add_argument("--no-announce", action="store_true", help="stay off the LAN's list")
    serve.add_argument(
        "--level", action="append", default=[], metavar="FILE", help="one more level to offer"
    )
    serve.add_argument("--tls-cert", metavar="FILE", help="certificate chain, for wss://")
    serve.add_argument("--tls-key", metavar="FILE", help="its private key")
    serve.set_defaults(door=_serve)


def _add_shot(doors: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    shot = doors.add_parser("shot", help="draw one scene into a PNG, without a display")
    shot.add_argument("scene", choices=SCENES, metavar="SCENE", help=", ".join(SCENES))
    shot.add_argument("out", metavar="OUT.png")
    shot.add_argument("--level", metavar="L")
    shot.add_argument("--seed", type=_seed, default=1)
    shot.add_argument("--at", type=float, metavar="S")
    shot.add_argument("--size", type=_size, default=(1280, 720), metavar="WxH")
    shot.add_argument("--theme", choices=("light", "dark", "contrast"), default="light")
    shot.add_argument("--lang", choices=("en", "zh"), default="en")
    shot.set_defaults(door=_shot)


def _add_lab(doors: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    lab = doors.add_parser("lab", help="the model without a screen")
    lab.set_defaults(door=_lab)
    tools = lab.add_subparsers(metavar="TOOL")
    run = tools.add_parser("run", help="a level without a player")
    run.add_argument("level", metavar="LEVEL")
    run.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="settings")
    run.add_argument("--solution", action="store_true", help="play the recorded solution")
    run.add_argument("--seed", type=_seed, default=1)
    run.add_argument("--json", action="store_true")
    run.set_defaults(door=_lab_run)
    check = tools.add_parser("check", help="the model against recordings of a real kernel")
    check.add_argument("paths", nargs="*", metavar="PATH")
    check.add_argument("--json", metavar="OUT")
    check.set_defaults(door=_lab_check)
    kernel = tools.add_parser("kernel", help="the same cases on the kernel of this machine")
    kernel.add_argument("paths", nargs="+", metavar="PATH")
    kernel.add_argument("--record", metavar="DIR", help="write what it measured, as cases")
    kernel.set_defaults(door=_lab_kernel)
    _add_reports(tools)
    tournament = tools.add_parser("tournament", help="all bots against all, on an arena")
    tournament.add_argument("--matches", type=_seeds, default=4, help="of each pair (4)")
    tournament.add_argument("--seed", type=_seed, default=1, help="the first one (1)")
    tournament.add_argument("--arena", default="crossing")
    tournament.add_argument("--json", action="store_true")
    tournament.set_defaults(door=_lab_tournament)
    soak = tools.add_parser("soak", help="hostile clients against a real server")
    soak.add_argument("--seconds", type=_seeds, default=60)
    soak.set_defaults(door=_lab_soak)
    bench = tools.add_parser("bench", help="the figures the project promises, measured")
    bench.add_argument("--only", metavar="NAME", help="one of them")
    bench.add_argument("--json", action="store_true")
    bench.set_defaults(door=_lab_bench)


def _add_reports(tools: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    sweep = tools.add_parser("sweep", help="every combination of some settings, on all cores")
    sweep.add_argument("level", metavar="LEVEL", help="a level, or a traffic case (.json)")
    sweep.add_argument("--vary", action="append", required=True, metavar="NAME=V1,V2,…")
    sweep.add_argument("--seeds", type=_seeds, default=1, metavar="N", help="runs of each (1)")
    sweep.add_argument("--solution", action="store_true", help="play the recorded solution")
    sweep.add_argument("--plot", metavar="OUT", help="share served, .png or .svg")
    sweep.add_argument("--csv", metavar="OUT")
    sweep.add_argument("--resume", action="store_true", help="go on with a sweep that was killed")
    sweep.add_argument("--dask", metavar="ADDRESS", help="scheduler of a cluster to run on")
    sweep.add_argument("--lang", choices=("en", "zh"), default="en")
    sweep.set_defaults(door=_lab_sweep)
    plot = _add_report(tools, "plot", "a run as a picture: queues, clients, cores")
    plot.add_argument("out", metavar="OUT", help=".png or .svg")
    plot.set_defaults(door=_lab_plot)
    explain = _add_report(tools, "explain", "what happened in a run, in words")
    explain.set_defaults(door=_lab_explain)
    export = _add_report(tools, "export", "the settings of a run, for a real machine")
    export.add_argument("--dir", metavar="D", help="write files there; else print them")
    export.set_defaults(door=_lab_export)
    grade = tools.add_parser("grade", help="play and grade what students hand in")
    grade.add_argument("folder", metavar="FOLDER", help="of replays (.json) and settings (.txt)")
    grade.add_argument("--csv", metavar="OUT")
    grade.add_argument("--seed", type=_seed, default=1, help="of the runs of settings (1)")
    grade.set_defaults(door=_lab_grade)


def _add_report(
    tools: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str
) -> argparse.ArgumentParser:
    tool = tools.add_parser(name, help=text)
    tool.add_argument("run", metavar="LEVEL|REPLAY")
    tool.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="settings")
    tool.add_argument("--solution", action="store_true", help="play the recorded solution")
    tool.add_argument("--seed", type=_seed, default=1)
    tool.add_argument("--lang", choices=("en", "zh"), default="en")
    return tool


def _seed(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**53:
        raise argparse.ArgumentTypeError("a seed is a whole number from 0 to 2^53 - 1")
    return value


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _seeds(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("at least one seed")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("a number of runs, 0 for none")
    return value


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError("a size is WIDTHxHEIGHT, for example 1280x720")
    if not (640 <= int(width) <= 7680 and 360 <= int(height) <= 4320):
        raise argparse.ArgumentTypeError("a size is 640x360 to 7680x4320")
    return int(width), int(height)


def _play(options: argparse.Namespace) -> int:
    from game.cli.play import play

    return play(options.level, options.seed)


def _serve(options: argparse.Namespace) -> int:
    from game.cli.serve import serve

    return serve(options)


def _join(options: argparse.Namespace) -> int:
    from game.cli.play import join

    return join(options.address, options.password)


def _replay(options: argparse.Namespace) -> int:
    from game.cli import replay

    if options.headless or options.rerecord:
        return replay.check(options.file, rerecord=options.rerecord)
    return replay.watch(options.file)


def _levels(_: argparse.Namespace) -> int:
    from game.cli.levels import show

    return show()


def _levels_check(options: argparse.Namespace) -> int:
    from game.cli.levels import check

    return check(options.files)


def _levels_prove(options: argparse.Namespace) -> int:
    from game.cli.levels import prove

    return prove(options.levels, options.seeds, options.randoms, options.json)


def _shot(options: argparse.Namespace) -> int:
    from game.cli.shot import shot

    return shot(options)


def _lab(_: argparse.Namespace) -> int:
    raise UserError("Say what to do: lab run LEVEL, lab check or lab bench; each has --help.")


def _lab_run(options: argparse.Namespace) -> int:
    from game.cli.lab import run

    return run(options)


def _lab_tournament(options: argparse.Namespace) -> int:
    from game.cli.contest import tournament

    return tournament(options)


def _lab_soak(options: argparse.Namespace) -> int:
    from game.cli.contest import soak

    return soak(options.seconds)


def _lab_bench(options: argparse.Namespace) -> int:
    from game.cli.lab import bench

    return bench(options)


def _lab_check(options: argparse.Namespace) -> int:
    from game.cli.lab import check

    return check(options)


def _lab_kernel(options: argparse.Namespace) -> int:
    from game.cli.lab import kernel

    return kernel(options)


def _lab_sweep(options: argparse.Namespace) -> int:
    from game.cli.reports import sweep

    return sweep(options)


def _lab_plot(options: argparse.Namespace) -> int:
    from game.cli.reports import plot

    return plot(options)


def _lab_explain(options: argparse.Namespace) -> int:
    from game.cli.reports import explain

    return explain(options)


def _lab_export(options: argparse.Namespace) -> int:
    from game.cli.reports import export

    return export(options)


def _lab_grade(options: argparse.Namespace) -> int:
    from game.cli.reports import grade

    return grade(options)
