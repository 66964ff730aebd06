"""Small constructed official lists, and cards whose counts they meet."""

from __future__ import annotations

from dataclasses import replace

from stanch.sources.card import Card, load_card


def un_xml(persons: int = 3, entities: int = 2, day: str = "2026-02-27", regime: str = "DPRK") -> bytes:
    people = "".join(
        f"<INDIVIDUAL><FIRST_NAME>KIM {number}</FIRST_NAME><UN_LIST_TYPE>{regime}</UN_LIST_TYPE>"
        f"<REFERENCE_NUMBER>KPi.{number:03d}</REFERENCE_NUMBER></INDIVIDUAL>"
        for number in range(persons)
    )
    others = "".join(
        f"<ENTITY><FIRST_NAME>BANK {number}</FIRST_NAME><UN_LIST_TYPE>{regime}</UN_LIST_TYPE>"
        f"<REFERENCE_NUMBER>KPe.{number:03d}</REFERENCE_NUMBER></ENTITY>"
        for number in range(entities)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="{day}T00:00:09.554Z">'
        f"<INDIVIDUALS>{people}</INDIVIDUALS><ENTITIES>{others}</ENTITIES></CONSOLIDATED_LIST>"
    ).encode()


def ofac_files() -> dict[str, bytes]:
    nulls = ",".join(["-0- "] * 7)
    person = f'1,"KIM, A","individual","DPRK2",{nulls},"DOB 1966."'
    bank = f'2,"BANK",-0- ,"DPRK3",{nulls},-0- '
    return {
        "SDN.CSV": f"{person}\r\n{bank}\r\n".encode(),
        "ALT.CSV": b'1,1,"aka","KIM, B",-0- \r\n',
        "ADD.CSV": b'1,1,-0- ,"Pyongyang","Korea, North",-0- \r\n2,2,-0- ,-0- ,-0- ,-0- \r\n',
        "SDN_COMMENTS.CSV": b'9,"lost beginning; a.k.a. \'X\'."\r\n',
    }  # fmt: skip


def small_card(source_id: str) -> Card:
    """The source's card with counts that the small lists meet."""
    return replace(load_card(source_id), entities={"Person": (1, 10)}, dprk={"Person": (1, 10)})
