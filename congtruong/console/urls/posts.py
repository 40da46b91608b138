"""Writing, approving, versions, previews, headings."""

from django.urls import path

from congtruong.console.views import approvals, categories, drafts, history, posts, previews, steps

urlpatterns = [
    path("bai-viet/", posts.index, name="posts"),
    path("bai-viet/soan/", posts.new, name="post-new"),
    path("bai-viet/lien-ket/", posts.links, name="post-links"),
    path("bai-viet/muc/", categories.index, name="categories"),
    path("bai-viet/muc/<int:category_id>/doi-ten/", categories.rename, name="category-rename"),
    path("bai-viet/muc/<int:category_id>/thu-tu/", categories.move, name="category-move"),
    path("bai-viet/muc/<int:category_id>/xoa/", categories.delete, name="category-delete"),
    path("bai-viet/<int:post_id>/", drafts.edit, name="post-edit"),
    path("bai-viet/<int:post_id>/luu/", drafts.save, name="post-save"),
    path("bai-viet/<int:post_id>/tu-luu/", drafts.autosave_page, name="post-autosave"),
    path("bai-viet/<int:post_id>/tiep-quan/", drafts.take_over_page, name="post-takeover"),
    path("bai-viet/<int:post_id>/nha/", drafts.release_page, name="post-release"),
    path("bai-viet/<int:post_id>/bo-ban-sua/", drafts.discard, name="post-discard"),
    path("bai-viet/<int:post_id>/gui-duyet/", steps.submit, name="post-submit"),
    path("bai-viet/<int:post_id>/rut-ve/", steps.recall, name="post-recall"),
    path("bai-viet/<int:post_id>/tra-lai/", steps.send_back, name="post-return"),
    path("bai-viet/<int:post_id>/dang/", steps.approve, name="post-approve"),
    path("bai-viet/<int:post_id>/duyet/", steps.accept, name="post-accept"),
    path("bai-viet/<int:post_id>/go/", steps.withdraw, name="post-withdraw"),
    path("bai-viet/<int:post_id>/luu-tru/", steps.archive, name="post-archive"),
    path("bai-viet/<int:post_id>/lay-ra/", steps.reopen, name="post-reopen"),
    path("bai-viet/<int:post_id>/ghim/", steps.pin, name="post-pin"),
    path("bai-viet/<int:post_id>/dia-chi/", steps.address, name="post-address"),
    path("bai-viet/<int:post_id>/lich-su/", history.index, name="post-history"),
    path("bai-viet/<int:post_id>/lich-su/so-sanh/", history.compare, name="post-compare"),
    path("bai-viet/<int:post_id>/lich-su/<int:number>/khoi-phuc/", history.bring_back, name="post-restore"),
    path("bai-viet/<int:post_id>/xem-thu/", previews.preview, name="post-preview"),
    path("bai-viet/<int:post_id>/xem-thu/<int:link_id>/thu-hoi/", previews.revoke, name="post-preview-revoke"),
    path("cho-duyet/", approvals.index, name="approvals"),
    path("cho-duyet/<int:post_id>/", approvals.approval, name="approval"),
    path("phien/", drafts.session, name="session"),
]
