"""writing: a file in the folder for temporary files."""

import tempfile


def attack(at):
    with tempfile.TemporaryFile(dir=at.folder) as file:
        return file.write(b"x")
