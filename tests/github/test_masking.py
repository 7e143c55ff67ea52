"""What the log must hide: values of variables with the name of a secret, and passwords in addresses."""

import pytest

from mlval.github.masking import secrets


@pytest.mark.parametrize(
    "name",
    [
        "MLFLOW_TRACKING_PASSWORD",
        "MLFLOW_TRACKING_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AZURE_STORAGE_ACCOUNT_KEY",
        "AZURE_STORAGE_CONNECTION_STRING",
        "SOME_API_KEY",
        "MLVAL_WAREHOUSE",
        "mlval_warehouse",
        "INPUT_TOKEN",
    ],
)
def test_a_secret_is_known_by_the_name_of_its_variable(name: str) -> None:
    assert secrets({name: "s3cret"}) == ("s3cret",)


@pytest.mark.parametrize(
    "name", ["PATH", "GITHUB_WORKSPACE", "MLFLOW_TRACKING_USERNAME", "AWS_ACCESS_KEY_ID"]
)
def test_what_is_no_secret_is_left_readable(name: str) -> None:
    assert secrets({name: "/usr/bin"}) == ()


def test_passwords_in_addresses_are_found_whatever_the_variable_is_called() -> None:
    address = "https://me:hunter22@mlflow.example:5000/x and postgresql+psycopg://:other44@db"
    assert secrets({"MLFLOW_TRACKING_URI": address}) == ("hunter22", "other44")


def test_a_password_is_found_as_it_is_written_and_as_it_is_meant() -> None:
    assert secrets({"DB": "postgresql://me:p%40ss%2Fword@db/x"}) == ("p%40ss%2Fword", "p@ss/word")


def test_an_address_without_password_hides_nothing() -> None:
    assert secrets({"MLFLOW_TRACKING_URI": "https://me@mlflow.example:5000/a:b@c"}) == ()


@pytest.mark.parametrize("value", ["", " ", "1", "abc", "true", "False", "null"])
def test_a_value_that_would_blacken_the_log_is_left_out(value: str) -> None:
    assert secrets({"MLVAL_FLAG": value}) == ()


def test_each_secret_is_told_once() -> None:
    assert secrets({"A_TOKEN": "s3cret", "B_TOKEN": "s3cret"}) == ("s3cret",)
