"""Kernel-truth cases on the kernel of this machine, in network namespaces of their own."""
