from __future__ import annotations

import pytest

from competency_api.core import errors
from competency_api.core.problems import PROBLEMS, document, problem_of

EXCEPTIONS = [
    exception
    for name, exception in vars(errors).items()
    if isinstance(exception, type) and issubclass(exception, errors.ServiceError) and not name.startswith("_")
]


@pytest.mark.parametrize("exception", EXCEPTIONS)
def test_every_exception_has_its_own_row(exception: type[errors.ServiceError]) -> None:
    assert problem_of(exception).exception is exception


def test_codes_are_stable_names_that_nothing_shares() -> None:
    codes = [row.code for row in PROBLEMS]
    assert len(set(codes)) == len(codes)
    assert all(code.replace("-", "").isalpha() and code.islower() for code in codes)


@pytest.mark.parametrize("exception", EXCEPTIONS)
def test_the_tree_in_the_docstring_names_every_exception(exception: type[errors.ServiceError]) -> None:
    assert f" {exception.__name__} " in (errors.__doc__ or "") or exception is errors.ServiceError


def test_a_subclass_without_a_row_is_answered_like_its_base() -> None:
    class Missing(errors.NotFound):
        pass

    assert problem_of(Missing).status == 404


def test_errors_keep_their_place() -> None:
    error = errors.InvalidInput([errors.FieldError("Too long.", pointer="/a"), errors.FieldError("No.", parameter="b")])
    body = document(error, base_url="https://x.example", instance="/p", reference="r")
    assert body["type"] == "https://x.example/problems#invalid-input"
    assert body["detail"] == "/a: Too long. (and 1 more)"
    assert body["errors"] == [{"detail": "Too long.", "pointer": "/a"}, {"detail": "No.", "parameter": "b"}]


def test_what_is_for_the_operator_stays_out_of_the_answer() -> None:
    error = errors.DatabaseUnavailable("cannot open /secret/path")
    assert "secret" not in str(document(error, base_url="", instance="/p", reference="r"))


def test_further_members_never_replace_the_standard_ones() -> None:
    error = errors.NotFound("No.", extra={"status": 200, "nearest": ["1.0.0"]})
    body = document(error, base_url="", instance="/p", reference="r")
    assert (body["status"], body["nearest"]) == (404, ["1.0.0"])
