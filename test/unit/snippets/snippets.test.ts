import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { choices, expand, type Snippet } from './expand.ts';
import { missingForStart } from './start.ts';
import { defects, type Profile, unknownTerms } from './vocabulary.ts';

const snippets: Readonly<Record<string, Snippet>> = JSON.parse(readFileSync('snippets/seccomp.json', 'utf8'));
const entries = Object.entries(snippets);
const whole = entries.filter(([title]) => title.startsWith('Profile'));

/** A member of an object needs braces around it, an element brackets, a profile nothing. */
function inContext(title: string, text: string): string {
  if (title.startsWith('Profile')) return text;
  return text.startsWith('"') ? `{${text}}` : `[${text}]`;
}

const profileOf = (title: string): Profile => JSON.parse(expand(snippets[title]?.body ?? []));

describe('snippets', () => {
  it('have prefixes of their own and a description', () => {
    const prefixes = entries.flatMap(([, snippet]) => snippet.prefix);
    equal(new Set(prefixes).size, prefixes.length);
    for (const [, snippet] of entries) match(snippet.description, /\.$/);
  });

  for (const [title, { body }] of entries) {
    describe(title, () => {
      it('leaves strict JSON', () => {
        ok(JSON.parse(inContext(title, expand(body))));
      });

      it('uses and offers known terms only', () => {
        deepEqual(unknownTerms(expand(body)), []);
        deepEqual(
          unknownTerms(
            choices(body)
              .map((choice) => `"${choice}"`)
              .join(),
          ),
          [],
        );
      });
    });
  }

  describe('whole profiles', () => {
    it('are four', () => equal(whole.length, 4));

    for (const [title] of whole) {
      it(`are sound: ${title}`, () => deepEqual(defects(profileOf(title)), []));
    }

    for (const title of ['Profile: allow-list', "Profile: like Docker's default"]) {
      it(`let a container start: ${title}`, () => deepEqual(missingForStart(profileOf(title)), []));
    }

    it('forbid a call with all that has its effect', () => {
      const names = profileOf('Profile: deny-list').syscalls.flatMap((rule) => rule.names);
      for (const name of ['mkdir', 'mkdirat', 'io_uring_setup', 'io_uring_enter']) ok(names.includes(name), name);
    });
  });
});

describe('expanding a snippet', () => {
  it('takes defaults, first choices, and the first place for the others of a number', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of snippets
    equal(expand(['${1:a} $1 ${2|b,c|} $2', '$3 ${3} \\$4$0']), 'a a b b\n  $4');
  });
});
