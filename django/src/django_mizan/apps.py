from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MizanConfig(AppConfig):
    name = "django_mizan"
    verbose_name = "Mizan"

    def ready(self) -> None:
        """Finds the functions and registers the checks: no database, no network, no process."""
        from . import checks  # noqa: F401  (importing it registers the checks)

        autodiscover_modules("client")
