"""The icon table: every icon's pictures, what it means, what pressing it does, where it was seen."""
