"""The pages speak the language that the person has chosen."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from cases.models import Person
from tests.world import World

Visit = Callable[[str], Client]


def test_the_page_is_in_the_persons_language_whatever_the_browser_asks_for(
    world: World, visit: Visit
) -> None:
    Person.objects.filter(pk=world.people_ids["coordinator"]).update(language="en")
    page = visit("coordinator").get(reverse("inbox"), headers={"accept-language": "sv"})
    assert '<html lang="en">' in page.content.decode()
    assert page["Content-Language"] == "en"


def test_one_persons_language_does_not_follow_to_the_next(world: World, visit: Visit) -> None:
    Person.objects.filter(pk=world.people_ids["coordinator"]).update(language="en")
    visit("coordinator").get(reverse("inbox"))
    assert '<html lang="sv">' in visit("mem-lk").get(reverse("inbox")).content.decode()
