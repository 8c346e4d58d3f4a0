"""The person's own pages: signing in and out, language, absence, roles; and what the service tells of itself."""

from __future__ import annotations

import datetime as dt
import tarfile
from io import BytesIO

import pytest
from django.test import Client

from cases.models import Person, Role
from tests.workflows.steps.site import Site, errors_of
from tests.world import World

PASSWORD = "en lång mening som lösenord"


@pytest.fixture
def anna(world: World) -> Person:
    person = world.add_person("anna", "lk", full_name="Anna Andersson")
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def demo(settings: object) -> None:
    settings.SAMVERKA_MODE = "demo"  # type: ignore[attr-defined]
    settings.SAMVERKA_DEMO_SIGN_IN = True  # type: ignore[attr-defined]


def test_one_signs_in_with_address_and_password(anna: Person) -> None:
    client = Client()
    answer = client.post("/logga-in/", {"username": anna.email.upper(), "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert client.get("/konto/").status_code == 200


def test_a_wrong_password_comes_back_without_it(anna: Person) -> None:
    page = Client().post("/logga-in/", {"username": anna.email, "password": "fel"})
    assert page.status_code == 422
    assert 'value="fel"' not in page.content.decode()


def test_signing_out_takes_a_press_of_a_button(world: World) -> None:
    client = Client()
    client.force_login(world.person("proposer"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/logga-ut/").status_code == 405
    assert client.post("/logga-ut/").status_code == 302
    assert client.get("/konto/").status_code == 302


def test_nobody_can_be_chosen_outside_the_demonstration(world: World) -> None:
    assert Client().get("/logga-in/").context["demo_people"] == []
    answer = Client().post("/logga-in/demo/", {"person": world.people_ids["chair"]})
    assert answer.status_code == 404


def test_in_the_demonstration_the_invented_people_stand_by_role(world: World, demo: None) -> None:
    groups = {
        group["role_label"]: [entry["person"].name for entry in group["people"]]
        for group in Client().get("/logga-in/").context["demo_people"]
    }
    assert groups["Ordförande"] == ["Carin Chair"]
    assert "Petra Proposer" in groups["Initiativtagare"]


def test_in_the_demonstration_those_who_have_something_to_do_come_first(world: World, demo: None) -> None:
    world.submitted()
    first = Client().get("/logga-in/").context["demo_people"][0]
    assert [(entry["person"].name, entry["tasks"]) for entry in first["people"]] == [("Kajsa Coordinator", 1)]
    assert first["open"]


def test_in_the_demonstration_one_signs_in_by_choosing(world: World, demo: None) -> None:
    client = Client()
    answer = client.post("/logga-in/demo/", {"person": world.people_ids["chair"], "next": "/samarbeten/"})
    assert answer["Location"] == "/samarbeten/"
    assert client.get("/konto/").context["facts"][0]["text"] == "Carin Chair"


def test_the_demonstration_leads_to_no_page_of_others(world: World, demo: None) -> None:
    answer = Client().post(
        "/logga-in/demo/", {"person": world.people_ids["chair"], "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/"


@pytest.mark.parametrize("person", ["", "0", "99999999", "1e3", "-1", "chair"])
def test_somebody_who_does_not_exist_cannot_be_chosen(world: World, demo: None, person: str) -> None:
    assert Client().post("/logga-in/demo/", {"person": person}).status_code == 404


def test_a_real_person_cannot_be_chosen(world: World, demo: None) -> None:
    Person.objects.filter(pk=world.people_ids["chair"]).update(invented=False)
    assert Client().post("/logga-in/demo/", {"person": world.people_ids["chair"]}).status_code == 404
    names = str(Client().get("/logga-in/").context["demo_people"])
    assert "Carin Chair" not in names


def test_choosing_somebody_is_a_post(world: World, demo: None) -> None:
    assert Client().get(f"/logga-in/demo/?person={world.people_ids['chair']}").status_code == 405


def test_the_language_is_remembered_for_the_person(world: World, site: Site) -> None:
    answer = site.post("proposer", "/konto/sprak/", {"language": "en", "next": "/samarbeten/"})
    assert answer["Location"] == "/samarbeten/"
    assert world.person("proposer").language == "en"
    assert 'lang="en"' in site.get("proposer", "/konto/").content.decode()


def test_the_language_is_remembered_in_the_browser_before_signing_in(world: World) -> None:
    client = Client()
    client.post("/konto/sprak/", {"language": "en", "next": "/logga-in/"})
    assert 'lang="en"' in client.get("/logga-in/").content.decode()


@pytest.mark.parametrize("language", ["", "de", "../../etc"])
def test_a_language_that_there_is_not_changes_nothing(world: World, site: Site, language: str) -> None:
    answer = site.post("proposer", "/konto/sprak/", {"language": language, "next": "//evil.example"})
    assert answer["Location"] == "/"
    assert world.person("proposer").language == "sv"


def test_one_says_when_one_is_away(world: World, site: Site) -> None:
    data = {"language": "sv", "absent_from": "2021-07-01", "absent_until": "2021-08-01"}
    assert site.post("chair", "/konto/", data)["Location"] == "/konto/"
    chair = world.person("chair")
    assert (chair.absent_from, chair.absent_until) == (dt.date(2021, 7, 1), dt.date(2021, 8, 1))
    assert 'value="2021-07-01"' in site.get("chair", "/konto/").content.decode()


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("2021-08-01", "2021-07-01", "absent_until"),
        ("", "2021-07-01", "absent_from"),
        ("snart", "", "absent_from"),
    ],
)
def test_an_absence_that_does_not_hold_comes_back(
    world: World, site: Site, first: str, last: str, field: str
) -> None:
    page = site.post("chair", "/konto/", {"language": "sv", "absent_from": first, "absent_until": last})
    assert page.status_code == 422
    assert set(errors_of(page)) == {field}
    assert world.person("chair").absent_until is None


def test_one_cannot_change_name_address_or_roles(world: World, site: Site) -> None:
    site.post(
        "chair",
        "/konto/",
        {"language": "sv", "name": "Nya Namnet", "email": "x@y.example", "is_superuser": "1"},
    )
    chair = world.person("chair")
    assert (chair.name, chair.email, chair.is_superuser) == ("Carin Chair", "chair@linkoping.example", False)


def test_one_sees_one_s_roles_with_periods_and_deputies(world: World, site: Site) -> None:
    world.add_person("deputy", "lk", full_name="Disa Deputy")
    world.give("deputy", Role.STEERING_CHAIR, world.council, deputy_for=world.person("chair"))
    html = site.get("chair", "/konto/").content.decode()
    assert "Samverkansrådet" in html
    assert "Från 1 januari 2020" in html
    assert "Disa Deputy, som ordförande" in html
    assert "ersättare för Carin Chair" in site.get("deputy", "/konto/").content.decode()


def test_who_has_no_role_is_told_so(world: World, site: Site) -> None:
    assert "Du har inga roller." in site.get("outsider", "/konto/").content.decode()


def test_the_password_is_changed_with_the_old_one(anna: Person) -> None:
    client = Client()
    client.force_login(anna, backend="django.contrib.auth.backends.ModelBackend")
    new = "en helt annan lång mening"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/konto/losenord/", data)["Location"] == "/konto/losenord/klart/"
    anna.refresh_from_db()
    assert anna.check_password(new)


def test_a_password_that_is_too_weak_comes_back(anna: Person) -> None:
    client = Client()
    client.force_login(anna, backend="django.contrib.auth.backends.ModelBackend")
    data = {"old_password": PASSWORD, "new_password1": "kort", "new_password2": "kort"}
    page = client.post("/konto/losenord/", data)
    assert page.status_code == 422
    assert set(errors_of(page)) == {"new_password2"}


def test_a_new_password_is_asked_for_by_mail(anna: Person, mailoutbox: list[object]) -> None:
    client = Client()
    assert client.post("/logga-in/glomt/", {"email": anna.email})["Location"] == "/logga-in/glomt/skickat/"
    link = next(line for line in mailoutbox[0].body.splitlines() if "/logga-in/nytt/" in line)  # type: ignore[attr-defined]
    page = client.get(link[link.index("/logga-in/") :], follow=True)
    new = "ännu en lång mening här"
    done = client.post(page.redirect_chain[-1][0], {"new_password1": new, "new_password2": new}, follow=True)
    assert done.redirect_chain[-1][0] == "/logga-in/nytt/klart/"
    anna.refresh_from_db()
    assert anna.check_password(new)


def test_an_address_that_nobody_has_gets_the_same_answer(world: World, mailoutbox: list[object]) -> None:
    answer = Client().post("/logga-in/glomt/", {"email": "nobody@linkoping.example"})
    assert answer["Location"] == "/logga-in/glomt/skickat/"
    assert mailoutbox == []


@pytest.mark.parametrize("url", ["/tillganglighet/", "/kallkod/", "/logga-in/", "/logga-in/glomt/"])
def test_what_the_service_tells_of_itself_is_for_everybody(world: World, url: str) -> None:
    assert Client().get(url).status_code == 200


def test_the_source_is_offered_under_its_licence(world: World) -> None:
    assert "GNU Affero General Public License" in Client().get("/kallkod/").content.decode()


def test_whoever_uses_the_service_gets_the_code_that_runs_and_nothing_of_its_data(world: World) -> None:
    answer = Client().get("/kallkod/samverka.tar.gz")
    with tarfile.open(fileobj=BytesIO(b"".join(answer)), mode="r:gz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "manage.py", "cases/models/case.py", "workflows/flows/proposal.py"} <= names
    assert not [name for name in names if name.startswith(("var", ".venv", ".git")) or "sqlite" in name]
