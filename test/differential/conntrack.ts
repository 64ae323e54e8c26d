/**
 * Forgetting every connection of a network namespace, by netlink: what `conntrack -F` does, without a process each
 * time. Linux only; needs the network administrator's privilege in that namespace. Changes nothing else.
 */
import { closeSync, openSync } from 'node:fs';
import koffi from 'koffi';
import * as libc from '../../host-tools/lab/kernel/libc.ts';

const setns: (fd: number, kind: number) => number = koffi.load('libc.so.6').func('int setns(int, int)');

/** linux/sched.h */
const CLONE_NEWNET = 0x40000000;
/** linux/socket.h, linux/netlink.h */
const AF_NETLINK = 16;
const NETLINK_NETFILTER = 12;
const NLM_F_REQUEST = 1;
const NLM_F_ACK = 4;
const NLMSG_ERROR = 2;
/** linux/netfilter/nfnetlink.h, nfnetlink_conntrack.h: subsystem 1, message "delete"; without a tuple it means all. */
const FORGET_ALL = (1 << 8) | 2;
const MESSAGE_BYTES = 20;

export class Conntrack {
  private readonly fd: number;
  private readonly answer = Buffer.alloc(256);

  /** @param namespace a file such as /run/netns/x; the calling thread visits it and comes back */
  constructor(namespace: string) {
    const [home, there] = ['/proc/self/ns/net', namespace].map((file) => openSync(file, 'r'));
    try {
      must('entering ' + namespace, setns(there, CLONE_NEWNET));
      this.fd = libc.socket(AF_NETLINK, libc.SOCK_RAW | libc.SOCK_CLOEXEC, NETLINK_NETFILTER);
      const error = libc.lastError();
      must('coming back from ' + namespace, setns(home, CLONE_NEWNET));
      if (this.fd < 0) throw new Error(`No netlink socket: ${libc.errorName(error)}.`);
    } finally {
      closeSync(home);
      closeSync(there);
    }
  }

  /** Returns when the kernel has forgotten them. */
  forgetAll(): void {
    // struct nlmsghdr (length, type, flags, sequence, port), struct nfgenmsg (family 0: all, version 0, resource 0).
    const message = Buffer.alloc(MESSAGE_BYTES);
    message.writeUInt32LE(MESSAGE_BYTES, 0);
    message.writeUInt16LE(FORGET_ALL, 4);
    message.writeUInt16LE(NLM_F_REQUEST | NLM_F_ACK, 6);
    must('asking to forget connections', libc.send(this.fd, message, MESSAGE_BYTES, 0));
    must('hearing that they are forgotten', libc.recv(this.fd, this.answer, this.answer.length, 0));
    const error = this.answer.readUInt16LE(4) === NLMSG_ERROR ? -this.answer.readInt32LE(16) : 0;
    if (error !== 0)
      throw new Error(`The kernel would not forget its connections: ${libc.errorName(error)}.`);
  }

  close(): void {
    libc.close(this.fd);
  }
}

function must(what: string, result: number): void {
  if (result < 0) throw new Error(`${what} failed: ${libc.errorName(libc.lastError())}.`);
}
