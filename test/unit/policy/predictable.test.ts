import assert from 'node:assert/strict';
import { openSets } from '../../../server/src/policy/evaluate.ts';
import { unpredictable } from '../../../server/src/policy/predictable.ts';
import { ownComeFirst } from '../../../server/src/policy/weight.ts';
import { policy } from './harness.ts';

const arg = (index: number, op: string, value: number) => ({ index, op: `SCMP_CMP_${op}`, value });
const errno = (errnoRet: number, ...args: object[]) => ({
  names: ['personality'],
  action: 'SCMP_ACT_ERRNO',
  errnoRet,
  args,
});
const built = (...syscalls: object[]) => policy({ defaultAction: 'SCMP_ACT_ALLOW', syscalls });
const why = (...syscalls: object[]) => unpredictable(built(...syscalls).native.syscalls.get(135)!.conditional)?.why;

describe('a set of conditional rules is predictable', () => {
  it('when it is a single rule of any kind', () => {
    assert.equal(why(errno(5, arg(0, 'NE', 1), arg(1, 'LT', 2), arg(2, 'GE', 2 ** 40))), undefined);
  });

  it('when all rules are EQ', () => {
    assert.equal(
      why(errno(5, arg(0, 'EQ', 1), arg(1, 'EQ', 2)), errno(6, arg(1, 'EQ', 2), arg(2, 'EQ', 3))),
      undefined,
    );
  });

  it('when rules have one condition each and one outcome', () => {
    assert.equal(why(errno(5, arg(0, 'LT', 9)), errno(5, arg(0, 'GT', 20)), errno(5, arg(1, 'NE', 3))), undefined);
  });

  it('when rules of different outcome exclude each other', () => {
    assert.equal(why(errno(5, arg(0, 'LT', 9)), errno(6, arg(0, 'GE', 9))), undefined);
    assert.equal(why(errno(5, arg(0, 'EQ', 9)), errno(6, arg(0, 'NE', 9))), undefined);
  });

  it("when it is Podman's rules for socket", () => {
    assert.equal(
      why(
        errno(1, arg(0, 'EQ', 40)),
        errno(22, arg(0, 'EQ', 16), arg(2, 'EQ', 9)),
        errno(7, arg(0, 'EQ', 16), arg(2, 'NE', 9)),
        errno(7, arg(0, 'NE', 16)),
      ),
      undefined,
    );
  });
});

describe('a set of conditional rules is predictable beside rules for other architectures', () => {
  const elsewhere = (...args: object[]) => ({ ...errno(5, ...args), names: ['mmap2'] });
  const certain = (...syscalls: object[]) => {
    const { native } = built(...syscalls);
    return ownComeFirst([native]);
  };

  it('when it takes no more comparisons than those, shared ones counted once', () => {
    const own = [1, 2, 3].map((value) => errno(5, arg(0, 'EQ', value)));
    assert.ok(certain(...own, elsewhere(arg(0, 'EQ', 1), arg(1, 'EQ', 1))));
    assert.ok(certain(...own.slice(1), elsewhere(arg(0, 'GT', 1))));
    assert.ok(certain(errno(5, arg(0, 'LT', 1)), errno(5, arg(0, 'GE', 1)), elsewhere(arg(0, 'GE', 7))));
  });

  it('when it is without conditions itself', () => {
    assert.ok(certain({ names: ['personality'], action: 'SCMP_ACT_LOG' }, elsewhere(arg(0, 'EQ', 1))));
  });
});

describe('a set of conditional rules is not predictable', () => {
  it('when inequalities of different outcome overlap', () => {
    assert.match(why(errno(5, arg(0, 'GE', 10)), errno(6, arg(0, 'LE', 20))) ?? '', /no order between them/);
  });

  it('when it has none of the proven shapes, and then it is open whether it loads', () => {
    const rules = [errno(5, arg(0, 'LE', 5), arg(1, 'LE', 100)), errno(5, arg(0, 'EQ', 16), arg(1, 'EQ', 1))];
    assert.match(why(...rules) ?? '', /several conditional rules meet/);
    assert.deepEqual(
      openSets(built(...rules)).map((set) => set.architecture),
      ['SCMP_ARCH_X86_64'],
    );
  });
});
