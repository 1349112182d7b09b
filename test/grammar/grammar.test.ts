import { deepEqual } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { IGrammar } from 'vscode-textmate';
import { differences } from './picture.ts';
import { grammar, type Token, tokenize } from './tokens.ts';

const keys = [
  ...['defaultAction', 'defaultErrnoRet', 'defaultErrno', 'architectures', 'archMap', 'architecture'],
  ...['subArchitectures', 'syscalls', 'flags', 'listenerPath', 'listenerMetadata', 'names', 'name', 'action'],
  ...['errnoRet', 'errno', 'args', 'index', 'value', 'valueTwo', 'op', 'includes', 'excludes', 'caps', 'arches'],
  ...['minKernel', 'comment'],
];

const terms: Readonly<Record<string, readonly string[]>> = {
  'constant.language.action.allow.seccomp': ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG'],
  'keyword.control.action.deny.seccomp': ['SCMP_ACT_ERRNO', 'SCMP_ACT_TRAP', 'SCMP_ACT_TRACE', 'SCMP_ACT_NOTIFY'],
  'keyword.control.action.kill.seccomp': ['SCMP_ACT_KILL', 'SCMP_ACT_KILL_THREAD', 'SCMP_ACT_KILL_PROCESS'],
  'keyword.operator.comparison.seccomp': ['NE', 'LT', 'LE', 'EQ', 'GE', 'GT', 'MASKED_EQ'].map(
    (op) => `SCMP_CMP_${op}`,
  ),
  'support.class.architecture.seccomp': ['SCMP_ARCH_X86_64', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_MIPSEL64N32'],
  'variable.other.enummember.flag.seccomp': ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'],
  'variable.other.constant.capability.seccomp': ['CAP_SYS_ADMIN', 'CAP_CHOWN'],
};

describe('grammar', () => {
  let loaded: IGrammar;
  before(async () => {
    loaded = await grammar();
  });

  const draws = (picture: string) => deepEqual(differences(loaded, picture), []);
  const scopesOf = (text: string, part: string) => tokenize(loaded, text).find((token) => token.text === part)?.scopes;

  for (const key of keys) {
    it(`gives the key ${key} the scopes of a JSON key and its own`, () => {
      deepEqual(scopesOf(`"${key}" : 1`, key), [
        'string.json',
        'support.type.property-name.json',
        'support.type.property-name.json.seccomp',
      ]);
    });
  }

  for (const [scope, values] of Object.entries(terms)) {
    for (const value of values) {
      it(`tells ${value} as ${scope}`, () => {
        const found = scopesOf(`"key": "${value}"`, value) ?? [];
        deepEqual([found[0], found[1]], ['string.quoted.double.json', scope]);
      });
    }
  }

  describe('of a sound profile', () => {
    it('tells actions by what becomes of the call', () =>
      draws(`
{ "defaultAction": "SCMP_ACT_ERRNO",
                    ^^^^^^^^^^^^^^ keyword.control.action.deny.seccomp
                   ^ punctuation.definition.string.begin.json !keyword
  "syscalls": [{ "action": "SCMP_ACT_KILL_PROCESS", "errnoRet": 38 }] }
                            ^^^^^^^^^^^^^^^^^^^^^ keyword.control.action.kill strong
                                                     ^^^^^^^^ support.type.property-name.json.seccomp
                                                                ^^ constant.numeric.json
`));

    it('tells syscalls in names and after name', () =>
      draws(`
"names": ["openat2", "_llseek"], "name": "read"
           ^^^^^^^ entity.name.function.syscall.seccomp
                      ^^^^^^^ entity.name.function.syscall.seccomp
                               ^ punctuation.separator
                                          ^^^^ entity.name.function.syscall.seccomp
`));

    it('follows names over several lines', () =>
      draws(`
"names":
  [
    "read",
     ^^^^ entity.name.function
    "write"
     ^^^^^ entity.name.function
  ],
"action": "SCMP_ACT_ALLOW"
 ^^^^^^ support.type.property-name.json.seccomp
           ^^^^^^^^^^^^^^ constant.language.action.allow
`));

    it('leaves names of anything else alone', () =>
      draws(`
"names": ["READ", "SCMP_ACT_ALLOW"], "title": "read"
           ^^^^ string.quoted.double.json !entity
                   ^^^^^^^^^^^^^^ string.quoted.double.json !constant !entity
                                      ^^^^^ support.type.property-name.json !support.type.property-name.json.seccomp
                                               ^^^^ string.quoted.double.json !entity
`));

    it('tells the vocabularies of conditions', () =>
      draws(`
"includes": { "caps": ["CAP_SYS_ADMIN"], "arches": ["amd64"], "minKernel": "4.8" },
                        ^^^^^^^^^^^^^ variable.other.constant.capability
                                                     ^^^^^ support.class.architecture.host
                                                                            ^^^ constant.numeric.kernel
"args": [{ "index": 1, "value": 18446744073709551615, "op": "SCMP_CMP_MASKED_EQ" }]
                                ^^^^^^^^^^^^^^^^^^^^ constant.numeric.json
                                                             ^^^^^^^^^^^^^^^^^^ keyword.operator.comparison
`));

    it('tells errno names only where an errno stands', () =>
      draws(`
"errno": "ENOSYS", "defaultErrno": "38", "title": "ENOSYS"
          ^^^^^^ variable.other.constant.errno
                                    ^^ constant.numeric.json
                                                   ^^^^^^ string.quoted.double.json !variable
`));

    it('shows a comment as prose', () =>
      draws(String.raw`
"comment": "see \"CAP_CHOWN\"", "names": []
            ^^^ comment.block.documentation.seccomp
                  ^^^^^^^^^ comment.block.documentation.seccomp !variable
                ^^ constant.character.escape.json
                                 ^^^^^ support.type.property-name.json.seccomp !comment
`));

    it('takes keys in any case, as Go does', () =>
      draws(`
"NAMES": ["read"], "DefaultAction": null
 ^^^^^ support.type.property-name.json.seccomp
           ^^^^ entity.name.function
                    ^^^^^^^^^^^^^ support.type.property-name.json.seccomp
                                    ^^^^ constant.language.json
`));
  });

  describe('of a broken profile', () => {
    it('ends a string with its line', () =>
      draws(`
"names": ["mkd
           ^^^ string.quoted.double.json !entity
"action": "SCMP_ACT_ER
 ^^^^^^ support.type.property-name.json.seccomp
           ^^^^^^^^^^^ string.quoted.double.json !keyword
"args": []
 ^^^^ support.type.property-name.json.seccomp
`));

    it('knows a key after a missing comma', () =>
      draws(`
{ "name": "mkdir" "action": "SCMP_ACT_ERRNO" "args": [] }
           ^^^^^ entity.name.function
                   ^^^^^^ support.type.property-name.json.seccomp
                             ^^^^^^^^^^^^^^ keyword.control.action.deny
                                              ^^^^ support.type.property-name.json.seccomp
`));

    it('knows a key after a missing value', () =>
      draws(`
"name":
"names":
"errno":
"action": "SCMP_ACT_LOG"
 ^^^^^^ support.type.property-name.json.seccomp
           ^^^^^^^^^^^^ constant.language.action.allow
`));

    it('leaves names when their bracket is missing', () =>
      draws(`
"names": ["read", "write"
                   ^^^^^ entity.name.function
"title": "read"
          ^^^^ string.quoted.double.json !entity
"names": ["read" }, { "title": "read" }
                                ^^^^ string.quoted.double.json !entity
"names": , "title": "read"
                     ^^^^ string.quoted.double.json !entity
`));

    it('goes on after names without a comma between them', () =>
      draws(`
"names": ["read" "write", , "close"], "title": "read"
                  ^^^^^ entity.name.function
                             ^^^^^ entity.name.function
                                                ^^^^ !entity
`));

    it('shows comments although no engine takes them', () =>
      draws(`
"names": [ // "read"
           ^^ punctuation.definition.comment.json
               ^^^^ comment.line.double-slash.json !entity
  "write" /* "a": "b" */ ]
   ^^^^^ entity.name.function
              ^ comment.block.json !support
`));

    it('keeps names with stray characters plain', () =>
      draws(String.raw`
"names": ["read ", " read", "re\u0061d"]
           ^^^^^ string.quoted.double.json !entity
                     ^^^^ string.quoted.double.json !entity
                               ^^^^^^ constant.character.escape.json
`));
  });

  describe('of the examples', () => {
    for (const file of readdirSync('examples').filter((name) => /^[^.]+\.json$/.test(name))) {
      it(`tells every string of ${file} that stands for something`, () => {
        const tokens = tokenize(loaded, readFileSync(`examples/${file}`, 'utf8'));
        deepEqual(
          tokens.filter(plain).map((token) => token.text),
          [],
        );
      });
    }
  });
});

/** Text inside quotes that got no scope beyond that of a string or key. */
function plain({ text, scopes }: Token): boolean {
  const specific = scopes.some((scope) => scope.endsWith('.seccomp') || scope.startsWith('punctuation'));
  return !specific && scopes.some((scope) => scope.startsWith('string')) && text !== '';
}
