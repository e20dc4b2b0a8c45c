"""writing: add to a file."""


def attack(at):
    with open(at.canary, "a") as file:
        return file.write("more")
