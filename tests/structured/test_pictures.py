"""Pictures of shared pages: of what is public alone, drawn once, and holding their titles."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageChops

from oda_portal.publishing.models import Status
from oda_portal.publishing.texts import Text
from oda_portal.structured.pictures import keeping
from oda_portal.structured.pictures.drawing import digest_of, drawn
from oda_portal.structured.pictures.registry import Card
from tests.factories import ArticleFactory, OfficeFactory

from .pictured import address, kept

pytestmark = pytest.mark.django_db

CARD = Card(Text("부산 개발협력 포럼", "ko"), "포럼", "seed", "ocean")


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def test_picture_that_was_drawn_is_gone_with_its_page(client: Client):
    OfficeFactory()
    article = ArticleFactory()
    assert client.get(address("article", article)).status_code == 200

    article.status = Status.WITHDRAWN
    article.save()

    assert client.get(address("article", article)).status_code == 404
    assert len(kept()) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/share/nothing/a.ko.png",
        "/share/article/nothing.ko.png",
        "/share/session/word.ko.png",
        f"/share/session/{10**30}.ko.png",
        "/share/article/a.fr.png",
        "/share/article/a.png",
        "/share/article/../x.ko.png",
        "/share/portal/other.ko.png",
        "/en/share/portal/home.en.png",
    ],
)
def test_addresses_of_nothing_are_not_found(client: Client, path: str):
    OfficeFactory()

    assert client.get(path).status_code == 404


def test_picture_is_not_sent_again_to_whoever_has_it(client: Client):
    OfficeFactory()
    path = "/share/portal/home.ko.png"
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


def test_picture_follows_the_title_and_the_office(client: Client):
    OfficeFactory()
    article = ArticleFactory()
    path = address("article", article)
    before = client.get(path).content
    article.title_ko = "다른 제목"
    article.save()

    after = client.get(path).content

    assert before != after
    assert client.get(address("article", article, "en")).content not in (before, after)


def test_same_picture_is_drawn_once(client: Client):
    OfficeFactory()
    path = "/share/portal/home.ko.png"
    assert client.get(path).content.startswith(b"\x89PNG")
    (file,) = kept()
    file.write_bytes(b"as it was kept")

    assert client.get(path).content == b"as it was kept"
    assert client.get("/share/portal/home.en.png").content != b"as it was kept"
    assert len(kept()) == 2


def test_full_disk_costs_only_the_keeping(client: Client):
    OfficeFactory()
    folder = Path(settings.PRIVATE_ROOT)
    folder.mkdir(parents=True)
    (folder / keeping.FOLDER).write_text("a file where the folder should be")

    response = client.get("/share/portal/home.ko.png")

    assert response.status_code == 200
    assert opened(response.content).size == (1200, 630)


def test_sweep_takes_what_nobody_wants_and_what_was_cut_off():
    OfficeFactory()
    keeping.draw(CARD, "ko")
    keeping.draw(CARD, "en")
    old, new = kept()
    folder = old.parent
    long_ago = (timezone.now() - keeping.UNUSED - timedelta(days=1)).timestamp()
    os.utime(old, (long_ago, long_ago))
    for name, age in (("cut.part", 7200), ("being-written.part", 0)):
        part = folder / name
        part.write_bytes(b"")
        at = timezone.now().timestamp() - age
        os.utime(part, (at, at))

    assert keeping.sweep() == 2
    assert {path.name for path in kept()} == {new.name, "being-written.part"}
    assert keeping.sweep() == 0


def test_picture_that_is_asked_for_stays():
    OfficeFactory()
    keeping.draw(CARD, "ko")
    (file,) = kept()
    long_ago = (timezone.now() - keeping.UNUSED - timedelta(days=1)).timestamp()
    os.utime(file, (long_ago, long_ago))

    assert keeping.kept(CARD, "ko") is not None

    assert keeping.sweep() == 0


def test_too_many_pictures_leave_the_latest(monkeypatch: pytest.MonkeyPatch):
    OfficeFactory()
    monkeypatch.setattr(keeping, "MOST", 2)
    for number, language in enumerate(("ko", "en", "zh-hans")):
        keeping.draw(CARD, language)
        path = Path(settings.PRIVATE_ROOT) / keeping.FOLDER / f"{digest_of(CARD, language)}.png"
        at = timezone.now().timestamp() + number
        os.utime(path, (at, at))

    assert keeping.sweep() == 1
    assert digest_of(CARD, "ko") not in {path.stem for path in kept()}


TITLES = {
    "short": Text("포럼", "ko"),
    "korean": Text("도시와 도시가 함께 여는 지속가능한 미래 " * 8, "ko"),
    "one Korean word": Text("가" * 200, "ko"),
    "english": Text("Officials of partner cities learn how a port city plans " * 4, "en"),
    "one word": Text("W" * 200, "en"),
    "chinese": Text("釜山国际开发合作论坛与伙伴城市共同面向未来" * 9, "zh-hans"),
    "marks": Text('#let "x" = [*b*] <a> $1$ \\ @', "en"),
}
# Where the title may stand: below the label, above the office, and within the margins.
TITLE_BOX = (64, 300, 1136, 548)


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_title_is_in_the_picture_and_stays_in_its_place(title: Text):
    OfficeFactory()
    empty = opened(drawn(CARD._replace(title=Text("", "ko")), "ko"))

    content = drawn(CARD._replace(title=title), "ko")

    box = ImageChops.difference(empty, opened(content)).getbbox()
    assert box is not None
    left, top, right, bottom = TITLE_BOX
    assert left - 2 <= box[0] < box[2] <= right + 2
    assert top <= box[1] < box[3] <= bottom
    assert box[3] - box[1] >= 20
    assert len(content) < 200_000


@pytest.mark.parametrize("long", ["포럼과 만남 " * 20, "Forums and meet-ups " * 9, "釜" * 100])
def test_long_label_and_long_name_of_the_office_touch_no_title(long: str):
    OfficeFactory(name_ko=long[:100])
    empty = CARD._replace(title=Text("", "ko"))
    plain, full = drawn(empty._replace(label=""), "ko"), drawn(empty._replace(label=long), "ko")
    without = ImageChops.difference(opened(plain), opened(full)).getbbox()

    foot = opened(plain).crop((0, 556, 1200, 630))
    blank = ImageChops.difference(foot, Image.new("RGB", foot.size, "white")).getbbox()

    assert without is not None
    assert 240 <= without[1] < without[3] <= 304
    assert without[2] <= 1138
    assert blank is not None
    assert blank[2] <= 1138
    rest = opened(plain).crop((0, 310, 1200, 545))
    assert rest.getcolors() == [(rest.width * rest.height, (255, 255, 255))]


def test_same_card_gives_the_same_bytes():
    OfficeFactory()

    assert drawn(CARD, "ko") == drawn(CARD, "ko")
    assert digest_of(CARD, "ko") != digest_of(CARD, "zh-hans")
