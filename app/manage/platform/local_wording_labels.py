"""What each standard token is called in front of people, and what to write there."""

LABELS = {
    "authority_name": (
        "Name of the authority",
        "As it should read in the middle of a sentence: Sefton Council",
    ),
    "police_force": ("Police force", "Whom to call about a crime: Merseyside Police"),
    "report_at_work": (
        "Where to report something at work",
        "Follows “You can report it to …”: your line manager, or HR on extension 1234",
    ),
    "speak_up_route": ("How to raise a concern", "The whistleblowing or speak-up policy, and where it is"),
    "staff_network": ("Staff network", "The race equality network, and how to join it"),
    "eia_route": ("Equality impact assessments", "The form or the page where staff begin one"),
    "interpreter_route": ("Interpreters", "How staff book an interpreter"),
    "hate_crime_route": ("Reporting hate crime", "For staff and for the people they serve"),
    "wellbeing_route": ("Support for staff", "The employee assistance programme, or whom to talk to"),
    "hate_crime_support": (
        "Support after a hate crime",
        "Follows “For support:” on the support page: the service near you, its number and its opening hours",
    ),
    "advice_lines": (
        "Advice lines: numbers and opening hours",
        "Stands on the support page, below Acas and the Equality Advisory and Support Service. "
        "Write only what you have checked",
    ),
    "listening_lines": (
        "Someone to talk to: numbers and opening hours",
        "Stands on the support page, below Samaritans and Shout. Write only what you have checked",
    ),
    "support_checked_on": (
        "When the support page was last checked",
        "A day, such as 14 January 2027. Check numbers, names and hours in the week before launch, then every quarter",
    ),
    "local_box": (
        "About this area",
        "A short text about the communities of this area. Name a community only with its agreement",
    ),
}
