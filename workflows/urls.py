"""The addresses of the pages. Names and paths are a contract: mails and bookmarks hold them."""

from __future__ import annotations

from django.urls import path

from workflows.views import (
    account,
    bodies,
    case_acts,
    case_list,
    case_page,
    date_board,
    delegations,
    diagram,
    documents,
    inbox,
    meetings,
    papers,
    partnerships,
    proposals,
    referral_outside,
    referral_own,
    referrals,
    source,
    steps,
    voting,
)

_CASE = "arenden/<int:case_id>/"

urlpatterns = [
    *inbox.urlpatterns,
    path("arenden/", case_list.list_cases, name="cases"),
    path("datum/", date_board.show_dates, name="date-board"),
    path(_CASE, case_page.show_case, name="case"),
    path(f"{_CASE}process.svg", diagram.show_diagram, name="case-diagram"),
    path(f"{_CASE}process.bpmn", diagram.download_bpmn, name="case-bpmn"),
    path(f"{_CASE}kommentar/", documents.comment, name="case-comment"),
    path(f"{_CASE}handlingar/", documents.add_document, name="case-document-add"),
    path(f"{_CASE}handlingar/<int:document_id>/", documents.add_version, name="document-version-add"),
    path(f"{_CASE}handlingar/<int:document_id>/<int:number>/", documents.download, name="document-download"),
    *papers.urlpatterns,
    path(f"{_CASE}aterkalla/", case_acts.withdraw_case, name="case-withdraw"),
    path(f"{_CASE}vila/", case_acts.hold_case, name="case-hold"),
    path(f"{_CASE}ateruppta/", case_acts.resume_case, name="case-resume"),
    path(f"{_CASE}avbryt/", case_acts.cancel_case, name="case-cancel"),
    path(f"{_CASE}fraga/", case_acts.ask_about_case, name="case-ask"),
    path(f"{_CASE}stang-rostningen/", case_acts.close_case_voting, name="case-close-voting"),
    path(f"{_CASE}uppgifter/<int:item_id>/lamna-over/", case_acts.reassign_item, name="case-reassign"),
    path(f"{_CASE}uppgifter/<int:item_id>/paminn/", case_acts.remind_of_item, name="case-remind"),
    *referrals.urlpatterns,
    *referral_own.urlpatterns,
    *referral_outside.urlpatterns,
    *steps.urlpatterns,
    *voting.urlpatterns,
    *proposals.urlpatterns,
    *partnerships.urlpatterns,
    *meetings.urlpatterns,
    *bodies.urlpatterns,
    *account.urlpatterns,
    *delegations.urlpatterns,
    *source.urlpatterns,
]
