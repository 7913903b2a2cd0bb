"""The briefing of every shipped level is read to its last word."""

from pathlib import Path

import pygame
import pytest

from game.client.canvas import Canvas
from game.client.scene import Scene
from game.client.scenes.briefing import BriefingScene
from game.client.theme import THEMES
from game.level.load import load_folder
from game.paths import levels_dir
from game.protocol.catalogue import LevelCard
from game.server.catalogue import make_catalogue
from tests.client.players import player

CATALOGUE = make_catalogue(load_folder(levels_dir()))
CARDS = CATALOGUE.levels


def said(scene: Scene, lang: str) -> str:
    canvas = Canvas(pygame.Surface((1280, 720)), THEMES["light"], lang=lang)
    canvas.extents = []
    scene.draw(canvas)
    return "".join(extent.text for extent in canvas.extents).replace(" ", "")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("card", CARDS, ids=[card.id for card in CARDS])
def test_no_briefing_is_cut(card: LevelCard, lang: str, tmp_path: Path) -> None:
    scene = BriefingScene(player(tmp_path, lang=lang), card)
    words = said(scene, lang)
    for part in card.texts[lang].briefing.strip().split("\n\n"):
        end = "".join(part.split())[-14:]
        assert end in words, part
