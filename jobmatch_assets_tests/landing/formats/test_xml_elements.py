import pytest

from jobmatch_assets.landing.formats import xml_elements
from jobmatch_assets.landing.root import UnreadableFileError
from jobmatch_assets_tests.bench.records import records_of, texts_of

blocks = pytest.mark.parametrize("block", [1, 3, 1 << 20])
LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r><job><t>&b;</t></job></r>'
OUTSIDE = '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r><job><t>&a;</t></job></r>'


@blocks
@pytest.mark.parametrize(
    ("data", "texts"),
    [
        ("<r><job><a>1</a><b> x </b></job></r>", ['{"a":"1","b":" x "}']),
        ("<r><job/><posting/><item/><row/><company/><x><job/></x></r>", ["{}"] * 4),
        ("<job><a>1</a></job>", []),
        ("<r><job><a>1</a><b/><a>2</a></job></r>", ['{"a":["1","2"],"b":""}']),
        ("<r><job><l><c>1</c></l><l><c>2</c></l></job></r>", ['{"l":[{"c":"1"},{"c":"2"}]}']),
        ('<r><job id="3"><t lang="x">A</t></job></r>', ['{"@id":"3","t":"A","t@lang":"x"}']),
        ('<r><job><l n="1">text<c>1</c></l></job></r>', ['{"l":{"@n":"1","c":"1"}}']),
        ('<r xmlns="u" xmlns:a="v"><a:job><a:t a:n="1">x</a:t></a:job></r>', ['{"t":"x","t@n":"1"}']),
        (
            "<r><job><t>a &lt;&#233;&gt; <![CDATA[<b>&amp;]]><!-- c --> d</t></job></r>",
            ['{"t":"a <é> <b>&amp; d"}'],
        ),
        ("\ufeff<r><job/></r>", ["{}"]),
    ],
)
def test_children_become_members(data: str, texts: list[str], block: int) -> None:
    assert texts_of("xml", data, block) == texts


def test_the_encoding_that_a_file_declares_is_its_encoding() -> None:
    data = '<?xml version="1.0" encoding="ISO-8859-1"?><r><job><t>é</t></job></r>'
    assert texts_of("xml", data.encode("latin-1")) == ['{"t":"é"}']
    assert texts_of("xml", data.replace("ISO-8859-1", "UTF-16").encode("utf-16")) == ['{"t":"é"}']


@blocks
@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("", "is not well-formed XML"),
        ("<r><job></r>", "is not well-formed XML"),
        ("<r><job/>", "is not well-formed XML"),
        ("<r/><r/>", "is not well-formed XML"),
        ("<r><job>&nbsp;</job></r>", "is not well-formed XML"),
        ('<?xml version="1.0" encoding="klingon"?><r/>', "is not well-formed XML"),
        ("<!DOCTYPE r><r/>", "has a DOCTYPE"),
        (LAUGHS, "has a DOCTYPE"),
        (OUTSIDE, "has a DOCTYPE"),
        ("<a>" * 21 + "</a>" * 21, "is deeper than 20 elements"),
    ],
)
def test_a_file_is_refused_whole(data: str, problem: str, block: int) -> None:
    with pytest.raises(
        UnreadableFileError, match=r"somewhere, line 1, .*Nothing of it was loaded\."
    ) as refused:
        records_of("xml", data, block)
    assert problem in str(refused.value)


def test_twenty_elements_deep_is_not_too_deep() -> None:
    inner = "<a>" * 18 + "x" + "</a>" * 18
    (text,) = texts_of("xml", f"<r><job>{inner}</job></r>")
    assert text.count('"a"') == 18


@pytest.mark.parametrize("where", ["<t>{}</t>", '<t n="{}"/>'])
def test_a_record_over_the_limit_refuses_the_file(where: str) -> None:
    record = where.format("x" * (4 << 20))
    with pytest.raises(UnreadableFileError, match="has a record of more than 4 MiB"):
        records_of("xml", f"<r><job/><job>{record}</job></r>")


@pytest.mark.parametrize("data", ["<r><job><t>{}", '<r><job n="{}', "<r><job>{}"])
def test_a_record_that_does_not_end_is_told_before_all_is_read(
    data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_elements, "MOST_HELD_BYTES", 1000)
    with pytest.raises(UnreadableFileError, match="has a record of more than 4 MiB"):
        records_of("xml", data.format("x" * 5000), block=100)
