"""The settings of modules and fields. Included by the CRM's `urls.py`."""

from django.urls import URLPattern, URLResolver, include, path

from . import field_pages as fields
from . import module_pages as modules
from . import section_pages as sections
from . import type_pages as field_types

_field = [
    path("", fields.field, name="crm_module_field"),
    path("type", field_types.change_of_type, name="crm_module_field_type"),
    path("hiding", fields.hiding, name="crm_module_field_hiding"),
    path("showing", fields.showing, name="crm_module_field_showing"),
    path("removal", fields.removal, name="crm_module_field_removal"),
    path("return", fields.giving_back, name="crm_module_field_return"),
    path("purge", fields.purge, name="crm_module_field_purge"),
    path("obstacles", field_types.obstacles, name="crm_module_field_obstacles"),
]

_module: list[URLPattern | URLResolver] = [
    path("", modules.module, name="crm_module"),
    path("words", modules.words, name="crm_module_words"),
    path("showing", modules.showing, name="crm_module_showing"),
    path("hiding", modules.hiding, name="crm_module_hiding"),
    path("removal", modules.removal, name="crm_module_removal"),
    path("sections/", sections.new_section, name="crm_section_new"),
    path("sections/<str:section_key>", sections.section, name="crm_section"),
    path("sections/<str:section_key>/place", sections.section_place, name="crm_section_place"),
    path("sections/<str:section_key>/removal", sections.section_removal, name="crm_section_removal"),
    path("formula", field_types.formula, name="crm_module_formula"),
    path("fields/new", fields.types, name="crm_module_field_types"),
    path("fields/new/<str:kind>", fields.new, name="crm_module_field_new"),
    path("fields/place", fields.place, name="crm_module_field_place"),
    path("fields/<int:field_id>/", include(_field)),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", modules.modules, name="crm_modules"),
    path("new", modules.new, name="crm_module_new"),
    path("order", modules.order, name="crm_module_order"),
    path("removed/<int:module_id>/return", modules.giving_back, name="crm_module_return"),
    path("removed/<int:module_id>/purge", modules.purge, name="crm_module_purge"),
    path("<str:module_name>/", include(_module)),
]
