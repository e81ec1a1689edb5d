"""What the documents print, and how it is checked.

Raw tables, numerals and units, arithmetic over figures, the audit, ``checks``, and the register of all that
is declared once. Every other layer may use it; it uses none of them.
"""
