"""The addresses of 機構改革, which is no single plan's."""

from django.urls import path

from entry.views import reorganisations

urlpatterns = [
    path("", reorganisations.reorganisations, name="reorganisations"),
    path("new/", reorganisations.new, name="new_reorganisation"),
    path("<int:pk>/", reorganisations.reorganisation, name="reorganisation"),
    path("<int:pk>/change/", reorganisations.change, name="change_reorganisation"),
    path("<int:pk>/drop/", reorganisations.drop, name="drop_reorganisation"),
]
