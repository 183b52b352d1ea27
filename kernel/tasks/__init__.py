"""The task machine: work that is done later is a row, which workers claim, finish, fail or lose.

``kinds`` says what a task is, ``claims`` what workers do with one, ``control`` what people and maintenance do,
``parked`` lists what waits for somebody, and ``background`` holds those that have no row of their own. A row that says
what is still to be done needs no second row that says the same.
"""
