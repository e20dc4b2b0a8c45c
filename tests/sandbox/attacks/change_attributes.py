"""writing: extended attributes.

No control: the file system of /tmp may have none
"""

import os


def attack(at):
    os.setxattr(at.canary, "user.grader", b"x")
    return True
