"""The fonts of certificates: one list, and nothing from the machine or the network.

Both come as wheels under the SIL Open Font License 1.1, so that a fresh machine has them:
`fontpkg-noto-sans` for Roman and Cyrillic letters, Vietnamese and Mongolian included, and
`noto-cjk-sans-otc` for all 11,172 Hangul syllables and 27,000 Chinese characters.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import typst

# Each package with the folder of its font files.
FOLDERS = (("fontpkg_noto_sans", "files"), ("noto_cjk_sans_otc", ""))
LETTERS = "Noto Sans"
# The same character is written differently in Korea and in China.
CHARACTERS = {"ko": "Noto Sans CJK KR", "en": "Noto Sans CJK KR", "zh-hans": "Noto Sans CJK SC"}


@cache
def fonts() -> typst.Fonts:
    """Read once a process; raises FileNotFoundError when one of them is not installed."""
    paths = [str(files(package).joinpath(folder)) for package, folder in FOLDERS]
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
    if missing := {LETTERS, *CHARACTERS.values()} - set(found.families()):
        raise FileNotFoundError(f"fonts of certificates are missing: {sorted(missing)}")
    return found
