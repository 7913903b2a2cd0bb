"""The table of sysctls, and the kernel's own words for a wrong name or value."""

import pytest

from game.kernel.sysctl import SYSCTLS, SysctlRange, Sysctls, UnknownSysctl, find_sysctl


def test_every_row_is_an_attribute_with_a_default_in_its_range() -> None:
    sysctl = Sysctls()
    for row in SYSCTLS:
        value = getattr(sysctl, row.last_name)
        assert value == row.default == sysctl.get(row.name)
        for number in value if isinstance(value, tuple) else (value,):
            assert row.minimum <= number <= row.maximum
        assert row.meaning.endswith(".")
        assert row.unit
    assert len({row.last_name for row in SYSCTLS}) == len(SYSCTLS) == len(Sysctls.__slots__)


@pytest.mark.parametrize(
    "name", ["net.core.somaxconn", "somaxconn", "net/core/somaxconn", " somaxconn "]
)
def test_a_name_may_be_full_last_or_with_slashes(name: str) -> None:
    sysctl = Sysctls()
    sysctl.set(name, 77)
    assert sysctl.somaxconn == sysctl.get(name) == 77


def test_an_unknown_name_is_refused_in_the_words_of_sysctl() -> None:
    with pytest.raises(UnknownSysctl) as caught:
        Sysctls().set("net.ipv4.foo", 1)
    assert (
        str(caught.value) == "sysctl: cannot stat /proc/sys/net/ipv4/foo: No such file or directory"
    )
    with pytest.raises(UnknownSysctl):
        find_sysctl("ipv4.tcp_syncookies")


@pytest.mark.parametrize("value", [-1, 256, "on", "", "1 2", (1, 2, 3)])
def test_a_value_out_of_range_changes_nothing(value: int | str | tuple[int, int, int]) -> None:
    sysctl = Sysctls()
    with pytest.raises(SysctlRange) as caught:
        sysctl.set("tcp_syncookies", value)
    assert str(caught.value) == 'sysctl: setting key "net.ipv4.tcp_syncookies": Invalid argument'
    assert caught.value.allowed == (0, 255)
    assert sysctl.tcp_syncookies == 1


def test_a_triple_is_read_and_written_whole() -> None:
    sysctl = Sysctls()
    sysctl.set("tcp_rmem", "4096 87380 6291456")
    assert sysctl.tcp_rmem == (4096, 87380, 6291456)
    assert sysctl.text("tcp_rmem") == "4096\t87380\t6291456"
    for wrong in (4096, "4096 87380", (0, 1, 2)):
        with pytest.raises(SysctlRange):
            sysctl.set("tcp_rmem", wrong)
