import assert from 'node:assert/strict';
import { TRACE_FORMATS } from '../../../server/src/record/index.ts';
import { randomNumbers } from './random.ts';
import { record } from './record.ts';

/** Pieces of which lines of traces are made, whole and broken. */
const PIECES = [
  ...[
    '[pid 12] ',
    '12  ',
    '02:33:18.1 ',
    '     0.000123 ',
    '(+     0.1) ',
    '[  59] ',
    '[00007f59b0eb3b1d] ',
    '[pid ',
    '9999999 ',
  ],
  ...[
    'read(',
    'ioctl(',
    'clone(',
    'nonsense(',
    'syscall_0x3b(',
    '????(',
    '<... read resumed>',
    '<... ',
    ' <unfinished ...>',
  ],
  ...[
    '0, "a\\"b", ',
    '"',
    'TCGETS or X',
    'flags=CLONE_VM|SIGCHLD',
    '3</a,b>',
    '{',
    '}',
    '[',
    ')',
    ', 88',
    '...',
    '_IOC(1, 2',
  ],
  ...[
    ' = 0',
    ' = -1 ENOENT (No)',
    ' = ?',
    ') = ',
    '--- SIGCHLD {} ---',
    '+++ exited with 0 +++',
    ' > /lib/x(y+1) [0x1]',
  ],
  ...[
    '[ Process PID=12 runs in 32 bit mode. ]',
    'strace: Process 7 attached',
    '% time seconds usecs/call calls errors syscall',
  ],
  ...['------ ------ ------', '  0.00 0.1 1 2 3 read', '   syscall  calls  errors  total', 'sh (7), 24 events, 1.5%'],
  ...[
    'audit: type=1326 audit(1.1:1): ',
    'type=SYSCALL msg=audit(1.1:1): ',
    ' arch=c000003e',
    ' syscall=59',
    ' a0=ffffffffffffffffff',
  ],
  ...[
    ' pid=7',
    ' code=0x7ffc0000',
    ' arch=zz',
    ' syscall=execve',
    '     0.053 ( 0.012 ms): ',
    'sh/24 ',
    '... [continued]: ',
  ],
  ...[
    '1 12:00:00.1 0 a (7) ',
    '> ',
    '< ',
    'openat ',
    'res=-2(ENOENT)',
    'evt_type=read',
    '\u0000',
    '\u{1f600}',
    ' ',
    '\t',
    '\r',
  ],
];

const lineOf = (next: (below: number) => number): string =>
  Array.from({ length: next(9) }, () => PIECES[next(PIECES.length)]!).join('');

describe('random lines', () => {
  for (const format of TRACE_FORMATS)
    it(`are each counted once when read as ${format}`, () => {
      const next = randomNumbers(4 + TRACE_FORMATS.indexOf(format));
      for (let round = 0; round < 200; round++) {
        const lines = Array.from({ length: 50 }, () => lineOf(next).replaceAll('\n', ''));
        const { sources, unknown } = record(lines.join('\n'), { format });
        const [totals] = sources;
        assert.equal(totals!.lines, lines.length);
        assert.equal(totals!.understood + totals!.unknown, lines.length);
        assert.equal(unknown.length, totals!.unknown);
        for (const { line, text } of unknown) assert.equal(lines[line - 1]!.slice(0, 200), text);
      }
    });

  it('that are long cost no more than their length', () => {
    const long = [
      '(',
      ')',
      ' ',
      '-',
      '>',
      '[pid',
      '0',
      'a',
      '"',
      '<',
      '|',
      'a=',
      '= ',
      ') ',
      '0, ',
      '9.',
      ' (',
    ].flatMap((piece) => [
      piece.repeat(50_000),
      `ioctl(${piece.repeat(50_000)}`,
      `12  ${piece.repeat(50_000)}`,
      `type=SECCOMP syscall=${piece.repeat(50_000)}`,
      ` 1 ( ms): ${piece.repeat(50_000)}`,
    ]);
    assert.equal(record(long.join('\n')).sources[0]!.lines, long.length);
  });
});
