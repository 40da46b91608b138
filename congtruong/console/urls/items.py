"""What the unit's sources published."""

from django.urls import path

from congtruong.console.views import items

urlpatterns = [
    path("tin-tu-nguon/", items.index, name="items"),
    path("tin-tu-nguon/<int:item_id>/", items.one, name="item"),
    path("tin-tu-nguon/<int:item_id>/go/", items.take_down, name="item-withdraw"),
    path("tin-tu-nguon/<int:item_id>/dang-lai/", items.bring_back, name="item-restore"),
    path("tin-tu-nguon/<int:item_id>/chuyen-muc/", items.move, name="item-channel"),
    path("tin-tu-nguon/<int:item_id>/so-sanh/<int:number>/", items.compare, name="item-compare"),
]
