"""What each step needs to read stands beside its form, and what the person may not know does not."""

from __future__ import annotations

from cases.models import DecisionOutcome, Memo, Partnership, PartnershipParty, VoteChoice
from tests.workflows.steps.site import Site, reach, url_of
from tests.world import World
from workflows import case_acts
from workflows.steps.screen import ScreenOutcome


def html_of(site: Site, by: str, item: object) -> str:
    html: str = site.get(by, url_of(item)).content.decode()  # type: ignore[arg-type]
    return html


def test_registering_shows_the_next_number_and_those_of_others(world: World, site: Site) -> None:
    item = reach(world, "register")
    assert "KS 2021-00001" in html_of(site, "reg-lk", item)
    world.do(item, by="reg-lk")
    other = world.open_items(item.case, "register")[0]
    html = html_of(site, "reg-liu", other)
    assert "LiU-2021-00001" in html
    assert "Linköpings kommun: <strong>KS 2021-00001</strong>" in html


def test_a_party_without_a_pattern_is_told_before_it_registers(world: World, site: Site) -> None:
    item = reach(world, "register")
    world.organisations["lk"].registry_pattern = ""
    world.organisations["lk"].save()
    assert "saknar mönster för diarienummer" in html_of(site, "reg-lk", item)
    posted = site.post("reg-lk", url_of(item))
    assert posted.status_code == 422
    assert "saknar mönster för diarienummer" in posted.content.decode()


def test_the_statement_begins_with_what_the_proposer_wrote(world: World, site: Site) -> None:
    case = world.submitted(need="Företagen når inte studenterna.")
    world.advance(case, to="statement")
    item = world.open_items(case, "statement")[0]
    page = site.get(world.holder_of(item), url_of(item))
    assert page.context["form"]["need"].value() == "Företagen når inte studenterna."


def test_the_memo_begins_with_the_proposal_and_what_the_parties_said(world: World, site: Site) -> None:
    item = reach(world, "prepare")
    form = site.get("coordinator", url_of(item)).context["form"]
    assert form["matter"].value() == "Studenter är mentorer för företagsledare."
    assert form["preparation"].value() == (
        "Linköpings kommun: Ställer sig bakom.\nLinköpings universitet: Ställer sig bakom."
    )


def test_a_later_memo_begins_with_the_one_before_it(world: World, site: Site) -> None:
    case = world.submitted()
    world.advance(case, to="conclude")
    world.act(case, "conclude", outcome="prepare_again", reasons="Räkna igen.")
    item = world.open_items(case, "prepare")[0]
    page = site.get("coordinator", url_of(item))
    memo = Memo.objects.get(case=case)
    assert page.context["form"]["proposed_decision"].value() == memo.proposed_decision
    assert "Räkna igen." in page.content.decode()


def test_preparing_shows_related_cases_and_the_parties_other_partnerships(world: World, site: Site) -> None:
    other = Partnership.objects.create(name="Stad och högskola", slug="stad", kind="memorandum")
    PartnershipParty.objects.create(partnership=other, organisation=world.organisations["lk"])
    near = world.submitted(title="Ett närliggande ärende")
    world.draft(title="Någons utkast")
    item = reach(world, "prepare")
    html = html_of(site, "coordinator", item)
    assert f'href="/arenden/{near.pk}/"' in html
    assert 'href="/samarbeten/stad/"' in html
    assert "Någons utkast" not in html


def test_anybody_at_a_party_can_be_named_responsible_for_the_follow_up(world: World, site: Site) -> None:
    item = reach(world, "prepare")
    chosen = world.person("contact-liu")
    form = site.get("coordinator", url_of(item)).context["form"]
    offered = {key for _group, people in form.fields["reporter"].choices[1:] for key, _name in people}
    assert chosen.pk in offered
    assert world.person("outsider").pk not in offered
    data = {
        "matter": "A",
        "preparation": "B",
        "related_check": "C",
        "proposed_decision": "D",
        "reporter": str(chosen.pk),
    }
    assert site.post("coordinator", url_of(item), data).status_code == 302
    assert item.case.holdings.get(role="reporter").person == chosen


def test_a_voter_sees_the_proposed_decision_first_and_the_votes_so_far(world: World, site: Site) -> None:
    item = reach(world, "vote")
    world.act(item.case, "vote", by="mem-liu", choice=VoteChoice.AGAINST, reasons="För dyrt.")
    html = html_of(site, "mem-lk", world.item_of(item.case, "vote", "mem-lk"))
    assert (
        html.index("Samverkansrådet tillstyrker förslaget.")
        < html.index('name="choice"')
        < html.index('id="underlag"')
    )
    assert "För dyrt." in html


def test_the_chair_is_told_of_a_tie_and_of_the_casting_vote(world: World, site: Site) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    world.act(case, "vote", by="mem-lk", choice=VoteChoice.FOR)
    world.act(case, "vote", by="mem-liu", choice=VoteChoice.AGAINST)
    world.act(case, "vote", by="chair", choice=VoteChoice.ABSTAIN)
    page = site.get("chair", url_of(world.open_items(case, "conclude")[0]))
    offered = {value for value, _label in page.context["form"].fields["outcome"].choices}
    assert "utslagsröst" in page.content.decode()
    assert offered == {"recommend", "decline", "prepare_again", "hear_again", "refer_back", "table"}


def test_the_chair_is_offered_only_what_the_votes_allow(world: World, site: Site) -> None:
    item = reach(world, "conclude")
    page = site.get("chair", url_of(item))
    offered = {value for value, _label in page.context["form"].fields["outcome"].choices}
    assert offered == {"recommend", "prepare_again", "hear_again", "refer_back", "table"}


def test_without_a_quorum_nothing_in_the_matter_is_offered(world: World, site: Site) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    for item in world.open_items(case, "vote"):
        world.do(item, by=world.holder_of(item), choice=VoteChoice.RECUSED, reasons="Anställd i projektet.")
    page = site.get("chair", url_of(world.open_items(case, "conclude")[0]))
    offered = {value for value, _label in page.context["form"].fields["outcome"].choices}
    assert "Styrgruppen är inte beslutför" in page.content.decode()
    assert offered == {"prepare_again", "hear_again", "refer_back", "table"}


def test_a_later_agreement_begins_with_the_version_before_and_shows_the_views_on_it(
    world: World, site: Site
) -> None:
    case = world.submitted()
    world.advance(case, to="review_agreement")
    for item in world.open_items(case, "review_agreement"):
        world.do(item, by=world.holder_of(item), outcome="changes", comment="Vem äger resultaten?")
    page = site.get("coordinator", url_of(world.open_items(case, "draft_agreement")[0]))
    assert page.context["form"]["terms"].value() == "Parterna bär sina egna kostnader."
    assert "Vem äger resultaten?" in page.content.decode()
    assert "change_note" in page.context["form"].fields


def test_a_reviewer_sees_what_was_added_and_removed(world: World, site: Site) -> None:
    case = world.submitted()
    world.advance(case, to="review_agreement")
    for item in world.open_items(case, "review_agreement"):
        world.do(item, by=world.holder_of(item), outcome="changes", comment="Gemensamt.")
    world.act(case, "draft_agreement", terms="Parterna delar <alla> kostnader.")
    html = html_of(site, "counsel-lk", world.item_of(case, "review_agreement", "counsel-lk"))
    assert '<ins><span class="sv-hidden">tillagt: </span>delar &lt;alla&gt; ' in html
    assert '<del><span class="sv-hidden">borttaget: </span>bär sina egna ' in html


def test_the_decision_text_travels_through_the_party_s_own_chain(world: World, site: Site) -> None:
    item = reach(world, "decide")
    first = site.get("clerk-lk", url_of(item))
    assert first.context["form"]["text"].value() == "Samverkansrådet tillstyrker förslaget."
    world.act(item.case, "decide", by="clerk-lk", text="Kommunstyrelsen bifaller förslaget.")
    second = world.item_of(item.case, "decide", "board-lk")
    page = site.get("board-lk", url_of(second))
    assert page.context["form"]["text"].value() == "Kommunstyrelsen bifaller förslaget."
    assert "Klara Clerk" in page.content.decode()
    offered = dict(page.context["form"].fields["refer_back_to"].choices)
    assert set(offered) == {"", "tjansteskrivelse"}


def test_a_party_s_own_chain_is_not_shown_to_the_other_party(world: World, site: Site) -> None:
    item = reach(world, "decide")
    world.act(item.case, "decide", by="clerk-lk", text="Kommunens interna lydelse.")
    html = html_of(site, "decider-liu", world.item_of(item.case, "decide", "decider-liu"))
    assert "Kommunens interna lydelse." not in html
    assert "Klara Clerk" not in html


def test_a_party_s_final_decision_is_shown_to_the_other_party(world: World, site: Site) -> None:
    item = reach(world, "decide")
    world.act(item.case, "decide", by="decider-liu", text="Universitetet bifaller.")
    assert "Universitetet bifaller." in html_of(site, "clerk-lk", item)


def test_a_tabled_decision_and_a_referral_back_are_carried_out_as_chosen(world: World, site: Site) -> None:
    item = reach(world, "decide")
    world.act(item.case, "decide", by="clerk-lk")
    board = world.item_of(item.case, "decide", "board-lk")
    data = {
        "outcome": "refer_back",
        "text": "Nej.",
        "reasons": "Räkna igen.",
        "refer_back_to": "tjansteskrivelse",
    }
    assert site.post("board-lk", url_of(board), data).status_code == 302
    decision = item.case.decisions.get(outcome=DecisionOutcome.REFER_BACK)
    assert decision.refer_back_to == "tjansteskrivelse"
    again = world.item_of(item.case, "decide", "clerk-lk")
    data = {"outcome": "table", "text": "Senare.", "reasons": "Budget.", "tabled_until": "2030-01-15"}
    assert site.post("clerk-lk", url_of(again), data).status_code == 302


def test_a_report_begins_with_the_one_before_it(world: World, site: Site) -> None:
    case = world.submitted()
    world.advance(case, to="report")
    world.act(case, "report", status="deviates", deviation="Färre studenter.", next_steps="Rekrytera.")
    world.advance(case, to="report")
    page = site.get("proposer", url_of(world.open_items(case, "report")[0]))
    form = page.context["form"]
    assert (form["status"].value(), form["deviation"].value()) == ("deviates", "Färre studenter.")
    assert form["next_steps"].value() == "Rekrytera."
    assert form["result"].value() is None
    assert "Piloten är genomförd." in page.content.decode()


def test_who_completes_sees_what_was_asked_for(world: World, site: Site) -> None:
    case = world.submitted()
    world.act(case, "screen", outcome=ScreenOutcome.RETURN, reasons="Vem betalar?")
    html = html_of(site, "proposer", world.open_items(case, "complete")[0])
    assert "Kajsa Coordinator skrev" in html
    assert "Vem betalar?" in html


def test_who_answers_sees_the_question(world: World, site: Site) -> None:
    item = reach(world, "answer")
    html = html_of(site, "proposer", item)
    assert "Kajsa Coordinator frågar" in html
    assert "Hur många?" in html


def test_an_answered_question_is_shown_to_who_screens(world: World, site: Site) -> None:
    case = world.submitted()
    case_acts.ask_proposer(
        case_id=case.pk, actor=world.person("coordinator"), text="Hur många?", now=world.tick()
    )
    world.act(case, "answer", answer="Tolv studenter.")
    assert "Tolv studenter." in html_of(site, "coordinator", world.open_items(case, "screen")[0])
