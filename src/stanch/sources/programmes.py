"""Which entries of a list are there because of the DPRK: by the list's own programme tags, never by origin."""

from __future__ import annotations

from stanch.model import Entity

#: Since 2016 OFAC marks entries of other programmes (NPWMD) that fall under the North Korea regulations with this note.
_NOTE = "North Korea Sanctions Regulations"
_EU = frozenset({"PRK", "EU-PRK"})
_REGIME = "democratic people's republic of korea"


def is_dprk(entity: Entity) -> bool:
    """Whether the list itself ties the entry to the DPRK: a programme tag that begins with DPRK (UN list type DPRK;
    OFAC DPRK, DPRK2, DPRK3, DPRK4, DPRK-NKSPEA), the EU's PRK, the UK's regime of that name, or OFAC's note of the
    North Korea Sanctions Regulations."""
    return any(map(_is_tag, entity.get("program"))) or any(_NOTE in note for note in entity.get("notes"))


def _is_tag(tag: str) -> bool:
    return tag.startswith("DPRK") or tag in _EU or _REGIME in tag.replace("’", "'").lower()
