"""The demonstration mailbox."""

from django.urls import path

from notifications import views

urlpatterns = [
    path("brevlada/", views.mailbox, name="mailbox"),
    path("brevlada/<str:name>/", views.mailbox_message, name="mailbox-message"),
    path("brevlada/<str:name>/html/", views.mailbox_html, name="mailbox-html"),
]
