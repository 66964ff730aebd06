"""Text search over the listed entities: by name as screening compares names, then by words."""

from __future__ import annotations

from stanch.model import Entity
from stanch.screening import Query
from stanch.web.match_answer import Filters
from stanch.web.match_lists import Held

#: Longest text that is searched for, in characters.
MAX_TEXT = 400


def search(held: Held, text: str, filters: Filters) -> list[Entity]:
    """Entities that a text finds: those that screening takes for it, most probable first, then those that have every
    word of it in a name, in order of the list. An empty text finds everything."""
    text = text[:MAX_TEXT].strip()
    found: dict[str, Entity] = {}
    if text:
        for match in held.index.screen(Query.of_name(text), held.threshold).matches:
            found.setdefault(match.entity_id, match.listed.entity)
    words = text.casefold().replace("*", " ").split()
    for listed in held.index.subjects:
        entity = listed.entity
        if entity.id not in found and _has_words(entity, words):
            found[entity.id] = entity
    return [entity for entity in found.values() if filters.admits(entity, held)]


def _has_words(entity: Entity, words: list[str]) -> bool:
    names = (*entity.names, *entity.get("weakAlias"))
    return not words or any(all(_in(word, folded) for word in words) for folded in map(str.casefold, names))


def _in(word: str, name: str) -> bool:
    """Whether a word begins a word of the name; of scripts that put no spaces, whether it stands in it at all."""
    return any(part.startswith(word) for part in name.split()) if word.isascii() else word in name
