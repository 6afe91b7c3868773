"""The open shelf: files of Debian packages, by hash, each with the licence its package states."""

from corpus.shelf.catalogue import CATALOGUE, Item, group
from corpus.shelf.inputs import Inputs
from corpus.shelf.store import Package, Shelf, ShelfFile

__all__ = ["CATALOGUE", "Inputs", "Item", "Package", "Shelf", "ShelfFile", "group"]
