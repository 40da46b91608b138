from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "congtruong.accounts"
    verbose_name = "Đăng nhập và tài khoản"

    def ready(self) -> None:
        """Listen to allauth, make the jobs known to whoever enqueues them by name, and the provider to allauth."""
        import_module("congtruong.accounts.adapters.trail")
        import_module("congtruong.accounts.tasks")
        import_module("allauth.socialaccount.providers").registry.load()
