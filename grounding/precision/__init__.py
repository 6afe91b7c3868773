"""How right the kept elements are, measured by other ways than the gates that kept them.

Nothing here decides what is kept. The rules of each measure stand in the README; what cannot
be measured is counted apart, never as agreement.
"""
