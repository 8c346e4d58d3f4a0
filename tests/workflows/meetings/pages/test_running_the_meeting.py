"""The page from which the meeting is run: what it offers in each state, and that nothing happens twice."""

from __future__ import annotations

from cases.models import AgendaItem, AgendaStatus, Meeting, VoteChoice
from tests.workflows.meetings.hall import Hall, seat_the_board
from tests.workflows.steps.site import Site, errors_of


def text_of(site: Site, by: str, url: str) -> str:
    return site.get(by, url).content.decode()


def run(meeting: Meeting, item: AgendaItem | None = None) -> str:
    return f"/moten/{meeting.pk}/genomfor/" + (f"{item.pk}/" if item is not None else "")


def test_it_leads_to_the_item_that_is_dealt_with(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    assert "Nästa punkt" in text_of(site, "secretary", run(meeting))
    item = hall.take_up(meeting, case)
    assert site.get("chair", run(meeting))["Location"] == run(meeting, item)


def test_it_cannot_be_run_before_it_is_called(hall: Hall, site: Site) -> None:
    meeting = hall.planned()
    page = site.get("secretary", run(meeting))
    assert page.status_code == 409
    assert "Mötets läge: Planerat" in page.content.decode()


def test_an_item_taken_up_by_both_keepers_is_taken_up_once(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = meeting.items.get()
    assert site.post("secretary", f"{run(meeting, item)}ta-upp/").status_code == 302
    again = site.post("chair", f"{run(meeting, item)}ta-upp/")
    assert again.status_code == 409
    assert "Punkten behandlas redan." in again.content.decode()


def test_an_item_settled_by_both_keepers_is_settled_once(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    typed = {"outcome": "recommend", "decision_text": "Samverkansrådet tillstyrker förslaget."}
    assert site.post("secretary", run(meeting, item), typed).status_code == 302
    again = site.post("chair", run(meeting, item), typed)
    assert again.status_code == 409
    assert case.deliberations.count() == 1


def test_an_item_put_back_keeps_its_votes(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    hall.vote(item, "mem-lk", VoteChoice.AGAINST)
    site.post("secretary", f"{run(meeting, item)}lagg-tillbaka/")
    site.post("secretary", f"{run(meeting, item)}ta-upp/")
    assert "Avstyrker" in text_of(site, "secretary", run(meeting, item))
    assert case.deliberations.get().votes.count() == 1


def test_the_next_item_is_taken_up_in_the_same_press(hall: Hall, site: Site) -> None:
    one, two = hall.waiting(2)
    meeting = hall.opened([one, two])
    first, second = hall.take_up(meeting, one), meeting.items.get(case=two)
    answer = site.post(
        "secretary",
        run(meeting, first),
        {"outcome": "recommend", "decision_text": "Samverkansrådet tillstyrker förslaget.", "next": "1"},
    )
    assert answer["Location"] == run(meeting, second)
    second.refresh_from_db()
    assert second.status == AgendaStatus.OPEN


def test_a_next_item_that_cannot_be_taken_up_says_why(hall: Hall, site: Site) -> None:
    one, two = hall.waiting(2)
    meeting = hall.opened([one, two])
    first = hall.take_up(meeting, one)
    two.status = "on_hold"
    two.save(update_fields=["status"])
    page = site.follow(
        "secretary",
        run(meeting, first),
        {"outcome": "recommend", "decision_text": "Samverkansrådet tillstyrker förslaget.", "next": "1"},
    )
    assert "väntar inte på organet just nu" in page.content.decode()
    first.refresh_from_db()
    assert first.number == "§ 1"


def test_the_proposed_wording_is_not_the_decision_of_what_is_tabled(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    later = hall.planned(days=40)
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    page = site.get("secretary", run(meeting, item))
    typed = {
        "outcome": "table",
        "decision_text": page.context["form"].initial["decision_text"],
        "reasons": "Underlaget kom sent.",
        "tabled_to": str(later.pk),
    }
    assert site.post("secretary", run(meeting, item), typed).status_code == 302
    item.refresh_from_db()
    assert (item.decision_text, item.tabled_to) == ("", later)
    assert "Bordlagt till mötet den" in text_of(site, "mem-lk", f"/moten/{meeting.pk}/")


def test_an_amended_decision_has_its_own_wording(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    site.post(
        "secretary",
        run(meeting, item),
        {"outcome": "recommend_amended", "decision_text": "Rådet tillstyrker en pilot."},
    )
    item.refresh_from_db()
    assert item.decision_text == "Rådet tillstyrker en pilot."


def test_a_conflict_is_noted_for_who_says_so_and_takes_their_vote_away(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    hall.vote(item, "mem-lk", VoteChoice.FOR)
    url = f"{run(meeting, item)}jav/"
    assert "Det här händer" in text_of(site, "secretary", url)
    typed = {"person": hall.world.people_ids["mem-lk"], "reason": "Hennes bror."}
    assert site.post("secretary", url, typed)["Location"] == run(meeting, item)
    text = text_of(site, "secretary", run(meeting, item))
    assert "Hennes bror." in text
    assert "2 av 2 deltar i punkten" in text
    assert not case.deliberations.get().votes.exists()


def test_the_live_part_tells_of_new_votes_and_of_a_change_of_state(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    item = hall.take_up(meeting, case)
    url = f"{run(meeting, item)}nu/?state=open"
    assert "Ingen har röstat." in text_of(site, "secretary", url)
    hall.vote(item, "mem-lk", VoteChoice.FOR)
    assert "Mem-Lk" in text_of(site, "secretary", url)
    assert "Läget har ändrats" not in text_of(site, "secretary", url)
    hall.settle(item)
    assert "Läget har ändrats" in text_of(site, "secretary", url)


def test_who_waits_for_an_item_is_led_there_when_it_is_taken_up(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    assert "HX-Redirect" not in site.get("mem-lk", f"/moten/{meeting.pk}/nu/")
    item = hall.take_up(meeting, case)
    where = f"/moten/{meeting.pk}/punkter/{item.pk}/"
    assert site.get("mem-lk", f"/moten/{meeting.pk}/nu/")["HX-Redirect"] == where
    assert "HX-Redirect" not in site.get("secretary", f"/moten/{meeting.pk}/nu/")


def test_what_the_meeting_did_not_reach_is_listed_before_it_is_closed(hall: Hall, site: Site) -> None:
    one, two = hall.waiting(2)
    meeting = hall.opened([one, two])
    hall.settle(hall.take_up(meeting, one))
    url = f"{run(meeting)}avsluta/"
    assert two.title in text_of(site, "secretary", url)
    refused = site.post("secretary", url, {"form": "close"})
    assert refused.status_code == 422
    assert "Välj justerare innan mötet avslutas." in refused.content.decode()
    people = hall.world.people_ids
    site.post("secretary", url, {"form": "adjusters", "people": [people["mem-lk"], people["mem-liu"]]})
    assert site.post("secretary", url, {"form": "close"}).status_code == 302
    assert site.get("secretary", run(meeting)).status_code == 409


def test_a_meeting_is_not_closed_while_an_item_is_dealt_with(hall: Hall, site: Site) -> None:
    (case,) = hall.waiting()
    meeting = hall.opened([case])
    hall.take_up(meeting, case)
    answer = site.post("secretary", f"{run(meeting)}avsluta/", {"form": "close"})
    assert answer.status_code == 409
    assert "En punkt behandlas ännu." in answer.content.decode()


# A party's own body


def at_the_board(hall: Hall, site: Site) -> tuple[Meeting, AgendaItem]:
    """The executive board's meeting, with the case taken up."""
    seat_the_board(hall)
    (case,) = hall.waiting()
    council = hall.opened([case])
    hall.settle(hall.take_up(council, case))
    hall.world.advance(case, to="decide")
    hall.world.act(case, "decide", by="clerk-lk")
    planned = {"starts_at": "09:00", "ends_at": "10:00", "place": "Rådhuset"}
    day = (hall.world.now.date().replace(day=1)).replace(year=hall.world.now.year + 1)
    site.post(
        "ks-secretary", f"/organ/ks-lk/moten/nytt/?arende={case.pk}", planned | {"day": day.isoformat()}
    )
    meeting = Meeting.objects.get(body=hall.world.board)
    site.post("ks-secretary", f"/moten/{meeting.pk}/kalla/")
    hall.world.now = meeting.starts_at
    seats = {f"seat_{seat.pk}": "on" for seat in meeting.seats.all()}
    site.post("ks-secretary", f"/moten/{meeting.pk}/narvaro/", seats)
    people = hall.world.people_ids
    site.post(
        "ks-secretary", run(meeting), {"chair": people["ks-chair"], "secretary": people["ks-secretary"]}
    )
    item = meeting.items.get()
    site.post("ks-secretary", f"{run(meeting, item)}ta-upp/")
    item.refresh_from_db()
    assert item.status == AgendaStatus.OPEN
    return meeting, item


def test_a_party_s_board_decides_in_its_own_words(hall: Hall, site: Site) -> None:
    meeting, item = at_the_board(hall, site)
    form = site.get("ks-secretary", run(meeting, item)).context["form"]
    labels = {str(label) for _value, label in form.fields["outcome"].choices}
    assert {"Bifall", "Avslag", "Återremiss", "Bordläggning"} <= labels
    assert "Återremiss till initiativtagaren" not in labels
    targets = [value for value, _label in form.fields["refer_back_to"].choices]
    assert targets == ["", "tjansteskrivelse"]
    proposed = form.initial["decision_text"]
    site.post("ks-secretary", run(meeting, item), {"outcome": "recommend", "decision_text": proposed})
    decision = item.case.decisions.get(step="ks")  # type: ignore[union-attr]
    assert (decision.outcome, decision.text, decision.is_final) == ("approve", proposed, True)


def test_a_party_s_board_refers_back_to_an_earlier_step(hall: Hall, site: Site) -> None:
    meeting, item = at_the_board(hall, site)
    typed = {"outcome": "prepare_again", "reasons": "Vad kostar det?", "refer_back_to": "tjansteskrivelse"}
    answer = site.post("ks-secretary", run(meeting, item), typed)
    assert answer.status_code == 302
    decision = item.case.decisions.get(step="ks")  # type: ignore[union-attr]
    assert (decision.outcome, decision.refer_back_to) == ("refer_back", "tjansteskrivelse")


def test_what_the_board_rejects_is_not_written_down_as_the_yes_that_was_proposed(
    hall: Hall, site: Site
) -> None:
    meeting, item = at_the_board(hall, site)
    typed = {"outcome": "decline", "reasons": "Medel saknas.", "confirmed": "1"}
    assert site.post("ks-secretary", run(meeting, item), typed).status_code == 302
    decision = item.case.decisions.get(step="ks")  # type: ignore[union-attr]
    assert (decision.outcome, decision.text) == ("reject", "Medel saknas.")


def test_another_party_s_people_learn_nothing_of_the_board_s_item(hall: Hall, site: Site) -> None:
    meeting, item = at_the_board(hall, site)
    for url in (f"/moten/{meeting.pk}/", f"/moten/{meeting.pk}/punkter/{item.pk}/", run(meeting, item)):
        assert site.get("mem-liu", url).status_code == 404
    typed = {"outcome": "recommend", "decision_text": "Ja."}
    assert site.post("decider-liu", run(meeting, item), typed).status_code == 404
    assert errors_of(site.post("ks-secretary", run(meeting, item), {})) != {}
