import assert from 'node:assert/strict';
import v8 from 'node:v8';
import vm from 'node:vm';
import { defaultProfile } from '../../../server/src/catalog/index.ts';
import { type Analysis, type AnalysisOptions, analyse, type Reported } from '../../../server/src/checks/analyse.ts';
import { CHECKS } from '../../../server/src/checks/index.ts';
import type { Policy } from '../../../server/src/policy/policy.ts';
import type { Target } from '../../../server/src/policy/target.ts';
import { parseProfile } from '../../../server/src/profile/build.ts';
import { editProfile } from '../../../server/src/profile/edit.ts';
import { defaultTarget } from '../../../server/src/settings.ts';
import { type Random, random } from '../../differential/random.ts';
import { BASES } from '../profile/edits.ts';

/** Rules that meet in many ways, so that what is said of one depends on others. */
const MEETING = JSON.stringify({
  defaultAction: 'SCMP_ACT_ERRNO',
  archMap: [{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'] }],
  syscalls: [
    ruleOf('clone socket connect', 'ALLOW', [0, 3, 'NE'], [0, 4, 'NE']),
    ruleOf('socket read read mount setns', 'ALLOW'),
    ruleOf('read socket bpf socketcall', 'ERRNO'),
    ruleOf('socket', 'TRAP', [0, 4, 'EQ']),
    ruleOf('socket clone', 'KILL', [0, 4, 'EQ'], [1, 5, 'GT']),
    ruleOf('personality clone3', 'ALLOW', [0, 8, 'EQ']),
  ],
});

const DENYING = JSON.stringify({
  defaultAction: 'SCMP_ACT_ALLOW',
  defaultErrnoRet: 3,
  syscalls: [
    ruleOf('clone socket', 'ERRNO', [0, 3, 'EQ']),
    ruleOf('socket read', 'ALLOW'),
    ruleOf('read socket chmod', 'ERRNO'),
    { name: 'bpf', action: 'SCMP_ACT_KILL', comment: 'seccomp-disable: kill-thread, deprecated-name' },
    ruleOf('mount', 'ERRNO', [0, 4294967296, 'MASKED_EQ']),
  ],
});

function ruleOf(names: string, action: string, ...args: readonly (readonly [number, number, string])[]) {
  return {
    names: names.split(' '),
    action: `SCMP_ACT_${action}`,
    args: args.map(([index, value, op]) => ({ index, value, op: `SCMP_CMP_${op}` })),
  };
}

/** What is typed: letters, parts of rules, whole members, and some damage. */
const TYPED: readonly string[] = [
  ...['', '', 'x', '1', '"', ',', '{', '}', '\n', ' ', 'read', 'clone3', 'SCMP_ACT_LOG', 'null', '/* c */'],
  ...['"read", ', '"open_by_handle_at", ', '"errnoRet": 38, ', '"name": "bpf", ', '"errno": "ENOSYS", '],
  ...['"comment": "seccomp-disable: repeated-syscall", ', '"includes": { "caps": ["CAP_X"] }, '],
  ...['"args": [{ "index": 0, "value": 3, "op": "SCMP_CMP_EQ" }], ', '"excludes": { "minKernel": "4" }, '],
];

const TARGETS: readonly Target[] = [
  defaultTarget(),
  { ...defaultTarget(), runtime: 'podman' },
  { ...defaultTarget(), runtime: 'crun' },
  { ...defaultTarget(), runtime: 'containerd', architecture: 'SCMP_ARCH_S390X' },
];

function optionsFor(target: Target): AnalysisOptions {
  return {
    target,
    onError: (check, error) => {
      throw new Error(`${check.code} failed`, { cause: error });
    },
  };
}

/** All that is shown of a finding, with the fixes. */
function shown({ span, check, severity, message, tag, related, fixes }: Reported) {
  return {
    code: check.code,
    span: [span.start, span.end],
    severity,
    message,
    tag,
    related: related?.map((each) => [each.span.start, each.span.end, each.message]),
    fixes: fixes?.().map(({ title, safe, edits }) => [
      title,
      safe,
      edits.map(({ start, end, text }) => [start, end, text]),
    ]),
  };
}

/** All that the engine holds of a policy, with places instead of nodes. */
function held(policy: Policy | undefined) {
  return policy?.resolved.architectures.map(({ name, table }) => {
    const { syscalls, conditioned, contested, dropped, numberless } = policy.filter(table)!;
    const filters = [...syscalls, ...numberless].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    const rules = filters.map(([key, filter]) => [
      key,
      filter.rules.map(({ source, name: own, outcome, tests }) => [
        source.rule.position,
        own.node.start,
        outcome,
        tests.map(({ index, op, value, datum }) => [index, op, String(value), String(datum)]),
      ]),
      [filter.unconditional, ...filter.conditional, ...(filter.erased ?? [])].map((rule) => rule?.name.node.start),
    ]);
    const skipped = policy.resolved.skipped.map(({ rule, reason }) => [rule.position, reason]);
    const left = dropped.map((lost) => [lost.name.node.start, lost.reason]);
    return { name, rules, conditioned, contested, left, skipped };
  });
}

function assertSame(actual: Analysis, text: string, options: AnalysisOptions): void {
  const expected = analyse(parseProfile(text), options);
  assert.deepEqual(actual.findings.map(shown), expected.findings.map(shown));
  assert.deepEqual(held(actual.policy), held(expected.policy));
}

function collectGarbage(): void {
  v8.setFlagsFromString('--expose-gc');
  vm.runInNewContext('gc')();
}

/** Types at random places, and tells how often a version was made of the one before it. What damages the text is taken back. */
function type(text: string, options: AnalysisOptions, steps: number, numbers: Random): number {
  let current = text;
  let analysis = analyse(parseProfile(text), options);
  let continued = 0;
  for (let step = 0; step < steps; step++) {
    // a policy or findings that nobody asked for are not there to be continued
    if (numbers.chance(0.7)) assert.ok(analysis.findings);
    if (numbers.chance(0.3)) assert.ok(analysis.policy?.native ?? true);
    const start = numbers.below(current.length + 1);
    const end = Math.min(current.length, start + (numbers.chance(0.6) ? 0 : numbers.below(8)));
    const typed = numbers.pick(TYPED);
    const next = current.slice(0, start) + typed + current.slice(end);
    const edited = editProfile(analysis.document, next, { start, end, length: typed.length });
    if (edited) {
      continued++;
      analysis = analysis.after(edited);
    } else if (numbers.chance(0.3)) analysis = analyse(parseProfile(next), options);
    else continue;
    current = next;
    if (numbers.chance(0.6)) assertSame(analysis, current, options);
  }
  assertSame(analysis, current, options);
  return continued;
}

describe('an analysis that follows a change inside of a rule', () => {
  for (const [name, text] of Object.entries({ ...BASES, meeting: MEETING, denying: DENYING }))
    for (const target of TARGETS)
      it(`is what the whole text gives, edit after edit: ${name}, ${target.runtime}`, () => {
        const rounds = text.length > 5000 ? 1 : 4;
        const numbers = random(text.length + TARGETS.indexOf(target));
        for (let round = 0; round < rounds; round++) type(text, optionsFor(target), 12, numbers);
      });

  it('is the usual case in an undamaged profile', () => {
    const continued = type(defaultProfile('docker').text, optionsFor(defaultTarget()), 60, random(7));
    assert.ok(continued > 30, String(continued));
  });

  it('keeps no version in memory but the last', async () => {
    const options = optionsFor(defaultTarget());
    let text = MEETING;
    let analysis = analyse(parseProfile(text), options);
    assert.ok(analysis.findings.length > 10);
    const former: WeakRef<object>[] = [];
    for (let i = 0; i < 20; i++) {
      const start = text.indexOf(['setns"', 'bpf"', 'NE"'][i % 3]!);
      text = `${text.slice(0, start)}x${text.slice(start)}`;
      former.push(new WeakRef(analysis), new WeakRef(analysis.policy!), new WeakRef(analysis.document));
      analysis = analysis.after(editProfile(analysis.document, text, { start, end: start, length: 1 })!);
      assert.ok(analysis.findings.length > 10);
    }
    // references to what was just looked at last until the next turn
    await new Promise((resolve) => setTimeout(resolve, 0));
    collectGarbage();
    const kept = former.flatMap((each, i) => (each.deref() ? Math.floor(i / 3) : []));
    assert.deepEqual(kept, []);
    assertSame(analysis, text, options);
  });

  it('asks most checks about the changed rule alone', () => {
    const options = optionsFor(defaultTarget());
    const text = defaultProfile('docker').text;
    const first = analyse(parseProfile(text), options);
    assert.ok(first.findings.length > 0);
    const start = text.indexOf('"chmod"') + 3;
    const edited = editProfile(first.document, `${text.slice(0, start)}x${text.slice(start)}`, {
      start,
      end: start,
      length: 1,
    })!;
    const looked = new Map<string, number>();
    const finds = CHECKS.map((check) => check.find);
    try {
      for (const check of CHECKS) {
        const find = check.find;
        check.find = (context) => {
          looked.set(check.code, (looked.get(check.code) ?? 0) + context.rules.length);
          return find.call(check, context);
        };
      }
      assert.ok(first.after(edited).findings.length > 0);
    } finally {
      CHECKS.forEach((check, i) => {
        check.find = finds[i]!;
      });
    }
    assert.equal(looked.get('unknown-syscall'), 1);
    assert.equal(looked.get('unknown-action'), 1);
  });
});
