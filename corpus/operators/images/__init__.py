"""What categories share for pictures: admission and re-encoding, perceptual hashes, near duplicates.

`admit` makes any picture file's bytes upright RGB pixels within stated bounds, or refuses them by a
named reason.
"""
