"""Country names as official lists print them, to the two-letter codes (ISO 3166-1, lower case) that FtM uses."""

from __future__ import annotations

#: code: English short name, then other spellings met in the UN and OFAC lists, separated by "|".
_NAMES = """
ad:Andorra
ae:United Arab Emirates|UAE
af:Afghanistan
ag:Antigua and Barbuda
ai:Anguilla
al:Albania
am:Armenia
an:Netherlands Antilles
ao:Angola
ar:Argentina
at:Austria
au:Australia
aw:Aruba
az:Azerbaijan
ba:Bosnia and Herzegovina
bb:Barbados
bd:Bangladesh
be:Belgium
bf:Burkina Faso
bg:Bulgaria
bh:Bahrain
bi:Burundi
bj:Benin
bm:Bermuda
bn:Brunei|Brunei Darussalam
bo:Bolivia|Bolivia (Plurinational State of)
br:Brazil
bs:Bahamas|Bahamas, The|The Bahamas
bt:Bhutan
bw:Botswana
by:Belarus
bz:Belize
ca:Canada
cd:Democratic Republic of the Congo|Congo, Democratic Republic of the|DRC
cf:Central African Republic
cg:Congo|Congo, Republic of the|Republic of the Congo
ch:Switzerland
ci:Cote d'Ivoire|Côte d'Ivoire|Cote d Ivoire|Ivory Coast
ck:Cook Islands
cl:Chile
cm:Cameroon
cn:China|People's Republic of China|PRC
co:Colombia
cr:Costa Rica
cu:Cuba
cv:Cabo Verde|Cape Verde
cw:Curacao
cy:Cyprus
cz:Czech Republic|Czechia
de:Germany
dj:Djibouti
dk:Denmark
dm:Dominica
do:Dominican Republic
dz:Algeria
ec:Ecuador
ee:Estonia
eg:Egypt
er:Eritrea
es:Spain
et:Ethiopia
fi:Finland
fj:Fiji
fm:Micronesia|Micronesia (Federated States of)
fr:France
ga:Gabon
gb:United Kingdom|United Kingdom of Great Britain and Northern Ireland|UK|Great Britain
gd:Grenada
ge:Georgia
gg:Guernsey
gh:Ghana
gi:Gibraltar
gl:Greenland
gm:Gambia|The Gambia|Gambia, The
gn:Guinea
gq:Equatorial Guinea
gr:Greece
gt:Guatemala
gw:Guinea-Bissau
gy:Guyana
hk:Hong Kong|China, Hong Kong Special Administrative Region|Hong Kong, China
hn:Honduras
hr:Croatia
ht:Haiti
hu:Hungary
id:Indonesia
ie:Ireland
il:Israel
im:Isle of Man|Man, Isle of
in:India
iq:Iraq
ir:Iran|Iran (Islamic Republic of)|Islamic Republic of Iran
is:Iceland
it:Italy
je:Jersey
jm:Jamaica
jo:Jordan
jp:Japan
ke:Kenya
kg:Kyrgyzstan
kh:Cambodia
ki:Kiribati
km:Comoros
kn:Saint Kitts and Nevis|St. Kitts and Nevis|St. Kitts & Nevis
kp:Democratic People's Republic of Korea|Korea, North|North Korea|DPRK
kr:Republic of Korea|Korea, South|South Korea|ROK
kw:Kuwait
ky:Cayman Islands
kz:Kazakhstan
la:Laos|Lao People's Democratic Republic
lb:Lebanon
lc:Saint Lucia|St. Lucia
li:Liechtenstein
lk:Sri Lanka
lr:Liberia
ls:Lesotho
lt:Lithuania
lu:Luxembourg
lv:Latvia
ly:Libya
ma:Morocco
mc:Monaco
md:Moldova|Republic of Moldova
me:Montenegro
mg:Madagascar
mh:Marshall Islands
mk:North Macedonia|North Macedonia, The Republic of
ml:Mali
mm:Myanmar|Burma
mn:Mongolia
mo:Macau|Macao|China, Macao Special Administrative Region
mr:Mauritania
mt:Malta
mu:Mauritius
mv:Maldives
mw:Malawi
mx:Mexico
my:Malaysia
mz:Mozambique
na:Namibia
ne:Niger
ng:Nigeria
ni:Nicaragua
nl:Netherlands|Netherlands, Kingdom of the
no:Norway
np:Nepal
nr:Nauru
nz:New Zealand
om:Oman
pa:Panama
pe:Peru
pg:Papua New Guinea
ph:Philippines
pk:Pakistan
pl:Poland
pr:Puerto Rico
ps:State of Palestine|Palestine|Palestinian|West Bank|Gaza|North Gaza|Northern Gaza
pt:Portugal
pw:Palau
py:Paraguay
qa:Qatar
ro:Romania
rs:Serbia
ru:Russian Federation|Russia
rw:Rwanda
sa:Saudi Arabia
sb:Solomon Islands
sc:Seychelles
sd:Sudan
se:Sweden
sg:Singapore
si:Slovenia
sk:Slovakia
sl:Sierra Leone
sm:San Marino
sn:Senegal
so:Somalia
sr:Suriname
ss:South Sudan
st:Sao Tome and Principe
suhh:former Soviet Union
sv:El Salvador
sy:Syrian Arab Republic|Syria
sz:Eswatini|Swaziland
tc:Turks and Caicos Islands
td:Chad
tg:Togo
th:Thailand
tj:Tajikistan
tl:Timor-Leste
tm:Turkmenistan
tn:Tunisia
to:Tonga
tr:Türkiye|Turkey
tt:Trinidad and Tobago
tv:Tuvalu
tw:Taiwan
tz:United Republic of Tanzania|Tanzania
ua:Ukraine|Crimea
ug:Uganda
us:United States of America|United States|USA
uy:Uruguay
uz:Uzbekistan
va:Holy See
vc:Saint Vincent and the Grenadines|St. Vincent and the Grenadines
ve:Venezuela|Venezuela (Bolivarian Republic of)
vg:British Virgin Islands|Virgin Islands, British
vn:Viet Nam|Vietnam
vu:Vanuatu
ws:Samoa
xk:Kosovo
ye:Yemen
za:South Africa
zm:Zambia
zw:Zimbabwe
"""


def _table() -> dict[str, str]:
    codes = {}
    for line in _NAMES.split("\n"):
        code, _, names = line.partition(":")
        for name in filter(None, names.split("|")):
            codes[_plain(name)] = code
    return codes


def _plain(name: str) -> str:
    return " ".join(name.replace("’", "'").casefold().split())


_CODES = _table()


def country_code(name: str) -> str | None:
    """The code of a country name, or None when the name is not known: the caller keeps the text as printed."""
    return _CODES.get(_plain(name))


def code_or_name(name: str) -> str:
    """The code of a country, or its name as printed when there is no code for it."""
    return _CODES.get(_plain(name), name)
