package proxy

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// Sizes and offsets of struct inet_diag_req_v2 and inet_diag_msg (linux/inet_diag.h, sock_diag(7)).
const (
	sockDiagByFamily = 20
	diagRequest      = unix.SizeofNlMsghdr + 56
	diagID           = unix.SizeofNlMsghdr + 8
	diagInode        = unix.SizeofNlMsghdr + 68
	diagAnswer       = unix.SizeofNlMsghdr + 72
)

var errNoSocket = errors.New("no such socket")

// socketInode asks the kernel for the inode of the socket that connects local to remote. One exact question is far
// cheaper than reading /proc/net/tcp, which lists every connection of the machine.
func socketInode(local, remote netip.AddrPort) (uint32, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, unix.NETLINK_INET_DIAG)
	if err != nil {
		return 0, err
	}
	defer func() { _ = unix.Close(fd) }()
	wait := unix.NsecToTimeval(time.Second.Nanoseconds())
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &wait); err != nil {
		return 0, err
	}
	if err := unix.Sendto(fd, diagQuestion(local, remote), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return 0, err
	}
	answer := make([]byte, 4096)
	n, _, err := unix.Recvfrom(fd, answer, 0)
	if err != nil {
		return 0, err
	}
	if n < diagAnswer || binary.NativeEndian.Uint16(answer[4:]) != sockDiagByFamily {
		return 0, errNoSocket
	}
	inode := binary.NativeEndian.Uint32(answer[diagInode:])
	if inode == 0 {
		return 0, errNoSocket
	}
	return inode, nil
}

// diagQuestion asks about one TCP socket.
func diagQuestion(local, remote netip.AddrPort) []byte {
	q := make([]byte, diagRequest)
	binary.NativeEndian.PutUint32(q, diagRequest)
	binary.NativeEndian.PutUint16(q[4:], sockDiagByFamily)
	binary.NativeEndian.PutUint16(q[6:], unix.NLM_F_REQUEST)
	src, dst := local.Addr().Unmap(), remote.Addr().Unmap()
	q[unix.SizeofNlMsghdr] = unix.AF_INET
	if src.Is6() {
		q[unix.SizeofNlMsghdr] = unix.AF_INET6
	}
	q[unix.SizeofNlMsghdr+1] = unix.IPPROTO_TCP
	binary.NativeEndian.PutUint32(q[unix.SizeofNlMsghdr+4:], ^uint32(0)) // in any state
	id := q[diagID:]
	binary.BigEndian.PutUint16(id, local.Port())
	binary.BigEndian.PutUint16(id[2:], remote.Port())
	copy(id[4:], src.AsSlice())
	copy(id[20:], dst.AsSlice())
	copy(id[40:], "\xff\xff\xff\xff\xff\xff\xff\xff") // no cookie
	return q
}
