"""Which system calls a caged program may not make, by reason; each processor has a file of numbers."""

NETWORK = frozenset(
    {
        "socket",
        # A datagram socket of a pair may be sent elsewhere, so pairs are closed as well.
        "socketpair",
        "bind",
        "connect",
        "listen",
        "accept",
        "accept4",
        "sendto",
        "sendmsg",
        "sendmmsg",
        "recvfrom",
        "recvmsg",
        "recvmmsg",
    }
)
OTHER_PROCESSES = frozenset(
    {
        "ptrace",
        "process_vm_readv",
        "process_vm_writev",
        "process_madvise",
        "process_mrelease",
        "kcmp",
        "pidfd_getfd",
        # The group is how the cage finds and ends everything that was started inside it.
        "setpgid",
        "setsid",
    }
)
INTERFACES = frozenset(
    {
        "io_uring_setup",
        "io_uring_enter",
        "io_uring_register",
        "bpf",
        "userfaultfd",
        "perf_event_open",
        "add_key",
        "request_key",
        "keyctl",
        "fanotify_init",
        "lsm_set_self_attr",
        "personality",
        "modify_ldt",
    }
)
MOUNTS = frozenset(
    {
        "unshare",
        "setns",
        "mount",
        "umount2",
        "pivot_root",
        "chroot",
        "move_mount",
        "open_tree",
        "open_tree_attr",
        "fsopen",
        "fsconfig",
        "fsmount",
        "fspick",
        "mount_setattr",
        "statmount",
        "listmount",
        "open_by_handle_at",
        "name_to_handle_at",
    }
)
MACHINE = frozenset(
    {
        "kexec_load",
        "kexec_file_load",
        "init_module",
        "finit_module",
        "delete_module",
        "reboot",
        "swapon",
        "swapoff",
        "acct",
        "quotactl",
        "quotactl_fd",
        "syslog",
        "settimeofday",
        "clock_settime",
        "clock_adjtime",
        "adjtimex",
        "sethostname",
        "setdomainname",
        "vhangup",
        "iopl",
        "ioperm",
        "lookup_dcookie",
        "nfsservctl",
        "migrate_pages",
        "move_pages",
    }
)
UNSEEN_MEMORY = frozenset(
    {
        # Memory that belongs to no process is not in what the watch adds up, and may outlive them all.
        "memfd_create",
        "memfd_secret",
        "vmsplice",
        "shmget",
        "shmat",
        "shmctl",
        "shmdt",
        "semget",
        "semop",
        "semtimedop",
        "semctl",
        "msgget",
        "msgsnd",
        "msgrcv",
        "msgctl",
        "mq_open",
        "mq_unlink",
        "mq_timedsend",
        "mq_timedreceive",
        "mq_notify",
        "mq_getsetattr",
    }
)
ALWAYS = NETWORK | OTHER_PROCESSES | INTERFACES | MOUNTS | MACHINE | UNSEEN_MEMORY

OWNED_FILES = frozenset(
    {
        # Landlock does not watch over modes, owners and times: only another user is kept from them.
        "chmod",
        "fchmod",
        "fchmodat",
        "fchmodat2",
        "chown",
        "fchown",
        "lchown",
        "fchownat",
        "utime",
        "utimes",
        "futimesat",
        "utimensat",
        "setxattr",
        "lsetxattr",
        "fsetxattr",
        "setxattrat",
        "removexattr",
        "lremovexattr",
        "fremovexattr",
        "removexattrat",
        "file_setattr",
    }
)
"""Denied where the program runs as the user who started it."""

SIGNALS = frozenset({"kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal"})
"""Denied where it runs as the user who started it and Landlock does not know about signals."""

EXAMINED = frozenset({"clone", "clone3", "prlimit64"})
"""Judged by an argument, or answered as if the kernel did not know them."""

ALL = ALWAYS | OWNED_FILES | SIGNALS
