import numpy as np

from course import side_by_side


def test_a_name_wider_than_its_numbers_and_columns_of_unequal_height():
    text = side_by_side({"a long name": [[1.0], [2.0]], "row": [[-3.0, 4.0]]}, decimals=1)
    assert text.splitlines() == [
        "a long name    row",
        "        1.0  -3.0 4.0",
        "        2.0",
    ]


def test_no_minus_before_a_rounded_zero():
    assert side_by_side({"z": np.array([[-0.0001]])}).splitlines() == ["  z", "0.000"]


def test_what_does_not_fit_on_a_phone_goes_on_below():
    text = side_by_side({name: [[0.123456] * 3] * 2 for name in ("one", "two", "three")})
    lines = text.splitlines()
    assert [line.split() for line in lines if line[:1] == " "] == [["one", "two"], ["three"]]
    assert lines[3] == ""
    assert max(map(len, lines)) <= 44
