"""Text messages: how they leave, through GOV.UK Notify or into a folder, and the addresses that stand in them."""
