"""A picture of a page with at most 256 colours, as a PNG of a third of the browser's bytes."""

import base64
import struct
import zlib
from collections import Counter

from playwright.sync_api import Page

_MOST_COLOURS = 256
# The browser reads its own PNG: pixels come back without a library of ours.
_PIXELS = """async (png) => {
  const bytes = Uint8Array.from(atob(png), (one) => one.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  let text = "";
  for (let at = 0; at < data.length; at += 0x8000) {
    text += String.fromCharCode(...data.subarray(at, at + 0x8000));
  }
  return [picture.width, picture.height, btoa(text)];
}"""


def small_png(page: Page, png: bytes) -> bytes:
    """The same picture, its rarest colours replaced by the nearest of the 256 most frequent."""
    width, height, encoded = page.evaluate(_PIXELS, base64.b64encode(png).decode())
    rgba = base64.b64decode(encoded)
    pixels = [rgba[at : at + 3] for at in range(0, len(rgba), 4)]
    frequent = [colour for colour, _count in Counter(pixels).most_common()]
    palette = frequent[:_MOST_COLOURS]
    place = {colour: at for at, colour in enumerate(palette)}
    for colour in frequent[_MOST_COLOURS:]:
        place[colour] = place[min(palette, key=lambda one: _distance(one, colour))]
    rows = (pixels[at : at + width] for at in range(0, len(pixels), width))
    data = b"".join(b"\0" + bytes(place[pixel] for pixel in row) for row in rows)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(palette)),
            _chunk(b"IDAT", zlib.compress(data, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _distance(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
