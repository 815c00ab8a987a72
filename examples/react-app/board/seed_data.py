"""What the seed is made of: words only, so that the board reads like a board."""

# username, name, role, avatar hue, bio
PEOPLE = (
    ("ada", "Ada Lovelace", "Engineering", 262, "Writes programs for machines to come."),
    ("grace", "Grace Hopper", "Platform", 152, "Keeps a nanosecond of wire in the desk drawer."),
    ("alan", "Alan Turing", "Research", 212, "Runs long distances, thinks about halting."),
    ("katherine", "Katherine Johnson", "Data", 28, "Checks the numbers by hand before launch."),
    ("margaret", "Margaret Hamilton", "Reliability", 334, "Asks what happens if the pilot errs."),
)

# name, summary, number of tasks, what its tasks are about
PROJECTS = (
    (
        "Orbit website",
        "The public site: pages, search, speed.",
        74,
        (
            "the landing page",
            "the pricing table",
            "site search",
            "the changelog page",
            "the contact form",
            "image loading",
            "the cookie notice",
            "dark mode",
            "the press kit",
            "error pages",
            "the careers page",
            "the site map",
        ),
    ),
    (
        "Pocket app",
        "The mobile client, offline first.",
        66,
        (
            "the sign-in screen",
            "offline sync",
            "push messages",
            "the photo picker",
            "the settings screen",
            "large text support",
            "the onboarding tour",
            "deep links",
            "crash reports",
            "battery use",
            "the share sheet",
            "widget layouts",
        ),
    ),
    (
        "Ledger billing",
        "Invoices, taxes, refunds: to the cent.",
        60,
        (
            "invoice numbering",
            "tax rounding",
            "the refund flow",
            "failed card retries",
            "the export for accountants",
            "currency display",
            "dunning mails",
            "the audit trail",
            "proration",
            "plan changes",
            "receipt layout",
            "monthly closing",
        ),
    ),
)

VERBS = ("Design", "Draft", "Review", "Test", "Document", "Polish", "Measure", "Simplify", "Fix")

COMMENTS = (
    "I can take the first half of this.",
    "Blocked until the review is through, then it is quick.",
    "Tried it on a slow phone: fine.",
    "Could we split this? The second part can wait.",
    "Numbers look right now. Thanks!",
    "I left notes in the draft.",
    "Let us keep this small and ship it.",
    "Works for me in all three browsers.",
    "The edge case from last week is covered as well.",
    "Who knows the history of this one?",
)
