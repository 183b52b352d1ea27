"""Any sequence of acts against a plain model that knows days, and nothing of how the product works."""
