"""No file of the repository shows the machine or the account that it was written on."""

import re
import subprocess

import pytest

# AWS uses these in its own documentation.
_ACCOUNTS = {"123456789012", "111122223333", "444455556666"}
_HOSTS = re.compile(
    r"(?:localhost|127\.0\.0\.1|\[::1\]|[\w.-]+\.(?:example|invalid|test)"
    r"|(?:[\w-]+\.)*(?:amazonaws\.com(?:\.cn)?|amazon\.com|apache\.org|example\.(?:com|org)|github\.com|gitlab\.com"
    r"|json-schema\.org|oasis-open\.org|pre-commit\.com|python\.org|pypi\.org|readthedocs\.(?:io|org)|semver\.org|w3\.org|yaml\.org))"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Twelve digits that are no part of a longer word, of a fraction or of a hash.
_TWELVE_DIGITS = re.compile(r"(?<![\w.])\d{12}(?![\w.]\w)(?!\w)")
_URL = re.compile(r"https?://([^\s/:?#\"'`<>(){}\\,]+)")
# A home or a work folder; the names of folders are apart so that this line is not one.
_MACHINE_PATH = re.compile(r"(?<![\w.:*-])/(?:home|root|Users|work|mnt|srv)/[\w.-]+|[A-Z]:\\+Users\\+\w+")
# npm copies from each package where to give money to its authors.
_FUNDING = re.compile(r'"funding": (?:\{[^}]*\}|\[[^\]]*\]),?')
_NPM_LOCK = "package-lock.json"
_LOCKS = ("requirements.txt", "requirements-dev.txt", _NPM_LOCK)


@pytest.fixture(scope="module")
def texts(root):
    """Return the text of each file that is, or is about to be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a Git checkout: there is no list of files")
    names = {name for name in listed.stdout.decode().split("\0") if name and (root / name).is_file()}
    assert {"README.md", *_LOCKS} <= names
    read = {name: (root / name).read_text("utf-8", errors="replace") for name in sorted(names)}
    return {**read, _NPM_LOCK: _FUNDING.sub("", read[_NPM_LOCK])}


def _found(texts, pattern):
    return {(name, found) for name, text in texts.items() for found in pattern.findall(_UUID.sub("", text))}


def test_account_numbers_are_those_of_the_documentation(texts):
    """A number of twelve digits is one of AWS's examples."""
    assert {(name, number) for name, number in _found(texts, _TWELVE_DIGITS) if number not in _ACCOUNTS} == set()


def test_no_paths_of_a_machine(texts):
    """No file names a folder of the machine that it was written on."""
    assert _found(texts, _MACHINE_PATH) == set()


def test_urls_lead_to_known_hosts(texts):
    """No file names a private host, such as a registry's mirror; add new public hosts to the list."""
    assert {(name, host) for name, host in _found(texts, _URL) if not _HOSTS.fullmatch(host)} == set()


def test_pinned_packages_name_no_registry(texts):
    """Pinned files name no registry: the machine's settings do."""
    assert {name for name in _LOCKS if _URL.search(texts[name])} == set()


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (_TWELVE_DIGITS, "arn:aws:iot:us-west-2:" + "9" * 12 + ":thing/hub"),
        (_MACHINE_PATH, "see /" + "home/someone/notes"),
        (_URL, "https:" + "//packages.internal/simple"),
    ],
)
def test_the_rules_would_notice(pattern, text):
    """Each of these rules can fail."""
    assert pattern.search(text)
