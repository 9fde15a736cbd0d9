import pytest

from casewright_common.events import Criterion, CriterionOrigin, Story
from casewright_generator.domain.requirements.model import ConstraintKind
from casewright_generator.domain.requirements.reading import read


def formats(text: str) -> list[str]:
    """Each format as its values with slashes between."""
    criterion = Criterion(id="AC-1", text=text, origin=CriterionOrigin.SENTENCE)
    found = read(Story(title="A story", text=text, criteria=(criterion,), issue_type="Story"))
    return [" / ".join(one.values) for one in found.constraints if one.kind is ConstraintKind.FORMAT]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Revisions appear as year.week.build.", "year.week.build"),
        ("Pins are shown as AAA-999.", "AAA-999"),
        ("The tag is entered as REF-NNNNN.", "REF-NNNNN"),
        ("The tag follows the scheme K-NN (row and bay).", "K-NN"),
        ("A Dutch code has the form NL99, a Belgian one BE9999.", "NL99 / BE9999"),
        (r"A key matches ^[A-Z]{2}\d+$ and is short.", r"^[A-Z]{2}\d+$"),
        ("A key must match the regular expression [a-z]+-[0-9]{4}.", "[a-z]+-[0-9]{4}"),
        ("The plate must match [A-Z]{1,3}-[0-9]{1,4}.", "[A-Z]{1,3}-[0-9]{1,4}"),
        ("Serial numbers have the shape <year>-<number>.", "<year>-<number>"),
        ("Each tag has the format “LL-9999”.", "LL-9999"),
        ("The stamp is printed as DD MMM YYYY.", "DD MMM YYYY"),
        ("The stamp is shown in the form D.M.YYYY HH:mm.", "D.M.YYYY HH:mm"),
        ("Each crate bears a tag shaped like QT-77-0193.", "QT-77-0193"),
        ("A bay number looks like B/204.", "B/204"),
        ("The tag is formatted as 77-0193.", "77-0193"),
        (r"A tag is given that matches QT-\d\d-[0-9]{3}.", r"QT-\d\d-[0-9]{3}"),
    ],
)
def test_a_pattern_is_a_format(text: str, wanted: str) -> None:
    assert formats(text) == [wanted]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A log is a ZIP or QRX file.", "ZIP / QRX"),
        ("Logs come as TAR, GZ or QRX.", "TAR / GZ / QRX"),
        ("Only QRX files can be read.", "QRX"),
        ("Pictures are stored (jpg/png).", "jpg / png"),
        ("The plan is exported to Excel or PDF.", "Excel / PDF"),
        ("The plan comes as a PDF, a CSV or an Excel file.", "PDF / CSV / Excel"),
        ("The plan is sent as plain text or HTML.", "plain text / HTML"),
        ("The country is given as ISO 3166-1 alpha-3.", "ISO 3166-1 alpha-3"),
        ("The log is encoded in UTF-8 without BOM.", "UTF-8 without BOM"),
        ("Only work e-mail addresses are accepted.", "e-mail"),
        ("The login is an e-mail address.", "e-mail"),
        ("Sketches are SVGs.", "SVG"),
        ("The dock takes PDFs, GIFs and WAVs.", "PDF / GIF / WAV"),
        ("On lit un GIF ou un WAV.", "GIF / WAV"),
        ("Import knows X-DOSE, CSV and plain text.", "X-DOSE / CSV / plain text"),
        ("XML files must be encoded in UTF-16.", "UTF-16"),
    ],
)
def test_a_kind_of_file_or_code_is_a_format(text: str, wanted: str) -> None:
    assert formats(text) == [wanted]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Callsigns may be made of letters, digits and dashes only.", "letters / digits / dashes"),
        ("Callsigns consist of lower-case letters and digits.", "letters / digits"),
        ("Letters and digits only.", "Letters / digits"),
        ("The field may only contain digits.", "digits"),
        ("Only capital letters and dots are allowed.", "letters / dots"),
        ("A callsign is limited to letters and spaces.", "letters / spaces"),
        ("The field is digits only.", "digits"),
        ("A callsign is built from letters and hyphens.", "letters / hyphens"),
    ],
)
def test_what_a_text_is_made_of_is_a_format(text: str, wanted: str) -> None:
    assert formats(text) == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "The mail goes to the API team.",
        "The HR file is closed.",
        "The e-mail is sent to the diver.",
        "The form AB is printed.",
        "See page A-12 of the manual.",
        "The letter shows digits of the account.",
        "The box and the lid are packed as one.",
        "Use the lift and/or the stairs.",
        "It works as state-of-the-art gear does.",
        "The pin has 6 digits only.",
        "The board follows the captain.",
        "The word is shown as AAA.",
        "Pins are sent to inner numbers only.",
        "A crate is made like 12 others.",
        "The price looks like 12.50 on the screen.",
        "The box is written in 2026-11-03.",
    ],
)
def test_what_names_no_format_is_none(text: str) -> None:
    assert formats(text) == []
