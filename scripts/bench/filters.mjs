import { loadModule } from '../lib/load.mjs';
import { interleaved, sampler } from './rounds.mjs';
import { ms, perSecond, ratio } from './table.mjs';

/** Arguments of the calls that are judged: none, small ones, and all bits. */
const ARGUMENTS = [0n, 1n, 0x7e020000n, 2n ** 64n - 1n];

async function inputs(product) {
  const { prepare } = await loadModule('test/differential/runtime.ts');
  const { readProfile } = await loadModule('test/differential/written.ts');
  const { text } = product.defaultProfile('docker');
  const target = product.defaultTarget();
  const { profile } = product.parseProfile(text);
  const policy = product.policyOf(profile, target);
  const calls = policy.resolved.architectures.flatMap((arch) =>
    product.namesOn(arch.table).flatMap((name) =>
      ARGUMENTS.map((value) => ({
        name,
        architecture: arch.name,
        number: product.numberOn(name, arch.table),
        args: Array(6).fill(value),
      })),
    ),
  );
  return { target, profile, policy, calls, build: prepare(readProfile(text), target, calls).build };
}

/** Compile and verdict: libseccomp in C and ours. Gives rows and notes. */
export async function filters(product, c, rounds) {
  const { target, profile, policy, calls, build } = await inputs(product);
  const ours = () => {
    const made = product.compile(product.policyOf(profile, target));
    if (!product.isProgram(made)) throw new Error(`no program: ${made.kind}`);
    return { made, bytes: product.encode(made, made.endian) };
  };
  const { made } = ours();
  const words = calls.map((call) => product.callWords(call, made.endian));
  const measured = await interleaved(
    {
      ...(!c.missing && {
        tree: () => c.buildTime(build),
        list: () => c.buildTime({ ...build, optimize: 1 }),
        verdict: () => c.verdictTime(build),
        whole: () => c.roundTrip({ ...build, calls: [] }),
        empty: () => c.roundTrip({ ...build, calls: [], rules: [], architectures: [] }),
      }),
      compiled: sampler(ours),
      interpreted: sampler(() => words.forEach((word) => void product.run(made, word))),
      evaluated: sampler(() => calls.forEach((call) => void product.evaluate(policy, call))),
    },
    rounds,
  );
  const shown = { ...measured, calls: calls.length };
  const runs = words.map((word) => product.run(made, word));
  const notes = c.missing ? [c.missing] : [overheadNote(measured), await agreementNote(c.driver, made, build, runs)];
  return { rows: [...buildRows(shown), ...verdictRows(shown)], notes };
}

function buildRows({ tree, list, compiled }) {
  const row = ['Docker’s default to a filter', 'resolve, load, compile, encode', ms(compiled)];
  if (tree === undefined) return [[...row, '', '', '']];
  return [
    [...row, 'libseccomp, binary tree, as runc asks for', ms(tree), ratio(compiled, tree)],
    [...row, 'libseccomp, list', ms(list), ratio(compiled, list)],
  ];
}

function verdictRows({ verdict, interpreted, evaluated, calls }) {
  const c = verdict === undefined ? ['', ''] : ['C interpreter, libseccomp’s program', perSecond(1e9 / verdict)];
  const row = (label, total) => {
    const nanoseconds = (total / calls) * 1e6;
    const times = verdict === undefined ? '' : ratio(nanoseconds, verdict);
    return ['verdicts', label, perSecond(1e9 / nanoseconds), ...c, times];
  };
  return [row('interpreter, our program', interpreted), row('evaluate, without a program', evaluated)];
}

function overheadNote({ whole, empty }) {
  return `C is timed inside of its process, processor time like ours. It reads each rule as a line of text, ours starts from the parsed profile. Asked through the driver of the differential tests instead, with its pipe and a process for each case, the same build takes ${ms(whole)} by the clock; an empty filter, which is all overhead, takes ${ms(empty)}.`;
}

/** ENOSYS, as runc returns it from instructions of its own before those of libseccomp; ours has them inside. */
const RUNC_ANSWER = 0x50026;

async function agreementNote(driver, made, build, runs) {
  const { verdicts, length } = await driver.build(build);
  const differing = build.calls.filter((_, at) => runs[at].value !== verdicts[at]);
  const ofRunc = differing.filter((call) => runs[build.calls.indexOf(call)].value === RUNC_ANSWER);
  const rest = differing.filter((call) => !ofRunc.includes(call));
  const known = await Promise.all(
    rest.map(({ architecture, name }) => driver.resolve(architecture.slice('SCMP_ARCH_'.length).toLowerCase(), name)),
  );
  const unexplained = known.filter((number) => number !== undefined).length;
  const steps = runs.reduce((sum, run) => sum + run.steps, 0) / runs.length;
  return [
    `Verdicts are of ${runs.length} calls: every syscall of every architecture, with ${ARGUMENTS.length} sets of arguments.`,
    `Our program has ${made.instructions.length} instructions and takes ${steps.toFixed(0)} of them for a call, libseccomp’s has ${length}.`,
    `They give the same verdict on ${runs.length - differing.length} calls; on ${ofRunc.length} ours holds runc’s ENOSYS for numbers above those of the profile,`,
    `which runc puts before libseccomp’s program; ${rest.length - unexplained} are of syscalls that this libseccomp has no number for; ${unexplained} differ otherwise.`,
  ].join(' ');
}
