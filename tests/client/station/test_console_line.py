import pygame

from game.client.draw.console_line import ConsoleInput
from game.protocol.limits import CONSOLE_LINE_LENGTH_MAX


def test_a_line_is_typed_corrected_and_finished() -> None:
    line = ConsoleInput()
    line.insert("ss -ltx")
    assert line.press(pygame.K_BACKSPACE) is None
    line.insert("n")
    assert line.press(pygame.K_RETURN) == "ss -ltn"
    assert line.text == ""


def test_an_empty_line_is_not_sent() -> None:
    line = ConsoleInput()
    line.insert("   ")
    assert line.press(pygame.K_RETURN) is None


def test_earlier_lines_come_back() -> None:
    line = ConsoleInput()
    for text in ("one", "two"):
        line.insert(text)
        line.press(pygame.K_RETURN)
    line.press(pygame.K_UP)
    line.press(pygame.K_UP)
    assert line.text == "one"
    line.press(pygame.K_DOWN)
    assert line.text == "two"


def test_tab_completes_as_far_as_all_words_agree() -> None:
    line = ConsoleInput(["net.core.somaxconn", "net.ipv4.tcp_syncookies"])
    line.insert("sysctl ne")
    line.press(pygame.K_TAB)
    assert line.text == "sysctl net."
    line.insert("c")
    line.press(pygame.K_TAB)
    assert line.text == "sysctl net.core.somaxconn "


def test_a_line_never_grows_past_what_the_wire_takes() -> None:
    line = ConsoleInput()
    line.insert("x" * 1000 + "\n")
    assert len(line.text) == CONSOLE_LINE_LENGTH_MAX
