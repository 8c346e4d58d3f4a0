"""What is a member's own: the answer to the notice, the vote and its change, a dissent; and where their meetings stand."""

from __future__ import annotations

from cases.models import DeliberationOutcome, Meeting, Response, Role, VoteChoice
from tests.workflows.meetings.hall import Hall
from tests.workflows.steps.site import Site, errors_of


def text_of(site: Site, by: str, url: str) -> str:
    return site.get(by, url).content.decode()


def with_deputy(hall: Hall) -> None:
    hall.world.add_person("deputy", "lk", full_name="Disa Deputy")
    hall.world.give(
        "deputy", Role.STEERING_MEMBER, hall.body, deputy_for=hall.person("mem-lk"), deputy_order=1
    )


def test_an_answer_can_be_changed_until_the_meeting(hall: Hall, site: Site) -> None:
    meeting = hall.called(hall.waiting())
    url = f"/moten/{meeting.pk}/svar/"
    assert "Jag kommer" in text_of(site, "mem-lk", url)
    assert site.post("mem-lk", url, {"accept": "yes"}).status_code == 302
    assert site.post("mem-lk", url, {"accept": "no", "note": "Sjuk."}).status_code == 302
    seat = hall.seat(meeting, "mem-lk")
    assert (seat.response, seat.note) == (Response.DECLINED, "Sjuk.")
    assert site.post("mem-lk", url, {"accept": "no", "note": "Sjuk."}).status_code == 409


def test_an_answer_says_yes_or_no(hall: Hall, site: Site) -> None:
    meeting = hall.called(hall.waiting())
    page = site.post("mem-lk", f"/moten/{meeting.pk}/svar/", {"note": "Kanske."})
    assert (page.status_code, list(errors_of(page))) == (422, ["accept"])
    assert "Kanske." in page.content.decode()


def test_who_declines_has_a_deputy_asked_in_their_place(hall: Hall, site: Site) -> None:
    with_deputy(hall)
    meeting = hall.called(hall.waiting())
    site.post("mem-lk", f"/moten/{meeting.pk}/svar/", {"accept": "no"})
    assert "Du är kallad som ersättare för Mem-Lk." in text_of(site, "deputy", f"/moten/{meeting.pk}/")
    assert "Du är kallad som ersättare och har inte svarat" in text_of(site, "deputy", "/moten/")
    site.post("deputy", f"/moten/{meeting.pk}/svar/", {"accept": "yes"})
    assert "Du är kallad som ersättare och har inte svarat" not in text_of(site, "deputy", "/moten/")
    assert "Disa Deputy tjänstgör." in text_of(site, "secretary", f"/moten/{meeting.pk}/")
    assert hall.seat(meeting, "mem-lk").serving == hall.person("deputy")


def test_who_is_not_called_has_nothing_to_answer(hall: Hall, site: Site) -> None:
    meeting = hall.called(hall.waiting())
    assert "Jag kommer" not in text_of(site, "coordinator", f"/moten/{meeting.pk}/")
    assert site.post("coordinator", f"/moten/{meeting.pk}/svar/", {"accept": "yes"}).status_code == 403


def test_a_vote_is_cast_and_changed_while_the_item_is_open(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    url = f"/moten/{meeting.pk}/punkter/{item.pk}/"
    site.post("mem-lk", url, {"choice": "for"})
    site.post("mem-lk", url, {"choice": "for_amended", "amendment": "Rådet tillstyrker en pilot."})
    vote = case.deliberations.get().votes.get()
    assert (vote.choice, vote.amendment) == ("for_amended", "Rådet tillstyrker en pilot.")
    assert "Rådet tillstyrker en pilot." in text_of(site, "mem-liu", url)
    hall.settle(item, DeliberationOutcome.PREPARE_AGAIN, reasons="Vad kostar det?")
    assert site.post("mem-lk", url, {"choice": "against"}).status_code == 409


def test_a_deputy_votes_in_the_seat_of_a_member_with_a_conflict(hall: Hall, site: Site) -> None:
    with_deputy(hall)
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    url = f"/moten/{meeting.pk}/punkter/{item.pk}/"
    assert site.post("deputy", url, {"choice": "for"}).status_code == 403
    site.post("mem-lk", f"{url}jav/", {"reason": "Min bror."})
    assert "Lämna rösten" in text_of(site, "deputy", url)
    assert site.post("deputy", url, {"choice": "for"}).status_code == 302
    vote = case.deliberations.get().votes.get()
    assert (vote.member, vote.cast_by) == (hall.person("mem-lk"), hall.person("deputy"))
    assert "för Mem-Lk" in text_of(site, "secretary", f"/moten/{meeting.pk}/genomfor/{item.pk}/")


def test_a_chair_who_leads_the_item_has_a_way_to_their_own_vote(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    run = f"/moten/{meeting.pk}/genomfor/{item.pk}/"
    assert "Lämna din egen röst" in text_of(site, "chair", run)
    assert "Lämna din egen röst" not in text_of(site, "secretary", run)


def test_who_is_not_there_cannot_vote_and_is_told_so(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case], absent=("mem-lk",))
    item = hall.take_up(meeting, case)
    url = f"/moten/{meeting.pk}/punkter/{item.pk}/"
    assert "Du tjänstgör inte vid mötet och kan inte rösta." in text_of(site, "mem-lk", url)
    assert site.post("mem-lk", url, {"choice": "for"}).status_code == 403


def test_who_only_sees_the_case_reads_and_does_not_vote(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    text = text_of(site, "auditor", f"/moten/{meeting.pk}/punkter/{item.pk}/")
    assert "Beredningsunderlaget" in text
    assert "Lämna rösten" not in text
    assert "kan inte rösta" not in text


def test_the_material_is_there_before_the_meeting(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.called([case])
    text = text_of(site, "mem-lk", f"/moten/{meeting.pk}/punkter/{meeting.items.get().pk}/")
    for words in (
        "Samverkansrådet tillstyrker förslaget.",
        "Studenter blir mentorer för företagsledare.",
        "Kontakt med studenter.",
    ):
        assert words in text


def test_a_conflict_can_be_declared_from_the_notice_on(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.called([case])
    url = f"/moten/{meeting.pk}/punkter/{meeting.items.get().pk}/jav/"
    assert "Det här händer" in text_of(site, "mem-lk", url)
    assert site.post("mem-lk", url, {"reason": "Min bror."})["Location"] == f"/moten/{meeting.pk}/"
    assert case.conflicts.get().person == hall.person("mem-lk")


def test_a_dissent_is_added_after_the_decision_and_shown(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    hall.vote(item, "mem-lk", VoteChoice.AGAINST)
    hall.vote(item, "mem-liu", VoteChoice.FOR)
    hall.vote(item, "chair", VoteChoice.FOR)
    hall.settle(item)
    url = f"/moten/{meeting.pk}/punkter/{item.pk}/"
    page = site.post("mem-lk", f"{url}yttrande/", {"kind": "dissent", "text": ""})
    assert (page.status_code, list(errors_of(page))) == (422, ["text"])
    site.post("mem-lk", f"{url}yttrande/", {"kind": "dissent", "text": "Förslaget saknar medel."})
    assert "Förslaget saknar medel." in text_of(site, "mem-liu", url)
    assert site.get("secretary", f"{url}yttrande/").status_code == 403


# Where one's meetings stand


def test_the_coming_meetings_of_one_s_bodies_are_listed(hall: Hall, site: Site) -> None:
    meeting = hall.called(hall.waiting())
    for name in ("mem-lk", "secretary", "chair"):
        text = text_of(site, name, "/moten/")
        assert f'href="/moten/{meeting.pk}/"' in text
    assert "Du har inte svarat" in text_of(site, "mem-lk", "/moten/")
    assert "Inga kommande möten" in text_of(site, "coordinator", "/moten/")


def test_only_who_sits_in_a_body_or_keeps_one_has_meetings_in_the_menu(hall: Hall, site: Site) -> None:
    for name, has in (("mem-lk", True), ("secretary", True), ("coordinator", False), ("outsider", False)):
        assert ('href="/moten/"' in text_of(site, name, "/")) is has, name


def test_the_body_page_tells_what_waits_and_what_is_planned(hall: Hall, site: Site) -> None:
    one, two = hall.waiting(2)
    hall.called([one])
    text = text_of(site, "mem-lk", "/organ/samverkansradet/")
    assert f"{two.number} {two.title}" in text
    assert f'href="/moten/{Meeting.objects.get().pk}/"' in text
    assert "Planera möte" not in text
    assert "Planera möte" in text_of(site, "secretary", "/organ/samverkansradet/")
    outside = text_of(site, "outsider", "/organ/samverkansradet/")
    assert two.title not in outside
    assert "/moten/" not in outside
    assert "Väntar på organet" not in outside


def test_the_body_s_usual_days_are_suggested_when_no_meeting_is_planned_on_them(
    hall: Hall, site: Site
) -> None:
    page = site.get("secretary", "/organ/samverkansradet/moten/nytt/?dag=2021-11-15")
    days = [day["text"] for day in page.context["days"]]
    assert days[:2] == ["15 september 2021", "15 november 2021"]
    assert 'value="2021-11-15"' in page.content.decode()
    site.post(
        "secretary",
        "/organ/samverkansradet/moten/nytt/",
        {"day": "2021-11-15", "starts_at": "09:00", "ends_at": "11:00", "place": "Eken"},
    )
    page = site.get("secretary", "/organ/samverkansradet/moten/nytt/")
    assert "15 november 2021" not in [day["text"] for day in page.context["days"]]
