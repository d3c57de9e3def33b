"""Drawn pictures: what the camera sees, and the preview of a job."""

from functools import lru_cache
from io import BytesIO
import math
import unicodedata
import zlib

from PIL import Image, ImageDraw, ImageFont

from .printer import Printer
from .states import Phase

# "1280x720" (stated by an owner)
SIZE = (1280, 720)
# The documented sample for a 32 x 32 request is 23 x 32: the aspect ratio is kept.
PREVIEW_RATIO = 23 / 32
PART_HEIGHT, PART_RADIUS = 330, 118
# Where the part stands on the plate, and how flat circles appear to the camera.
BASE = (640, 560)
FLATNESS = 0.22
JPEG_QUALITY = 80
FILAMENTS = ((234, 112, 38), (38, 140, 216), (92, 176, 76), (196, 72, 132))


@lru_cache(maxsize=32)
def preview(of: str, width: int, height: int) -> bytes:
    """Draw the finished part of a job or file as PNG, as large as fits in a size."""
    wide = max(1, min(width, round(height * PREVIEW_RATIO)))
    high = max(1, min(height, round(wide / PREVIEW_RATIO)))
    part = _part(_color(of))
    room = (round(part.height * PREVIEW_RATIO), part.height)
    picture = Image.new("RGBA", room, (0, 0, 0, 0))
    picture.alpha_composite(part, ((room[0] - part.width) // 2, 0))
    out = BytesIO()
    picture.resize((wide, high), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()


def scene(printer: Printer) -> bytes:
    """Draw what the camera sees at this moment as JPEG."""
    now = printer.time.catch_up()
    phase = printer.phase
    job = printer.job if printer.shows_job else None
    grown, lines = 0.0, (printer.machine_name, str(phase))
    if job is not None:
        layer = job.layer_at(now)
        grown = layer / job.layers if job.layers else 0.0
        percent = job.progress_at(now)
        lines = (
            job.file_name.removeprefix("Local/"),
            f"{phase}   {percent:.1f} %   layer {layer} of {job.layers}",
        )
    # the head sweeps over the part while there is something to print
    moves = phase is Phase.RUNNING and grown > 0
    head = math.sin(now * 1.7) + 0.3 * math.sin(now * 4.1) if moves else None
    height = round(grown * PART_HEIGHT)
    color = _color(job.job_id if job else "")
    return _frame(height, None if head is None else round(head, 2), color, lines)


@lru_cache(maxsize=8)
def _frame(
    height: int,
    head: float | None,
    color: tuple[int, int, int],
    lines: tuple[str, str],
) -> bytes:
    picture = _room().copy()
    draw = ImageDraw.Draw(picture)
    x, y = BASE
    if height:
        part = _part(color)
        top = PART_HEIGHT - height
        # the lowest circle reaches below the base, so the cut keeps what is under it
        body = part.crop((0, top + _cap(0), part.width, part.height))
        place = (x - part.width // 2, y - height)
        picture.paste(body, place, body)
        radius = _radius(height / PART_HEIGHT)
        flat = radius * FLATNESS
        lid = (x - radius, y - height - flat, x + radius, y - height + flat)
        draw.ellipse(lid, fill=_shade(color, 1.15), outline=_shade(color, 0.8), width=2)
    _draw_head(draw, height, head)
    draw.rectangle((0, 636, SIZE[0], SIZE[1]), fill=(12, 14, 18))
    draw.text((40, 648), printable(lines[0]), font=_font(30), fill=(236, 238, 242))
    draw.text((40, 684), lines[1], font=_font(22), fill=(160, 168, 180))
    out = BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _draw_head(draw: ImageDraw.ImageDraw, height: int, head: float | None) -> None:
    """Draw gantry and print head; without a move it is parked at the upper left."""
    tip = BASE[1] - height if head is not None else 170
    reach = _radius(height / PART_HEIGHT) / 1.3
    x = BASE[0] + head * reach if head is not None else 250
    rail = tip - 96
    draw.rectangle((96, rail, 1184, rail + 12), fill=(150, 156, 166))
    draw.rectangle((96, rail + 30, 1184, rail + 38), fill=(104, 110, 120))
    box = (x - 62, rail - 34, x + 62, rail + 62)
    draw.rounded_rectangle(box, 10, fill=(40, 44, 52), outline=(78, 84, 94), width=3)
    draw.ellipse((x - 30, rail - 16, x + 30, rail + 44), fill=(24, 26, 30))
    draw.ellipse((x - 10, rail + 4, x + 10, rail + 24), fill=(70, 74, 82))
    draw.rectangle((x - 13, rail + 62, x + 13, rail + 78), fill=(188, 150, 70))
    nozzle = [(x - 13, rail + 78), (x + 13, rail + 78), (x + 3, tip), (x - 3, tip)]
    draw.polygon(nozzle, fill=(214, 176, 92))


@lru_cache(maxsize=1)
def _room() -> Image.Image:
    """Draw the empty chamber: walls lit from above, and the plate in perspective."""
    picture = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(picture)
    for row in range(SIZE[1]):
        light = 1 - row / SIZE[1]
        shade = (int(26 + 52 * light), int(29 + 56 * light), int(36 + 64 * light))
        draw.line((0, row, SIZE[0], row), fill=shade)
    draw.polygon([(0, 0), (96, 40), (96, 520), (0, 640)], fill=(34, 37, 44))
    draw.polygon([(1280, 0), (1184, 40), (1184, 520), (1280, 640)], fill=(34, 37, 44))
    draw.rectangle((300, 18, 980, 28), fill=(250, 250, 240))
    corners = [(300, 470), (980, 470), (1150, 636), (130, 636)]
    draw.polygon(corners, fill=(52, 56, 64), outline=(96, 102, 112), width=3)
    for step in range(1, 10):
        share = step / 10
        far, near = 300 + 680 * share, 130 + 1020 * share
        draw.line((far, 470, near, 636), fill=(66, 71, 80))
    for row in (490, 514, 544, 584):
        inset = 170 * (636 - row) / 166
        draw.line((130 + inset, row, 1150 - inset, row), fill=(66, 71, 80))
    return picture


@lru_cache(maxsize=len(FILAMENTS))
def _part(color: tuple[int, int, int]) -> Image.Image:
    """Draw the whole part, a vase, once: pictures of a print cut it at their height."""
    margin = _cap(0)
    size = (2 * PART_RADIUS + 40, PART_HEIGHT + 2 * margin)
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    middle = size[0] / 2
    for row in range(PART_HEIGHT + 1):
        share = row / PART_HEIGHT
        radius = _radius(share)
        y = margin + PART_HEIGHT - row
        # lit from the left; a slight ripple shows the layers
        ripple = 1 + 0.05 * math.sin(row * math.pi / 3)
        strips = 48
        for strip in range(strips):
            left, right = strip / strips * 2 - 1, (strip + 1) / strips * 2 - 1
            sag = math.sqrt(max(0.0, 1 - left * left)) * radius * FLATNESS
            light = (0.5 + 0.55 * math.cos((left + 0.35) * 1.35)) * ripple
            line = (middle + left * radius, y + sag, middle + right * radius, y + sag)
            draw.line(line, fill=(*_shade(color, light), 255), width=4)
    flat = _cap(1)
    radius = _radius(1)
    lid = (middle - radius, margin - flat, middle + radius, margin + flat)
    draw.ellipse(lid, fill=(*_shade(color, 0.55), 255), outline=(*color, 255), width=4)
    return picture


def _radius(share: float) -> float:
    """Give the vase's radius at a share of its height."""
    return PART_RADIUS * (0.72 + 0.24 * math.sin(share * 5.2 + 0.4))


def _cap(share: float) -> int:
    return math.ceil(_radius(share) * FLATNESS)


def _color(of: str) -> tuple[int, int, int]:
    return FILAMENTS[zlib.crc32(of.encode()) % len(FILAMENTS)]


def _shade(color: tuple[int, int, int], light: float) -> tuple[int, int, int]:
    red, green, blue = (min(255, max(0, int(part * light))) for part in color)
    return red, green, blue


def printable(text: str) -> str:
    """Write a text with the letters that Pillow's own font has: a box means nothing."""
    letters = unicodedata.normalize("NFKD", text)
    kept = (letter for letter in letters if not unicodedata.combining(letter))
    return "".join(letter if letter.isascii() else "_" for letter in kept)


@lru_cache(maxsize=2)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
