"""The certificate that the tests of this room start from."""

from datetime import date
from typing import Any

from certificates.document.facts import CertificateFacts

NAMES = (
    "Siân",
    "Zoë",
    "Łukasz",
    "Nguyễn Thị Hương",
    "Ọláyínká Adébáyọ̀",
    "Ελένη",
    "Дмитро",
    "ქართული",
    "Հայկ",
    "አማርኛ",
    "हरीश शर्मा",
    "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "ગુજરાતી",
    "বাংলা",
    "தமிழ்",
    "తెలుగు",
    "ಕನ್ನಡ",
    "മലയാളം",
    "සිංහල",
    "ไทย",
    "ລາວ",
    "ខ្មែរ",
    "မြန်မာ",
    "王芳",
    "陳嘉玲 𠮷野",
    "さくら 山田",
    "김민준",
    "محمد عبد الله",
    "פלונית",
    "ܣܘܪܝܬ",
    "ދިވެހި",
    "ߒߞߏ",
    "ⵜⵉⴼⵉⵏⴰⵖ",
    "𞤀𞤣𞤤𞤢𞤥",
    "ʻOkina Kahōkūleʻa",
    "Şımşək Ğülzadə",
    "Ėglė Šimkutė-ų̃x̌",
    "Ọ̀ṣun Thị Trịnh",
)
LONG_NAMES = (
    "Wolfeschlegelsteinhausenbergerdorff Maximiliana Konstantinopolitanskaya-Featherstonehaugh",
    "W" * 90,
    "Maria da Conceição " * 12,
    "王" * 120,
    "ﷺ" * 40,
    "മലയാളം" * 20,
)
# Control and format characters, private and unassigned ones, spaces, fillers: nothing that leaves ink.
INVISIBLE = (
    "\x7f",
    "\x00\x1b",
    "\u200b\u2060",
    "\u200c\u200d",
    "\u00ad",
    "\u202e",
    "\ue000",
    "\ufffe",
    "\u3164",
    " ",
    "",
)


def facts(**changes: Any) -> CertificateFacts:
    ordinary: dict[str, Any] = {
        "number": "RE-7K4M-29QX-C",
        "holder_name": "Zoë Łukasz-Siân",
        "organisation_name": "Sefton Council",
        "course_title": "Race equality essentials",
        "course_version": 3,
        "modules": 6,
        "minutes": 60,
        "completed_on": date(2026, 11, 21),
        "verify_url": "https://learn.example.org/verify/RE-7K4M-29QX-C",
    }
    return CertificateFacts(**{**ordinary, **changes})
