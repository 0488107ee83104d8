"""Make the fonts that cards are drawn with: parts of Noto Serif and Noto Sans, under the OFL 1.1.

    pip install fonttools
    python bench/fonts.py /usr/share/fonts/truetype/noto    # from Debian's fonts-noto-core

Kept are the letters of Latin, Greek and Cyrillic, and what reports write besides. What makes
letters sharper on old screens, joins them or puts others in their place is left out.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fontTools import subset

TARGET = Path(__file__).parents[1] / "builder" / "render" / "fonts"
FONTS = ("NotoSerif-Bold.ttf", "NotoSerif-Regular.ttf", "NotoSans-Regular.ttf")
RANGES = (
    "20-7E,A0-17F,192,218-21B,259,370-3FF,400-45F,490-493,1E00-1EFF,"
    "2010-2027,2030-203A,20AC,20B9,20BD,2116,2122,2212"
)


def main() -> None:
    """Write the fonts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the whole fonts lie")
    folder = parser.parse_args().folder
    for name in FONTS:
        subset.main(
            [
                str(folder / name),
                f"--unicodes={RANGES}",
                "--no-hinting",
                "--layout-features=",
                "--drop-tables+=GDEF,GPOS,GSUB,MATH",
                "--name-IDs=0,1,2,3,4,5,6,13,14",
                f"--output-file={TARGET / name}",
            ]
        )
        print(f"{name}: {(TARGET / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
