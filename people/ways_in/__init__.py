"""Ways into accounts by the thousand: invitations and sign-in cards for everybody who has none, closing and reopening.

Imports only ``kernel`` and the parts of ``people`` that come before it.
"""
