"""What is withheld is given by no read root, wherever it lies."""

import sys
from pathlib import Path

import numpy as np
import pytest

from grader.sandbox import roots


@pytest.fixture
def site(tmp_path, monkeypatch):
    """One more folder of packages: two packages, a module, and links."""
    folder = tmp_path / "site-packages"
    for package in ("known", "lent", "lent/inner"):
        (folder / package).mkdir(parents=True)
    (folder / "alone.py").touch()
    (folder / "loop").symlink_to(folder)
    (folder / "nowhere").symlink_to(tmp_path / "nowhere")
    (folder / "secret").symlink_to(folder / "known")
    monkeypatch.setattr(sys, "path", [*sys.path, str(folder)])
    return folder


def test_modules_packages_and_parts_of_packages_are_found(site):
    found = roots.homes(["known", "alone", "lent.inner", "absent", "absent.inner"])
    assert found == [site / "known", site / "alone.py", site / "lent" / "inner"]


def test_what_is_withheld_cannot_be_read_through_a_folder_or_a_link(site):
    read, listed = roots.readable([site / "known"])
    inside = {path for path in read if path.is_relative_to(site)}
    assert inside == {site / "lent", site / "alone.py"}
    assert site in listed


def test_part_of_a_package_is_withheld_alone(site):
    (site / "lent" / "other.py").touch()
    read, _ = roots.readable([site / "lent" / "inner"])
    assert site / "lent" / "other.py" in read
    assert site / "known" in read
    assert not {site / "lent", site / "lent" / "inner"} & set(read)


def test_folders_withheld_inside_one_another_are_both_withheld(site):
    read, listed = roots.readable([site / "lent", site / "lent" / "inner"])
    assert not [path for path in (*read, *listed) if path.is_relative_to(site / "lent")]


def test_without_anything_withheld_the_folder_is_given_whole(site):
    read, _ = roots.readable([])
    assert site in read


def test_entrances_are_what_no_listed_folder_holds(site):
    found = roots.entrances(*roots.readable([site / "known"]))
    assert site in found
    assert site / "lent" not in found
    assert all(path.exists() for path in found)


def test_an_installed_package_has_a_home():
    assert roots.homes(["numpy"]) == [Path(np.__file__).parent]


def test_packages_of_the_system_are_not_lent_to_a_virtual_environment():
    read, _ = roots.readable([])
    used = {Path(folder).resolve() for folder in roots.site_folders()}
    folder = Path("/usr/lib/python3/dist-packages")
    if folder in used or not folder.exists():
        pytest.skip("this Python has no such folder, or uses it")
    assert not roots.is_under(folder, set(read))
