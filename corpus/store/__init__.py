"""The store: every category's samples, scanned once, as records on disk with columns beside them."""

from corpus.store.inventory import Inventory, Profile
from corpus.store.scan import scan
from corpus.store.stock import Stock

__all__ = ["Inventory", "Profile", "Stock", "scan"]
