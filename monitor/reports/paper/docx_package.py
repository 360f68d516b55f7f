"""What every .docx holds besides its text: content types, relations, settings, properties."""

from __future__ import annotations

from xml.sax.saxutils import escape

PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_ML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NAMES = (
    f'{W} xmlns:r="{_OFFICE}/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)


def settings() -> str:
    """settings.xml: the layout rules of Word 2013 and later, Chinese punctuation in its place."""
    setting = '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'  # noqa: E501
    return (
        f'{PROLOG}<w:settings {W}><w:zoom w:percent="100"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        f"<w:compat>{setting}</w:compat></w:settings>"
    )


def content_types() -> str:
    """[Content_Types].xml."""
    parts = {
        "/word/document.xml": f"{_ML}.document.main+xml",
        "/word/styles.xml": f"{_ML}.styles+xml",
        "/word/settings.xml": f"{_ML}.settings+xml",
        "/word/fontTable.xml": f"{_ML}.fontTable+xml",
        "/word/header1.xml": f"{_ML}.header+xml",
        "/word/footer1.xml": f"{_ML}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items()
    )
    return (
        f'{PROLOG}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="png" ContentType="image/png"/>{overrides}</Types>'
    )


def package_relations() -> str:
    """Of the whole file."""
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    return _relations(
        [
            ("rId1", f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
            ("rId2", core, "docProps/core.xml"),
        ]
    )


def document_relations(pictures: int) -> str:
    """Of document.xml; picture n, from 1, is rIdPn."""
    fixed = [
        ("rId1", f"{_OFFICE}/relationships/styles", "styles.xml"),
        ("rId2", f"{_OFFICE}/relationships/settings", "settings.xml"),
        ("rId3", f"{_OFFICE}/relationships/fontTable", "fontTable.xml"),
        ("rId4", f"{_OFFICE}/relationships/header", "header1.xml"),
        ("rId5", f"{_OFFICE}/relationships/footer", "footer1.xml"),
    ]
    image = f"{_OFFICE}/relationships/image"
    media = [(f"rIdP{n}", image, f"media/image{n}.png") for n in range(1, pictures + 1)]
    return _relations(fixed + media)


def _relations(entries: list[tuple[str, str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'
        for name, kind, target in entries
    )
    return f'{PROLOG}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def core_properties(title: str, day: str) -> str:
    """core.xml: what the file says of itself, in time no later than the data."""
    stamp = '<dcterms:{0} xsi:type="dcterms:W3CDTF">{1}T00:00:00Z</dcterms:{0}>'
    return (
        f'{PROLOG}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title[:255])}</dc:title><dc:creator>monitor</dc:creator>"
        "<cp:lastModifiedBy>monitor</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f"{stamp.format('created', day)}{stamp.format('modified', day)}"
        "<dc:language>zh-CN</dc:language></cp:coreProperties>"
    )
