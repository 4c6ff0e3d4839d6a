"""Refuses the network to this Python process and to every Python process that it starts.

Python imports a module of this name at start-up when its folder is on PYTHONPATH. What stays on this machine
(loopback addresses, Unix sockets) works as always, since a notebook talks with its kernel that way.
"""

import ipaddress
import socket


class NetworkRefused(ConnectionRefusedError):
    """Something asked for the network while the lessons run offline."""


def _check(host):
    """Let a loopback host pass, raise NetworkRefused for any other."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        inside = ipaddress.ip_address(name.split("%")[0]).is_loopback
    except ValueError:  # a name, which only a name server outside could resolve
        inside = False
    if not inside:
        raise NetworkRefused(f"the network is refused here: lessons run offline, {name!r} was asked for")


def _guarded(method, address_of):
    def guard(self, *args):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address_of(args):
            _check(address_of(args)[0])
        return method(self, *args)

    return guard


def _guarded_lookup(function):
    def guard(host, *args, **kwargs):
        _check(host)
        return function(host, *args, **kwargs)

    return guard


socket.socket.connect = _guarded(socket.socket.connect, lambda args: args[0])
socket.socket.connect_ex = _guarded(socket.socket.connect_ex, lambda args: args[0])
socket.socket.sendto = _guarded(socket.socket.sendto, lambda args: args[-1])
for _name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
    setattr(socket, _name, _guarded_lookup(getattr(socket, _name)))
