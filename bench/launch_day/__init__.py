"""The launch day in small: people who sign in and take a whole course over HTTP, form by form, and what it costs.

``make launch-day PEOPLE=48``. The driver sees pages as a browser without scripts does, and nothing of the product but
its addresses, forms and tables: it also drives another build of it.
"""
