"""Reading XML that a stranger wrote: streamed, without DTD, entities or network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from stanch.exc import InputError
from stanch.sources.raw import RawFile

#: An official list is a few megabytes; nothing that claims to be one is larger than this.
MAX_XML_BYTES = 256 * 1024**2


def safe_parser(tags: Sequence[str] | None = None) -> etree.XMLPullParser:
    """A parser fed piece by piece that expands no entity and opens nothing; start and end events of `tags`, or of all
    elements. The caller refuses a document type declaration."""
    return etree.XMLPullParser(
        events=("start", "end"),
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def stream_elements(raw: RawFile, root_tag: str, tags: frozenset[str]) -> Iterator[etree._Element]:
    """Yield the root at its start, then every element of `tags` when it is complete; each is freed after its turn.

    A document type declaration is refused before anything in it is read: it is the door to entity bombs and to
    external files. lxml's own limits (depth 256, 10 MB a text) stay on.

    Raises:
        InputError: a DOCTYPE, another root element, damaged or truncated XML. It can come after good elements: the
            caller must then drop what it has.
    """
    parser = safe_parser()
    root: etree._Element | None = None
    try:
        for chunk in raw.chunks(MAX_XML_BYTES):
            # ASCII-compatible encodings are caught here, the others (UTF-16) when the root starts.
            if root is None and b"<!DOCTYPE" in chunk.upper():
                raise _doctype(raw)
            parser.feed(chunk)
            for event, element in parser.read_events():
                if not isinstance(element, etree._Element):
                    continue
                if root is None:
                    root = _check_root(raw, element, root_tag)
                    yield root
                elif event == "end" and element.tag in tags:
                    yield element
                    _free(element)
        parser.close()
    except etree.XMLSyntaxError as err:
        raise InputError(
            f"the XML is damaged or cut off ({str(err.msg).partition(', line ')[0]})",
            file=raw.name,
            line=err.lineno or None,
            remedy="fetch it again",
        ) from err


def _check_root(raw: RawFile, root: etree._Element, tag: str) -> etree._Element:
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise _doctype(raw)
    if root.tag != tag:
        raise InputError(
            f"the root element is {str(root.tag)[:40]!r}, not {tag!r}",
            file=raw.name,
            remedy="check that it is this list",
        )
    return root


def _doctype(raw: RawFile) -> InputError:
    return InputError(
        "has a document type declaration", file=raw.name, remedy="official lists have none: do not use it"
    )


def _free(element: etree._Element) -> None:
    element.clear()
    while (before := element.getprevious()) is not None:
        parent = before.getparent()
        if parent is None:
            return
        parent.remove(before)
