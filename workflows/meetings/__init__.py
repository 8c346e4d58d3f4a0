"""Meetings of bodies: planned, called, held, written down, adjusted, posted, dispatched (section 5, U6, H8).

One domain function for each thing that people do, each in one transaction with the meeting's row locked:
:mod:`~workflows.meetings.plan`, :mod:`~workflows.meetings.agenda`, :mod:`~workflows.meetings.notice`,
:mod:`~workflows.meetings.attendance`, :mod:`~workflows.meetings.session`, :mod:`~workflows.meetings.votes`,
:mod:`~workflows.meetings.minutes` and :mod:`~workflows.meetings.dispatch`.
"""
