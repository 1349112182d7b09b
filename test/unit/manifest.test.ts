import assert from 'node:assert/strict';
import fs from 'node:fs';

interface Manifest {
  readonly files: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string }[]>>;
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
  };
}

interface Step {
  readonly description: string;
  readonly media: { readonly markdown: string };
  readonly completionEvents: readonly string[];
}

const { files, contributes }: Manifest = JSON.parse(fs.readFileSync('package.json', 'utf8'));
const commands = new Set(contributes.commands.map(({ command }) => command));
const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);

describe('the manifest', () => {
  it('has menus of its own commands', () => {
    const named = Object.values(contributes.menus).flatMap((entries) =>
      entries.flatMap(({ command }) => command ?? []),
    );
    assert.deepEqual(
      named.filter((command) => !commands.has(command)),
      [],
    );
  });

  it('has a walkthrough whose links, events and pages lead somewhere', () => {
    const linked = steps.flatMap(({ description, completionEvents }) => [
      ...[...description.matchAll(/\(command:([^)]+)\)/g)].map((match) => match[1]!),
      ...completionEvents.flatMap((event) => /^onCommand:(.+)/.exec(event)?.[1] ?? []),
    ]);
    assert.ok(linked.length > steps.length);
    assert.deepEqual(
      linked.filter((command) => !commands.has(command)),
      [],
    );
    for (const { media } of steps) assert.ok(fs.existsSync(media.markdown), media.markdown);
    assert.ok(steps.every(({ media }) => files.some((folder) => media.markdown.startsWith(`${folder}/`))));
  });
});
