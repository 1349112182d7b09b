import { TextDocument } from 'vscode-languageserver-textdocument';
import { architecture, syscallNames } from '../catalog/index.ts';
import { analyse, contextOf } from '../checks/analyse.ts';
import { CHECKS } from '../checks/index.ts';
import { slotsOn } from '../policy/slots.ts';
import type { Target } from '../policy/target.ts';
import { parseProfile } from '../profile/build.ts';
import { clientFeatures } from './client-features.ts';
import { toDiagnostic } from './convert.ts';
import type { Defer } from './push-diagnostics.ts';

/** Long enough for an editor to open its documents first, which then warm the server themselves. */
const BEFORE_MS = 100;

/** No request waits longer than this for a warm-up, but for its slowest step. */
const SLICE_MS = 4;

/** Short, yet with something for most checks and tables. */
const SAMPLE = `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "defaultErrnoRet": 1,
  "archMap": [
    { "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"] },
    { "architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"] }
  ],
  "syscalls": [
    { "names": ["accept", "mkdir", "read", "rite"], "action": "SCMP_ACT_ALLOW" },
    {
      "names": ["personality"],
      "action": "SCMP_ACT_ALLOW",
      "args": [{ "index": 0, "value": 8, "op": "SCMP_CMP_EQ" }]
    },
    {
      "names": ["clone"],
      "action": "SCMP_ACT_ALLOW",
      "args": [{ "index": 0, "value": 2114060288, "op": "SCMP_CMP_MASKED_EQ" }],
      "excludes": { "caps": ["CAP_SYS_ADMIN"] }
    },
    { "names": ["mount"], "action": "SCMP_ACT_ALLOW", "includes": { "caps": ["CAP_SYS_ADMIN"] } }
  ]
}
`;

/**
 * Does in idle time what the first document would otherwise wait for: tables are read, code is compiled. `done` is called at
 * the end.
 */
export function warmUp(defer: Defer, target: Target, done: () => void, now: () => number = Date.now): void {
  const steps = firstDocument(target);
  const slice = (): void => {
    const until = now() + SLICE_MS;
    let ended = false;
    while (!ended && now() <= until) ended = steps.next().done === true;
    if (ended) done();
    else defer(0, slice);
  };
  defer(BEFORE_MS, slice);
}

/** What any filter of the target is put together from, then the diagnostics of the sample, check by check. */
function* firstDocument(target: Target): Generator<undefined, void> {
  const native = architecture(target.architecture);
  for (const name of native ? [native.name, ...native.companions] : []) {
    const slotOf = slotsOn(architecture(name)!, target.libseccomp);
    for (const call of syscallNames()) slotOf(call);
    yield;
  }
  const analysis = analyse(parseProfile(SAMPLE), { target });
  yield;
  const context = contextOf(analysis);
  for (const check of CHECKS) {
    Array.from(check.find(context));
    yield;
  }
  const text = TextDocument.create('', '', 0, SAMPLE);
  const client = clientFeatures({});
  for (const finding of analysis.findings) toDiagnostic(text, finding, client, () => undefined);
}
