"""Parties, agents, accounts and texts out of one XML element, by the maps of `families`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from lxml import etree

from stanch.sources.payments.documents import line_of, local
from stanch.sources.payments.families import (
    ACCOUNT_LEAVES,
    ACCOUNTS,
    AGENT_LEAVES,
    AGENTS,
    AMOUNTS,
    LEFT_ASIDE,
    NO_DOCUMENT,
    OTHER_PARTY,
    PARTIES,
    PARTY_LEAVES,
    TEXTS,
)
from stanch.sources.payments.records import FieldKind, PaymentField, PaymentPart


def read_parts(
    children: Sequence[etree._Element], parent: etree._Element, path: str, line_offset: int
) -> list[PaymentPart]:
    """Everything that can be screened below some children of `parent`, in the order of the message.

    Args:
        path: the path of `parent`, which the paths of all fields begin with.
        line_offset: lines of the file before the document.
    """
    walk = _Walk(line_offset)
    walk.look(children, parent, path)
    return walk.finished()


def first_text(element: etree._Element, paths: Sequence[str]) -> str:
    """The text at the first of some paths that has any, "" when none has; cut at 200 characters."""
    for path in paths:
        if (text := (element.findtext(_wild(path)) or "").strip()) != "":
            return text[:200]
    return ""


def amount_of(element: etree._Element) -> tuple[str, str]:
    """Amount as written and its currency, "" when not stated."""
    for path in AMOUNTS:
        found = element.find(_wild(path))
        if found is not None and found.text and found.text.strip():
            return found.text.strip()[:40], str(found.get("Ccy", ""))[:10]
    return "", ""


@cache
def _wild(path: str) -> str:
    """The path for every namespace. Only called with paths of the tables."""
    return "/".join(f"{{*}}{tag}" for tag in path.split("/"))


class _Walk:
    """Goes down an element until a party, an agent, an account or a text; lxml bounds the depth (256)."""

    def __init__(self, line_offset: int) -> None:
        self._offset = line_offset
        #: (path of the element around it, part)
        self._found: list[tuple[str, PaymentPart]] = []
        #: (path around it, role whose account it is, fields)
        self._accounts: list[tuple[str, str, list[PaymentField]]] = []

    def finished(self) -> list[PaymentPart]:
        """The parts, each account with the party beside it; an account alone is a party without a name."""
        for around, role, fields in self._accounts:
            for place, (where, part) in enumerate(self._found):
                if part.role == role and where == around and part.kind != "text":
                    self._found[place] = (where, replace(part, fields=(*part.fields, *fields)))
                    break
            else:
                self._found.append((around, PaymentPart(role, "party", tuple(fields))))
        return [part for _, part in self._found]

    def look(self, children: Sequence[etree._Element], parent: etree._Element, path: str) -> None:
        for child, tag, shown in _numbered(children, path):
            if tag in LEFT_ASIDE:
                continue
            if tag in PARTIES or tag == OTHER_PARTY:
                self._party(child, PARTIES.get(tag, "other party"), path, shown)
            elif tag in AGENTS and (tag not in ("Fr", "To") or path == "AppHdr"):
                self._agent(child, AGENTS[tag], path, shown)
            elif tag in ACCOUNTS:
                # The owner of "Acct" stands inside it, that of "CdtrAcct" beside it.
                around = shown if tag == "Acct" else path
                fields = list(self._leaves(child, shown, ACCOUNT_LEAVES))
                if fields:
                    self._accounts.append((around, ACCOUNTS[tag], fields))
                self.look(list(child), child, shown)
            elif (role := TEXTS.get(f"{local(parent)}/{tag}") or TEXTS.get(tag)) is not None and len(child) == 0:
                if child.text and child.text.strip():
                    text = self._field("text", child, shown)
                    self._found.append((path, PaymentPart(role, "text", (text,))))
            elif len(child):
                self.look(list(child), child, shown)

    def _party(self, element: etree._Element, role: str, around: str, path: str) -> None:
        """A party; newer versions put "party or agent" in between, and banks pay each other as parties."""
        for child in element:
            tag = local(child) if isinstance(child.tag, str) else ""
            if tag == "Pty":
                self._party(child, role, around, f"{path}/Pty")
                return
            if tag == "Agt":
                self._agent(child, role, around, f"{path}/Agt")
                return
            if tag == "FinInstnId":
                self._agent(element, role, around, path)
                return
        self._found.append((around, PaymentPart(role, "party", tuple(self._leaves(element, path, PARTY_LEAVES)))))

    def _agent(self, element: etree._Element, role: str, around: str, path: str) -> None:
        for child in element:
            tag = local(child) if isinstance(child.tag, str) else ""
            if tag == "FIId":
                self._agent(child, role, around, f"{path}/FIId")
                return
            if tag == "OrgId":
                self._party(child, role, around, f"{path}/OrgId")
                return
        self._found.append((around, PaymentPart(role, "agent", tuple(self._leaves(element, path, AGENT_LEAVES)))))

    def _leaves(
        self, element: etree._Element, shown: str, table: Mapping[str, FieldKind], path: str = ""
    ) -> Iterator[PaymentField]:
        """The values under `element` that the table names, in the order of the message."""
        for child, tag, child_shown in _numbered(list(element), shown):
            child_path = f"{path}/{tag}" if path else tag
            kind = table.get(child_path)
            if kind is None:
                if len(child):
                    yield from self._leaves(child, child_shown, table, child_path)
            elif child.text and child.text.strip():
                if kind == "document" and first_text(element, ("SchmeNm/Cd",)) in NO_DOCUMENT:
                    kind = "other-id"
                yield self._field(kind, child, child_shown)

    def _field(self, kind: FieldKind, element: etree._Element, path: str) -> PaymentField:
        return PaymentField(kind, " ".join((element.text or "").split()), path, line_of(element, self._offset))


def _numbered(children: Sequence[etree._Element], path: str) -> Iterator[tuple[etree._Element, str, str]]:
    """Each child with its name and its path; those of one name are numbered when there are several."""
    named = [(child, local(child)) for child in children if isinstance(child.tag, str)]
    base = f"{path}/" if path else ""
    if len({tag for _, tag in named}) == len(named):
        for child, tag in named:
            yield child, tag, base + tag
        return
    counts = Counter(tag for _, tag in named)
    seen: Counter[str] = Counter()
    for child, tag in named:
        seen[tag] += 1
        yield child, tag, f"{base}{tag}[{seen[tag]}]" if counts[tag] > 1 else base + tag
