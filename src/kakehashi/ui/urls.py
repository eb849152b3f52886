from django.urls import path

from .gallery import pages as gallery

urlpatterns = [
    path("ui/gallery", gallery.gallery, name="ui_gallery"),
    path("ui/gallery/sheet", gallery.sheet, name="ui_gallery_sheet"),
    path("ui/gallery/submission", gallery.submission, name="ui_gallery_submission"),
    path("ui/gallery/removal", gallery.removal, name="ui_gallery_removal"),
    path("ui/gallery/restoration", gallery.restoration, name="ui_gallery_restoration"),
]
