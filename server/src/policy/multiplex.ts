import { type ArchTable, architectureOf } from '../catalog/index.ts';

/** `socketcall` numbers, `linux/net.h`. */
const SOCKET_CALLS: Readonly<Record<string, number>> = {
  socket: 1,
  bind: 2,
  connect: 3,
  listen: 4,
  accept: 5,
  getsockname: 6,
  getpeername: 7,
  socketpair: 8,
  send: 9,
  recv: 10,
  sendto: 11,
  recvfrom: 12,
  shutdown: 13,
  setsockopt: 14,
  getsockopt: 15,
  sendmsg: 16,
  recvmsg: 17,
  accept4: 18,
  recvmmsg: 19,
  sendmmsg: 20,
};

/** `ipc` numbers, `linux/ipc.h`. */
const IPC_CALLS: Readonly<Record<string, number>> = {
  semop: 1,
  semget: 2,
  semctl: 3,
  semtimedop: 4,
  msgsnd: 11,
  msgrcv: 12,
  msgget: 13,
  msgctl: 14,
  shmat: 21,
  shmdt: 22,
  shmget: 23,
  shmctl: 24,
};

/** The call that an architecture uses for several: rules for a member are also added to it, on its first argument. */
export interface Multiplexer {
  readonly through: 'socketcall' | 'ipc';
  readonly number: number;
}

/** How a syscall is reached through a multiplexer on an architecture (libseccomp: `src/syscalls.c`); undefined if not. */
export function multiplexed(name: string, table: ArchTable): Multiplexer | undefined {
  if (!architectureOf(table)?.multiplexes) return undefined;
  if (Object.hasOwn(SOCKET_CALLS, name)) return { through: 'socketcall', number: SOCKET_CALLS[name]! };
  if (Object.hasOwn(IPC_CALLS, name)) return { through: 'ipc', number: IPC_CALLS[name]! };
  return undefined;
}
