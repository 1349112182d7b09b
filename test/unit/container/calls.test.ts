import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compareResults } from '../../../server/container/compare.ts';
import type { Result } from '../../../server/container/measure.ts';
import { probeLabel, probesFor } from '../../../server/container/probe/calls.ts';
import { NEVER_PROBED } from '../../../server/container/probe/unsafe.ts';

describe('what is tried', () => {
  const numbers: Readonly<Record<string, number>> = { mkdir: 83, socket: 41, exit: 60, alarm: 37 };
  const labels = (...names: readonly string[]) => probesFor(names, (name) => numbers[name]).map(probeLabel);

  it('each name once, in order, where the architecture has it', () => {
    assert.deepEqual(labels('mkdir', 'getuid32', 'alarm', 'mkdir'), ['mkdir', 'alarm']);
  });

  it('a name with cases that profiles tell apart, once for each', () => {
    assert.deepEqual(labels('socket').slice(0, 2), ['socket (AF_UNIX)', 'socket (AF_INET)']);
  });

  it('never what ends or stops the program', () => {
    assert.deepEqual(labels('exit'), []);
    for (const name of ['exit_group', 'pause', 'rt_sigreturn', 'fork', 'sync', 'reboot'])
      assert.ok(NEVER_PROBED.has(name));
  });
});

describe('results side by side', () => {
  const probe = { name: 'x', nr: 1, args: [] };
  const errno = (number: number): Result => ({ kind: 'errno', errno: number });
  const value = (number: number): Result => ({ kind: 'value', value: number });
  const killed: Result = { kind: 'killed' };
  const verdict = (mine: Result, natural: Result) => compareResults([probe], [mine], [natural])[0]!.verdict;

  it('another error, or an error for a success, is a denial', () => {
    assert.equal(verdict(errno(1), errno(14)), 'denied');
    assert.equal(verdict(errno(1), value(0)), 'denied');
  });

  it('a success of 0 for anything else is a denial', () => {
    assert.equal(verdict(value(0), errno(14)), 'denied');
    assert.equal(verdict(value(0), value(7)), 'denied');
  });

  it('the same error is no sign, and neither are two different ids', () => {
    assert.equal(verdict(errno(14), errno(14)), 'same');
    assert.equal(verdict(value(7), value(8)), 'same');
  });

  it('an end of the process counts when the profile made it', () => {
    assert.equal(verdict(killed, errno(14)), 'killed');
    assert.equal(verdict(killed, killed), 'same');
    assert.equal(verdict(errno(1), killed), 'denied');
  });

  it('what one of the runs did not reach is left out', () => {
    assert.deepEqual(compareResults([probe, probe], [undefined, errno(1)], [errno(1), undefined]), []);
  });
});
