"""Style sheets of a layout: one bundle in production, its parts while developing and testing."""

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from congtruong.core.staticfiles import BundledStorage, bundle_name, bundle_parts

register = template.Library()


@register.simple_tag
def stylesheets(bundle: str) -> SafeString:
    """Links to the style sheets of a bundle of `css/bundles.json`. Raises TemplateSyntaxError for an unknown one."""
    parts = bundle_parts().get(bundle)
    if parts is None:
        raise template.TemplateSyntaxError(f"There is no style sheet bundle {bundle!r}")
    # While debugging, Django names the source files, and a bundle is no source file.
    joined = isinstance(staticfiles_storage, BundledStorage) and not settings.DEBUG
    names = [bundle_name(bundle)] if joined else parts
    return format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((staticfiles_storage.url(name),) for name in names)
    )
