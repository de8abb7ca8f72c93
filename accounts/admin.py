"""Users and roles: planners look after people, only superusers after permissions."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import ManyToManyField, Model, QuerySet
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest

from accounts.models import Way
from accounts.role_names import ROLES
from accounts.sign_on.people import choose_way
from accounts.user_forms import NewPersonForm, PersonForm, ways_in
from accounts.ways import way_of
from common.people import name_with_login
from common.read_only_admin import ReadOnlyMixin
from common.reading.form_fields import ReadsAsWritten

_PERSON = ["last_name", "first_name", "email"]
_ACCESS = ["is_active", "is_staff", "groups"]

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class StaffUserAdmin(ReadsAsWritten, UserAdmin[User]):
    """Users. Who is no superuser neither sees superusers nor grants more than a role.

    `projects.admin.users` registers it anew with the departments a person belongs to.
    """

    add_fieldsets = (
        (None, {"classes": ["wide"], "fields": ["username", "password1", "password2"]}),
        ("氏名", {"classes": ["wide"], "fields": _PERSON}),
        (
            "役割",
            {
                "classes": ["wide"],
                "fields": ["is_staff", "groups"],
                "description": (
                    "できることは役割で決まります。所管課担当には、登録したあとに"
                    "「所管課」の課員に加えてください。"
                ),
            },
        ),
    )
    form = PersonForm
    add_form = NewPersonForm
    list_display = [
        "username", "person", "roles", "is_active", "is_staff", "last_login",
    ]  # fmt: skip
    list_filter = ["is_active", "groups"]
    search_fields = ["username", "last_name", "first_name", "email"]
    search_help_text = "利用者名・氏名・メールアドレスで探す"
    filter_horizontal = ["groups", "user_permissions"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users = super().get_queryset(request).prefetch_related("groups")
        return users if request.user.is_superuser else users.filter(is_superuser=False)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is None:
            way_in = (None, {"classes": ["wide"], "fields": ["sign_on"]})
            return self.add_fieldsets if len(ways_in()) == 1 else (way_in, *self.add_fieldsets)
        everything = [*_ACCESS, "is_superuser", "user_permissions"]
        return (
            (None, {"fields": ["username", *_way_in(obj)]}),
            ("氏名", {"fields": _PERSON}),
            ("できること", {"fields": everything if request.user.is_superuser else _ACCESS}),
            ("日時", {"fields": ["last_login", "date_joined"]}),
        )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """Save the user, and the way in where the form has stated one."""
        super().save_model(request, obj, form, change)
        way = form.cleaned_data.get("sign_on")
        if not way or (obj.is_superuser and way != Way.PASSWORD) or way_of(obj) == way:
            return
        choose_way(obj, Way(way))
        if way == Way.PASSWORD:
            messages.warning(
                request, f"利用者「{obj.get_username()}」のパスワードを決めてください。"
            )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["last_login", "date_joined"]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Who has permissions beyond the roles is changed by superusers alone."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or request.user.is_superuser or not _has_more_than_roles(obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """People stay in the history: an account is made inactive instead."""
        return request.user.is_superuser and super().has_delete_permission(request, obj)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField[Any] | None:
        if db_field.name == "groups" and not request.user.is_superuser:
            kwargs["queryset"] = Group.objects.filter(name__in=ROLES)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description="氏名", ordering="last_name")
    def person(self, user: User) -> str:
        return f"{user.last_name}{user.first_name}"

    @admin.display(description="役割")
    def roles(self, user: User) -> str:
        return "、".join(group.name for group in user.groups.all())


def _way_in(user: Model) -> list[str]:
    """The password where it is the way in, and the choice where there is one."""
    if way_of(user) != Way.PASSWORD:
        return ["sign_on"]
    is_superuser = getattr(user, "is_superuser", False)
    return ["password"] if is_superuser or len(ways_in()) == 1 else ["password", "sign_on"]


def _has_more_than_roles(user: User) -> bool:
    return (
        user.is_superuser
        or user.user_permissions.exists()
        or user.groups.exclude(name__in=ROLES).exists()
    )


@admin.register(Group)
class RoleAdmin(ReadOnlyMixin, GroupAdmin):
    """Roles and who has them, to read: what a role may is the program's business."""

    fields = ["name", "people"]
    readonly_fields = ["people"]
    list_display = ["name", "people"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).prefetch_related("user_set")

    @admin.display(description="利用者")
    def people(self, group: Group) -> str:
        return "、".join(
            name_with_login(user) for user in group.user_set.all() if not user.is_superuser
        )
