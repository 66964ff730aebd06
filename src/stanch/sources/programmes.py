"""Which entries of a list are there because of the DPRK: by the list's own programme tags, never by origin."""

from __future__ import annotations

from stanch.model import Entity

#: Since 2016 OFAC marks entries of other programmes (NPWMD) that fall under the North Korea regulations with this note.
_NOTE = "North Korea Sanctions Regulations"


def is_dprk(entity: Entity) -> bool:
    """Whether the list itself ties the entry to the DPRK: a programme tag that begins with DPRK (UN list type DPRK;
    OFAC DPRK, DPRK2, DPRK3, DPRK4, DPRK-NKSPEA) or OFAC's note of the North Korea Sanctions Regulations."""
    return any(tag.startswith("DPRK") for tag in entity.get("program")) or any(
        _NOTE in note for note in entity.get("notes")
    )
