import fs from 'node:fs';
import type { CaseProblem } from '../../server/src/cases/model.ts';
import { type CaseSurroundings, problemsOf } from '../../server/src/cases/problems.ts';
import { readCases } from '../../server/src/cases/read.ts';
import { architecture } from '../../server/src/catalog/index.ts';
import { applyEdits } from '../../server/src/checks/edits.ts';
import { Defect } from './defect.ts';

const PROTOTYPE = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
const HOSTILE = ['[x](command:evil)', '`a`|b', '<img src=x onerror=1>', '\u0000', 'a\nb', '\ud800', '../../etc', '-v'];

const file = (...cases: readonly object[]): string => JSON.stringify({ cases }, null, 2);

/** Files of test cases: a good one, one with every key, and what someone might write to do harm. */
export function caseFiles(): readonly string[] {
  return [
    fs.readFileSync('examples/deny-list.test.json', 'utf8'),
    EVERY_KEY,
    ...[...PROTOTYPE, ...HOSTILE].map((text) =>
      file({
        name: text,
        image: text,
        command: [text],
        user: text,
        environment: { [text]: text },
        mounts: [{ source: text, target: text }],
        network: text,
        [text]: text,
        expect: { exit: text, stdout: text, stderr: { matches: text }, denied: [text, `read(${text})`], [text]: 1 },
      }),
    ),
    ...PROTOTYPE.map((text) => `{ "profile": "${text}", "${text}": { "${text}": [] }, "cases": "${text}" }`),
    file({ name: 'a', expect: {} }, { name: 'a', expect: { exit: 1e3 } }, { expect: null }, null as never, [] as never),
    '{ "cases": [], "cases": [{ "name": "a", "name": 1, "expect": { "exit": 0, "exit": "0" } }] }',
    '{ cases: [{ name: "a" expect: { denied: ["raed" "read(" ], } },, ] ',
    file({ name: 'b', expect: { denied: [`read(${'(/* {[ "'.repeat(20)})`, 'socket(AF_ALG', 'read,', '0x'] } }),
  ];
}

const EVERY_KEY = `{
  "profile": "web.json",
  "comment": "a note",
  "cases": [
    {
      "name": "everything", "comment": "another",
      "image": "nginx:1.27", "command": ["nginx", "-t"], "user": "1000:1000", "workdir": "/srv",
      "capabilities": { "drop": ["ALL"], "add": ["CAP_NET_BIND_SERVICE"] },
      "environment": { "LANG": "C" }, "network": "bridge", "readOnly": true, "noNewPrivileges": true, "timeLimit": 10,
      "mounts": [{ "source": "site", "target": "/etc/nginx/conf.d", "readOnly": false }],
      "expect": {
        "exit": "nonzero", "stdout": "ok", "stderr": { "contains": ["syntax"], "matches": "ok$" },
        "denied": ["mount", "socket(AF_ALG, SOCK_SEQPACKET, 0)"], "allowed": ["openat(AT_FDCWD, \\"/\\", O_RDONLY)"]
      }
    },
    { "name": "second", "expect": { "exit": 0 } }
  ]
}
`;

const SURROUNDINGS: CaseSurroundings = {
  architecture: architecture('SCMP_ARCH_X86_64')!,
  path: '/fuzz/profile.test.json',
  folders: ['/fuzz'],
  exists: () => undefined,
};

const isSame = (a: CaseProblem, b: CaseProblem): boolean => a.code === b.code && a.message === b.message;

const alike = (problems: readonly CaseProblem[], problem: CaseProblem): number =>
  problems.filter((other) => isSame(other, problem)).length;

/** Applies every fix of a file of test cases alone: what it mends must be gone. Throws a `Defect`; gives how many it tried. */
export function tryCaseFixes(text: string): number {
  const document = readCases(text);
  const problems = problemsOf(document, SURROUNDINGS);
  let tried = 0;
  for (const problem of problems)
    for (const { title, edits } of problem.fixes) {
      const result = applyEdits(text, edits);
      const mended = readCases(result);
      if (mended.tree.problems.length > document.tree.problems.length)
        throw new Defect(`fix "${title}" of ${problem.code} (${problem.message}): more broken:\n${result}`);
      const after = problemsOf(mended, SURROUNDINGS);
      const isThere = after.some((other) => isSame(other, problem) && other.span.start === problem.span.start);
      if (isThere && alike(after, problem) >= alike(problems, problem))
        throw new Defect(`fix "${title}" of ${problem.code} (${problem.message}): it stays:\n${result}`);
      tried++;
    }
  return tried;
}

/** What is wrong in a file of test cases that the server has written. */
export const problemsIn = (text: string): readonly CaseProblem[] => problemsOf(readCases(text), SURROUNDINGS);
