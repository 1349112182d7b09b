import assert from 'node:assert/strict';
import { calls, unknown, variants } from './record.ts';

describe('a trace of perf trace', () => {
  it('has a call a line', () => {
    const text = `         ? (         ): sh/24  ... [continued]: execve())                       = 0
     0.053 ( 0.012 ms): sh/24 brk()                                              = 0x5563
     0.279 ( 0.013 ms): Web Content/25 access(filename: 0xe7ec42a0, mode: R)     = -1 ENOENT (No such file or directory)`;
    assert.deepEqual([calls(text), unknown(text)], [['access 1 (1)', 'brk 1', 'execve 1'], []]);
    assert.deepEqual(calls(text, { pids: new Set([25]) }), ['access 1 (1)']);
  });

  it('may be of one process without a name', () => {
    assert.deepEqual(calls('     0.670 (1000.504 ms): nanosleep(rqtp: 0x7ffe) = 0'), ['nanosleep 1']);
  });

  it('counts an interrupted call once', () => {
    const text = `     0.000 (         ): sleep/45 openat(dfd: CWD, filename: "/etc/ld.so.cache", flags: RDONLY|CLOEXEC) ...
     0.005 (         ): sleep/45 probe:do_filp_open(__probe_ip: -1186560412)
     0.000 ( 0.011 ms): sleep/45  ... [continued]: openat()) = 3
     0.700 ( 0.011 ms): sleep/45  ... [continued]: openat()) = 3`;
    assert.deepEqual([calls(text), unknown(text)], [['openat 2'], []]);
  });

  it('has arguments without their prefix, and none that are zero', () => {
    const line = (call: string) => `     0.053 ( 0.012 ms): sh/24 ${call} = 0`;
    assert.deepEqual(variants(line('socket(family: LOCAL, type: STREAM|CLOEXEC)')), ['socket(1)']);
    assert.deepEqual(variants(line('clone(clone_flags: CHILD_CLEARTID|CHILD_SETTID|0x11, child_tidptr: 0x7f)')), [
      `clone(${0x01200011})`,
    ]);
    assert.deepEqual(variants(line('personality()')), ['personality(0)']);
    assert.deepEqual(variants(line('ioctl(cmd: TCGETS, arg: 0x7ffe)')), ['ioctl(,21505)']);
    assert.deepEqual(variants(line(' ... [continued]: unshare()')), ['unshare()']);
  });

  it('may be a table', () => {
    const text = `
 Summary of events:

 sh (24), 245 events, 15.3%

   syscall            calls  errors  total       min       avg       max       stddev
                                     (msec)    (msec)    (msec)    (msec)        (%)
   --------------- --------  ------ -------- --------- --------- ---------     ------
   wait4                 10      4    25.773     0.010     2.577    14.633     57.84%
   clone                  3      0     1.479     0.206     0.493     1.063     57.89%

`;
    assert.deepEqual([calls(text), unknown(text)], [['clone 3', 'wait4 10 (4)'], []]);
    assert.deepEqual(calls(text, { pids: new Set([25]) }), []);
  });

  it('tells what it does not know', () => {
    assert.deepEqual(unknown('     0.053 ( 0.012 ms): sh/24 nonsense(a: 1) = 0'), [
      '1:      0.053 ( 0.012 ms): sh/24 nonsense(a: 1) = 0 ("nonsense" is not a syscall)',
    ]);
  });
});

describe('a trace of sysdig', () => {
  it('has an event for the begin and one for the end of a call', () => {
    const text = `34378 12:02:36.269753803 2 echo (7896) > close fd=3(<f>/usr/lib/locale)
34379 12:02:36.269754164 2 echo (7896) < close res=0
34380 12:02:36.3 0 web server (12) > openat dirfd=-100(AT_FDCWD) name=/x flags=1(O_RDONLY) mode=0
34381 12:02:36.3 1 echo (7896) > switch next=0 pgft_maj=0
34382 12:02:36.4 0 web server (12) < openat fd=-2(ENOENT) name=/x
34383 12:02:36.5 0 web server (12) > pread fd=3 size=8`;
    assert.deepEqual([calls(text), unknown(text)], [['close 1', 'openat 1 (1)', 'pread64 1'], []]);
    assert.deepEqual(calls(text, { pids: new Set([12]) }), ['openat 1 (1)', 'pread64 1']);
  });

  it('may have ends alone, and containers', () => {
    const text = `9 12:02:36.2 2 web (3ad7b26ded6d) nginx (7896:7) < accept4 fd=14(<4t>1.2.3.4:1->5.6.7.8:80)
< prlimit res=0
> rt_sigprocmask`;
    assert.deepEqual([calls(text), unknown(text)], [['accept4 1', 'prlimit64 1', 'rt_sigprocmask 1'], []]);
  });

  it("may be Falco's alerts", () => {
    assert.deepEqual(calls('12:00:00.1: Notice A shell (user=root evt_type=execve command=sh)'), ['execve 1']);
    assert.deepEqual(calls('{"output_fields":{"evt.type":"openat","proc.name":"sh"}}'), ['openat 1']);
  });

  it('tells what it does not know', () => {
    assert.match(unknown('9 12:02:36.2 2 a (7) > nonsense x=1')[0]!, /\("nonsense" is not a syscall\)$/);
    assert.deepEqual(unknown('> the end'), ['1: > the end']);
  });
});
