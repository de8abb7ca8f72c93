"""監査の記録: who signed on, who may what, what left the app and what came in, on one page."""

from accounts.audit.writing import note, note_reading
from accounts.models import Kind

__all__ = ["Kind", "note", "note_reading"]
