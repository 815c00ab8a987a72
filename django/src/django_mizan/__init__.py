"""Functions of a Django project, called from the browser, and the contexts that they affect."""

from .client import client
from .collector import invalidate
from .contexts import ReactContext
from .keys import InvalidKey, InvalidValue, context_key
from .pagination import Page, apaginate, paginate
from .problems import TooManyRequests

EXPOSED_HEADERS = ("X-Mizan-Invalidate", "X-Mizan-Identity", "X-Mizan-Schema")
"""What a server on another origin than its pages lists in `Access-Control-Expose-Headers`."""

__all__ = [
    "EXPOSED_HEADERS",
    "InvalidKey",
    "InvalidValue",
    "Page",
    "ReactContext",
    "TooManyRequests",
    "apaginate",
    "client",
    "context_key",
    "invalidate",
    "paginate",
]
