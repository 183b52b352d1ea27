"""How people come in for the first time: the choice of an authority, sheets of sign-in cards, invitations."""
