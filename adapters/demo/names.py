"""Names for invented people: eleven short lists that only mean anything when drawn together.

Apostrophes, accents and hyphens are in on purpose: a real school has them, and so must everything downstream.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one part of the town, its home language (ISO 639) and census ethnicity code."""

    weight: int
    ethnicity: str
    language: str
    last: tuple[str, ...]
    female: tuple[str, ...]
    male: tuple[str, ...]


def _names(weight: int, ethnicity: str, language: str, last: str, female: str, male: str) -> Names:
    return Names(weight, ethnicity, language, tuple(last.split()), tuple(female.split()), tuple(male.split()))


POOLS = (
    _names(
        60,
        "WBRI",
        "en",
        "Ashdown Barley Bexwell Cobbold Crabtree Dunmore Eastway Fairlie Garside Hartnell Holloway-Pike "
        "Inskip Kettley Larkham Marlowe Nettleton Oldacre Peverill Quilter Rushby Sandys Tarrant Underhay "
        "Varley Whitlam Yardley Pemberton Brackley St-Clere Thackeray-Moss",
        "Amelia Beth Chloé Daisy Ella-Mae Freya Grace Holly Isla Jess Keira Lily Martha Niamh Olive Poppy "
        "Rosie Siân Tilly Violet Zoë Anne-Marie",
        "Alfie Ben Callum Dylan Ethan Finn George Harvey Isaac Jack Kieran Leo Mason Nathan Oscar Percy "
        "Reuben Sam Toby Will Zach Rhys",
    ),
    _names(
        6,
        "WIRI",
        "en",
        "O'Hanlon O'Dowd MacGarry Devaney Kinsella Ní-Bhrolcháin",
        "Aoife Caoimhe Orla Sinéad",
        "Cillian Oisín Pádraig Ronan",
    ),
    _names(
        8,
        "APKN",
        "ur",
        "Anwar Bashir Chaudhry Hashmi Khokhar Malik-Raza Qureshi Siddiqui",
        "Aisha Hafsa Iqra Maryam Noor Zainab",
        "Ahsan Bilal Hamza Ibrahim Usman Zayd",
    ),
    _names(
        6,
        "AIND",
        "gu",
        "Bhatt D'Souza Gill Kotecha Mistry Solanki Trivedi",
        "Anjali Diya Kavya Meera Priya",
        "Arjun Dev Jai Nikhil Rohan",
    ),
    _names(
        5,
        "ABAN",
        "bn",
        "Ahmed-Chowdhury Begum Hoque Miah Rahim Uddin",
        "Fahmida Nusrat Sadia Tasnim",
        "Arif Jubair Rafi Tanvir",
    ),
    _names(
        7,
        "WOTH",
        "pl",
        "Borowski Dąbrowa Jasiński Kozieł Łapiński Wrzos",
        "Agnieszka Hania Kinga Zuzia",
        "Bartek Kuba Łukasz Staś",
    ),
    _names(
        5,
        "WOTH",
        "ro",
        "Bălan Codreanu Dumitrașcu Lupescu Țurcanu",
        "Andreea Ioana Mădălina Ștefania",
        "Andrei Mihai Răzvan Ștefan",
    ),
    _names(
        7,
        "BAFR",
        "en",
        "Adebayo-Cole Boateng Chukwu Danquah Ekwueme Mensima N'Diaye Okonjo",
        "Abena Chidera Efua Ngozi Temi",
        "Chidi Kofi Kwame Obinna Tunde",
    ),
    _names(
        4,
        "BCRB",
        "en",
        "Beckford-Lane Clarendon Desmarais Fairweather Gayle",
        "Jada Kiana Shanice Tianna",
        "Dante Jaden Malachi Tyrell",
    ),
    _names(
        3,
        "CHNE",
        "yue",
        "Cheung Kwok Lam Mak Yip",
        "Hei-Yin Ka-Yan Mei-Ling Wing-Sze",
        "Chun-Ho Ho-Yin Jun-Hei Tsz-Kit",
    ),
    _names(
        4,
        "OOTH",
        "ar",
        "Al-Hadi Bensaïd El-Khatib Haddad Mansouri",
        "Amira Leïla Rania Yasmin",
        "Idris Karim Omar Tariq",
    ),
)


def mailbox(first: str, last: str, number: int) -> str:
    """An address at example.org that nobody can own.

    >>> mailbox("Siân", "O'Hanlon", 12)
    'sian.ohanlon12@example.org'
    """
    plain = unicodedata.normalize("NFKD", f"{first}.{last}".replace("Ł", "L").replace("ł", "l"))
    return re.sub(r"[^a-z.]", "", plain.lower()) + f"{number}@example.org"
