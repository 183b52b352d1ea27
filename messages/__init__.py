"""What people are told: the ledger of messages, their own choices, and sending what is due.

Imports only ``people`` and ``kernel``. The words of a message live where its reason lives: in
``courses`` and ``certificates``.
"""
