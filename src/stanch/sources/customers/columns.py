"""What customer files call their columns, and which other columns are kept as FollowTheMoney properties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from stanch.sources.columns import plain_name

#: Field → usual column names, most telling first.
ALIASES: Mapping[str, Sequence[str]] = {
    "id": ("id", "customer_id", "client_id", "party_id", "input_id", "reference"),
    "name": ("name", "full_name", "fullname", "names", "customer_name", "이름", "성명", "姓名", "氏名", "имя", "фио"),
    "alias": ("alias", "aliases", "aka", "other_name", "other_names", "also_known_as"),
    "schema": ("schema", "type", "entity_type", "party_type", "kind"),
    "birth_date": ("birth_date", "date_of_birth", "birthdate", "dob", "birthday", "생년월일", "出生日期"),
    "nationality": ("nationality", "nationalities", "국적", "国籍"),
    "country": ("country", "country_of_residence", "residence"),
    "gender": ("gender", "sex", "성별", "性别"),
    "passport": ("passport", "passport_number", "passport_no", "여권번호", "护照"),
    "id_number": ("id_number", "document", "document_number", "national_id", "id_no"),
    "phone": ("phone", "phones", "phone_number", "telephone", "mobile", "tel"),
    "email": ("email", "emails", "e_mail", "email_address", "mail"),
    "address": ("address", "addresses", "street_address", "주소"),
    "wallet": ("wallet", "wallets", "wallet_address", "crypto_wallet", "crypto_address"),
    "imo": ("imo", "imo_number"),
    "mmsi": ("mmsi",),
    "bic": ("bic", "swift", "swift_bic", "bic_swift"),
    "iban": ("iban", "ibans"),
    "account": ("account_number", "bank_account", "account_no"),
    "role": ("role", "position", "job_title", "occupation"),
}

#: Words for the kind of party → FtM schema. Compared in lower case.
SCHEMATA: Mapping[str, str] = {
    **dict.fromkeys(("person", "individual", "natural person", "natural_person", "개인", "个人"), "Person"),
    **dict.fromkeys(("company", "corporation", "corporate", "business", "법인", "公司"), "Company"),
    **dict.fromkeys(("organization", "organisation", "org", "entity", "ngo"), "Organization"),
    **dict.fromkeys(("vessel", "ship"), "Vessel"),
    **dict.fromkeys(("legalentity", "legal entity", "legal_entity", "unknown", "other"), "LegalEntity"),
    **dict.fromkeys(("publicbody", "public body", "government"), "PublicBody"),
    **dict.fromkeys(("airplane", "aircraft"), "Airplane"),
}

GENDERS: Mapping[str, str] = {
    **dict.fromkeys(("m", "male", "man", "남", "남성", "남자", "男"), "male"),
    **dict.fromkeys(("f", "female", "woman", "w", "여", "여성", "여자", "女"), "female"),
    **dict.fromkeys(("other", "x", "diverse"), "other"),
}

#: FtM properties of a party that pass through under their own name, in any spelling ("previous_name"). What FtM also
#: has but no part of stanch may use (ethnicity, religion) is left in the raw file.
_PASSED_ON = (
    *("title", "firstName", "secondName", "middleName", "fatherName", "motherName", "lastName", "nameSuffix"),
    *("previousName", "weakAlias", "abbreviation", "citizenship", "birthPlace", "birthCountry", "deathDate"),
    *("website", "legalForm", "incorporationDate", "dissolutionDate", "status", "sector", "jurisdiction"),
    *("mainCountry", "registrationNumber", "taxNumber", "vatCode", "innCode", "ogrnCode", "okpoCode", "dunsCode"),
    *("leiCode", "summary", "description", "notes", "keywords", "sourceUrl", "wikidataId"),
    *("flag", "callSign", "registrationPort", "tonnage", "buildDate", "pastFlags", "education"),
)
_PROPERTY_OF = {name.lower(): name for name in _PASSED_ON}


@lru_cache(maxsize=5_000)
def property_of(column: str) -> str | None:
    """The FtM property that a column is named after, or None."""
    return _PROPERTY_OF.get(plain_name(column).replace("_", ""))
