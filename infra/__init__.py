"""What all floors stand on: settings, errors, clock, files, blobs, database, hypervisor, images.

This floor imports none of the others.
"""
