"""What is wrong with a picture of a chart as a browser has drawn it."""

SMALLEST = 12  # pixels of type that everybody can read

# Boxes are in pixels of the screen; a pixel more or less is the rounding of a browser.
_FAULTS = """
(svg, smallest) => {
  const faults = [];
  const frame = svg.getBoundingClientRect();
  const scale = frame.width / svg.viewBox.baseVal.width;
  const texts = [...svg.querySelectorAll("text")].filter((text) => {
    return text.textContent.trim() && getComputedStyle(text).opacity !== "0";
  });
  const boxes = texts.map((text) => text.getBoundingClientRect());
  texts.forEach((text, number) => {
    const box = boxes[number];
    const size = parseFloat(getComputedStyle(text).fontSize) * scale;
    if (size < smallest - 0.01) faults.push(`${size} px: ${text.textContent}`);
    if (
      box.left < frame.left - 1 || box.right > frame.right + 1 ||
      box.top < frame.top - 1 || box.bottom > frame.bottom + 1
    ) faults.push(`cut: ${text.textContent}`);
    if (text.textContent.endsWith("…")) faults.push(`shortened: ${text.textContent}`);
    boxes.slice(number + 1).forEach((other, further) => {
      const wide = Math.min(box.right, other.right) - Math.max(box.left, other.left);
      const tall = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
      // Lines of one text overlap a little: their boxes have room for accents.
      if (wide > 1 && tall > 5) {
        faults.push(`overlap: ${text.textContent} | ${texts[number + 1 + further].textContent}`);
      }
    });
  });
  const title = [...svg.querySelectorAll(".role-title text")].at(-1)?.getBoundingClientRect();
  for (const mark of svg.querySelectorAll(".role-mark :is(path, line, text)")) {
    const box = mark.getBoundingClientRect();
    if (title && box.width && box.top < title.bottom - 4 && !mark.closest(".role-title")) {
      faults.push(`beside the title: ${mark.outerHTML.slice(0, 80)}`);
    }
  }
  return faults;
}
"""


def faults(picture):
    """Texts of a drawn SVG that are small, cut or run over, as sentences for a message.

    Args:
        picture: its locator.
    """
    return picture.evaluate(_FAULTS, SMALLEST)
