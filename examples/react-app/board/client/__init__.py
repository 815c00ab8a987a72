"""What the browser may call. Mizan discovers the module `client` of every app."""

from . import mutations, reads

__all__ = ["mutations", "reads"]
