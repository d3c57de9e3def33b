"""Draw the integration's icon and logo, for light and dark backgrounds alike."""

import math
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

NAME = "Raise3D"
BRAND = Path(__file__).parents[1] / "custom_components" / "raise3d" / "brand"

# Drawn this much larger, then shrunk: that is what makes the edges smooth.
OVERSAMPLING = 8
# The drawing's own units, in which all of the coordinates below are.
GRID = 64

# In the middle between black and white, so that one drawing does for both.
FRAME = "#667d99"
RAIL = "#93a5ba"
HEAD = "#3f8fd2"
NOZZLE = "#2f6fae"
# From the bed upwards; each layer a little hotter than the one it lies on.
LAYERS = ("#e8590c", "#f0711a", "#f78a28", "#fda53b")


def draw_icon(size: int) -> Image.Image:
    """Draw a gantry whose nozzle lays the last layer of a part."""
    scale = size * OVERSAMPLING / GRID
    image = Image.new("RGBA", (size * OVERSAMPLING,) * 2)
    draw = ImageDraw.Draw(image)

    def box(corners: tuple[float, ...], radius: float, fill: str) -> None:
        left, top, right, bottom = (corner * scale for corner in corners)
        draw.rounded_rectangle((left, top, right - 1, bottom - 1), radius * scale, fill)

    box((3, 0, 61, 64), 10, FRAME)
    box((10, 7, 54, 60), 4, "#00000000")
    box((0, 56, 64, 64), 4, FRAME)
    box((10, 15, 54, 19), 0, RAIL)
    box((22, 10, 42, 25), 3, HEAD)
    nozzle = ((25, 25), (39, 25), (34, 33), (30, 33))
    draw.polygon([(x * scale, y * scale) for x, y in nozzle], NOZZLE)
    for number, color in enumerate(LAYERS):
        bottom = 56 - number * 5.5
        reach = 18 - number * 2.5
        # The nozzle stands where the last layer ends so far.
        right = 34 if number == len(LAYERS) - 1 else 32 + reach
        box((32 - reach, bottom - 4.5, right, bottom), 2.25, color)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def draw_logo(height: int) -> Image.Image:
    """Put the name beside the icon, in the typeface that comes with Pillow."""
    font = ImageFont.load_default(height * 0.62)
    left, top, right, bottom = font.getbbox(NAME)
    start = round(height * 1.2)
    image = Image.new("RGBA", (math.ceil(start + right - left), height))
    image.paste(draw_icon(height))
    middle = (height - (bottom - top)) / 2
    ImageDraw.Draw(image).text((start - left, middle - top), NAME, FRAME, font)
    return image.crop(image.getbbox())


def main() -> None:
    """Write all four files."""
    BRAND.mkdir(exist_ok=True)
    for factor, suffix in ((1, ""), (2, "@2x")):
        draw_icon(256 * factor).save(BRAND / f"icon{suffix}.png", optimize=True)
        draw_logo(128 * factor).save(BRAND / f"logo{suffix}.png", optimize=True)


if __name__ == "__main__":
    main()
