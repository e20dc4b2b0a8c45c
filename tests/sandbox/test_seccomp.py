"""The filter's decisions against an independent witness: the same policy through libseccomp.

libseccomp brings its own table of numbers and its own compiler; both programs run in a small
interpreter of classic BPF, over every number and the arguments that conditions look at.
"""

import errno
import itertools
import operator
import platform
import struct
import tempfile

import pytest

from grader.sandbox import seccomp, syscalls

pyseccomp = pytest.importorskip("pyseccomp", reason="the witness, libseccomp, is not installed")

ARCHES = {"x86_64": pyseccomp.Arch.X86_64, "aarch64": pyseccomp.Arch.AARCH64}
NUMBERS = range(1100)
FOREIGN_NUMBERS = (0x40000000, 0x40000002, 0x4000003B, 0xFFFFFFFF)  # x32, and -1
GARBAGE = 0xDEADBEEF << 32
LOW = 0xFFFFFFFF


TABLES = {
    **syscalls.ALLOWED,
    **syscalls.ZYGOTE_ONLY,
    **syscalls.NOT_PERMITTED,
    **syscalls.KILLED,
}


def is_known(name):
    return pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) != -1


TOO_NEW = [name for name in TABLES if not is_known(name)]  # younger than this libseccomp


def run(program, number, arguments=(), arch="x86_64"):
    """Interpret a classic BPF program on one struct seccomp_data; returns its verdict."""
    padded = [*arguments, *(0,) * (6 - len(arguments))]
    record = struct.pack("=IIQ6Q", number, seccomp.AUDIT[arch], 0, *padded)
    code = list(struct.iter_unpack("HBBI", program))
    accumulator, at = 0, 0
    jumps = {0x15: operator.eq, 0x25: operator.gt, 0x35: operator.ge, 0x45: operator.and_}
    while True:
        op, yes, no, k = code[at]
        at += 1
        match op:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", record, k)
            case 0x54:
                accumulator &= k
            case 0x05:
                at += k
            case 0x06:
                return k
            case _:
                at += yes if jumps[op](accumulator, k) else no


def witness(machine, rules, default):
    filter = pyseccomp.SyscallFilter(default)
    if machine != platform.machine():
        filter.add_arch(ARCHES[machine])
        filter.remove_arch(ARCHES[platform.machine()])
    for action, name, *conditions in rules:
        if name not in TOO_NEW:
            filter.add_rule(action, name, *conditions)
    with tempfile.TemporaryFile() as file:
        filter.export_bpf(file)
        file.seek(0)
        return file.read()


def low(argument, value, mask=LOW):
    return pyseccomp.Arg(argument, pyseccomp.MASKED_EQ, mask, value)


def whole(argument, value):
    return pyseccomp.Arg(argument, pyseccomp.EQ, value)


def names(table, machine):
    column = syscalls.ARCHITECTURES.index(machine)
    return [name for name, row in table.items() if row[column] is not None]


def conditions(machine, prctls):
    """Written from the policy's words: which arguments allow a call."""
    truncating = 0o1003
    harmless = (0, 1, 2, 3, 0o1001, 0o1002, 0o1003)
    rules = {
        "open": [[low(1, flags, truncating)] for flags in harmless],
        "openat": [[low(2, flags, truncating)] for flags in harmless],
        "ioctl": [[low(1, one)] for one in (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)],
        "fcntl": [[low(1, one)] for one in (*range(8), 1030, 1032)],
        "prctl": [[low(0, one)] for one in prctls],
        "prlimit64": [[low(0, 0), whole(2, 0)]],
    }
    for clock in ("clock_gettime", "clock_getres", "clock_nanosleep"):
        rules[clock] = [[low(0, one)] for one in (*range(8), 11)]
    present = names(syscalls.BY_ARGUMENT, machine)
    return {name: rules[name] for name in present}


def zygote_witness(machine):
    allow, deny = pyseccomp.ALLOW, pyseccomp.ERRNO(errno.EPERM)
    rules = [(allow, name) for name in names(syscalls.ALLOWED, machine)]
    rules += [(allow, name) for name in names(syscalls.ZYGOTE_ONLY, machine)]
    rules += [(deny, name) for name in names(syscalls.NOT_PERMITTED, machine)]
    rules += [(pyseccomp.KILL_PROCESS, name) for name in names(syscalls.KILLED, machine)]
    chosen = conditions(machine, (1, 2, 3, 15, 16, 21, 39, 0x53564D41)) | {"prlimit64": [[]]}
    rules += [(allow, name, *one) for name, several in chosen.items() for one in several]
    return witness(machine, rules, pyseccomp.ERRNO(errno.ENOSYS))


def allows(program, number, arguments, machine):
    return run(program, number, arguments, machine) == seccomp.ALLOW


@pytest.mark.parametrize("machine", syscalls.ARCHITECTURES)
def test_the_first_stage_decides_as_libseccomp_does_for_every_number(machine):
    ours, theirs = seccomp.zygote_program(machine), zygote_witness(machine)
    conditional = set(seccomp.numbers(syscalls.BY_ARGUMENT, machine))
    different = [
        number
        for number in NUMBERS
        if number not in conditional
        and run(ours, number, (), machine) != run(theirs, number, (), machine)
    ]
    new = [seccomp.numbers({name: TABLES[name]}, machine) for name in TOO_NEW]
    assert set(different) <= set(itertools.chain(*new))


CASES = {
    "open": [(0, flags) for flags in (0, 1, 2, 3, 0o1000, 0o1001, 0o1002, 0o101000, 0o2000)],
    "openat": [(0, 0, flags) for flags in (0, 1, 2, 3, 0o1000, 0o1001, 0o1002, 0o101000)],
    "ioctl": [(0, one) for one in (0x5401, 0x5412, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0)],
    "fcntl": [(0, one) for one in (*range(20), 1024, 1030, 1031, 1032, 1033)],
    "prctl": [(one,) for one in (*range(80), 0x53564D41)],
    "prlimit64": [(0, 0, 0), (0, 0, 8), (5, 0, 0), (0, 0, 1 << 40), (GARBAGE, 0, 0)],
    "clock_gettime": [(one,) for one in (*range(14), LOW, LOW - 5)],
    "clock_getres": [(one,) for one in (*range(14), LOW)],
    "clock_nanosleep": [(one,) for one in (*range(14), LOW)],
}
CONDITIONAL = [
    (machine, name)
    for machine in syscalls.ARCHITECTURES
    for name in names(syscalls.BY_ARGUMENT, machine)
]


@pytest.mark.parametrize(("machine", "name"), CONDITIONAL)
def test_conditions_hold_as_in_libseccomp_with_garbage_in_the_upper_half_too(machine, name):
    ours, theirs = seccomp.zygote_program(machine), zygote_witness(machine)
    (number,) = seccomp.numbers({name: syscalls.BY_ARGUMENT[name]}, machine)
    dirty = [tuple(one | GARBAGE for one in case) for case in CASES[name]]
    decisions = [
        (case, allows(ours, number, case, machine), allows(theirs, number, case, machine))
        for case in itertools.chain(CASES[name], dirty)
    ]
    assert [case for case, mine, other in decisions if mine != other] == []


@pytest.mark.parametrize("machine", syscalls.ARCHITECTURES)
def test_the_second_stage_decides_as_libseccomp_does(machine):
    denied = pyseccomp.ERRNO(errno.EPERM)
    chosen = conditions(machine, (2, 3, 15, 16, 21, 39, 0x53564D41))
    rules = [(denied, name) for name in names(syscalls.ZYGOTE_ONLY, machine)]
    theirs = witness(machine, rules, pyseccomp.ALLOW)
    ours = seccomp.worker_program(machine)
    special = seccomp.numbers({n: syscalls.BY_ARGUMENT[n] for n in ("prctl", "prlimit64")}, machine)
    assert [
        number
        for number in range(1100)
        if number not in special
        and run(ours, number, (), machine) != run(theirs, number, (), machine)
    ] == []
    strict = [(pyseccomp.ALLOW, n, *one) for n in ("prctl", "prlimit64") for one in chosen[n]]
    theirs = witness(machine, strict, denied)
    assert [
        (name, case)
        for name, number in zip(("prctl", "prlimit64"), special, strict=True)
        for case in CASES[name]
        if allows(ours, number, case, machine) != allows(theirs, number, case, machine)
    ] == []


@pytest.mark.parametrize("machine", syscalls.ARCHITECTURES)
@pytest.mark.parametrize("make", [seccomp.zygote_program, seccomp.worker_program])
def test_a_call_of_a_foreign_architecture_kills(machine, make):
    (other,) = {*syscalls.ARCHITECTURES} - {machine}
    verdicts = {run(make(machine), number, (), other) for number in NUMBERS}
    assert verdicts == {seccomp.KILL}


@pytest.mark.parametrize("number", FOREIGN_NUMBERS)
def test_numbers_of_the_x32_world_do_not_exist(number):
    assert run(seccomp.zygote_program("x86_64"), number) == seccomp.UNKNOWN


def test_a_refused_condition_is_an_error_that_python_can_tell():
    program = seccomp.zygote_program("x86_64")
    number = syscalls.BY_ARGUMENT["ioctl"][0]
    assert run(program, number, (0, 0x5412)) == seccomp.NOT_PERMITTED


def test_no_call_is_in_two_lists():
    lists = (
        syscalls.ALLOWED,
        syscalls.BY_ARGUMENT,
        syscalls.ZYGOTE_ONLY,
        syscalls.NOT_PERMITTED,
        syscalls.KILLED,
    )
    every = [name for table in lists for name in table]
    assert len(every) == len(set(every))
