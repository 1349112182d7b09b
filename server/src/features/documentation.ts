import {
  action,
  architecture,
  architectures,
  capability,
  dockerDefaultCapabilities,
  errnoByName,
  errnoByNumber,
  flag,
  operator,
} from '../catalog/index.ts';
import type { KeySpec, Reader, ValueType } from '../profile/schema.ts';
import { bullets, code, paragraphs } from './markdown.ts';

/** What hover and completion tell about the words of the format. All answer Markdown; empty for an unknown word. */
export { syscallDoc, syscallHeading } from './syscall-documentation.ts';

const READERS: Readonly<Record<Reader, string>> = {
  docker: 'Docker',
  podman: 'Podman and CRI-O',
  oci: 'containerd, runc and crun',
};

/** A key: its shape, what it is for, and who reads it. */
export function keyDoc(spec: KeySpec): string {
  const traits = [shapeOf(spec.type), spec.required && 'required', spec.deprecated && 'deprecated'].filter(Boolean);
  const readers = (Object.keys(READERS) as Reader[]).filter((reader) => spec.readers.includes(reader));
  return paragraphs(
    `**${spec.key}** (${traits.join(', ')})`,
    spec.doc,
    readers.length < 3 && `Read by ${readers.map((reader) => READERS[reader]).join(', ')} only.`,
  );
}

function shapeOf(type: ValueType): string {
  switch (type.kind) {
    case 'string':
      return 'text';
    case 'uint':
      return 'unsigned number';
    case 'strings':
      return 'list of texts';
    case 'object':
      return 'object';
    case 'objects':
      return 'list of objects';
  }
}

/** An action by its exact name. */
export function actionDoc(name: string): string {
  const term = action(name);
  return term ? titled(term.name, term.doc) : '';
}

export function operatorDoc(name: string): string {
  const term = operator(name);
  return term ? titled(term.name, term.doc) : '';
}

/** An architecture by its `SCMP_ARCH_*` name, with how `includes.arches` spells it. */
export function architectureDoc(name: string): string {
  const term = architecture(name);
  if (!term) return '';
  const { docker, podman } = term;
  const spelling =
    docker === podman
      ? docker && `In \`includes.arches\`: ${code(docker)}.`
      : `In \`includes.arches\`: ${[docker && `${code(docker)} for Docker`, podman && `${code(podman)} for Podman`].filter(Boolean).join(', ')}.`;
  return paragraphs(
    titled(term.name, term.doc),
    bullets(
      term.companions.length > 0 && `Usually listed together with ${list(term.companions)}.`,
      term.runc && `runc accepts the name from ${term.runc}.`,
      spelling,
    ),
  );
}

/** A value of `includes.arches`: the spelling of Go (`amd64`) that Docker or Podman compares with the host. */
export function goArchitectureDoc(name: string): string {
  const term = architectures().find(({ docker, podman }) => docker === name || podman === name);
  if (!term) return '';
  const only = term.docker !== name ? ' Podman compares this spelling, Docker does not.' : '';
  const other = term.podman !== name && term.docker === name ? ' Docker compares this spelling, Podman does not.' : '';
  return titled(name, `Hosts whose native architecture is ${code(term.name)}.${only}${other}`);
}

/** A flag by its exact name, with the runc release from which it is accepted. */
export function flagDoc(name: string): string {
  const term = flag(name);
  return term ? paragraphs(titled(term.name, term.doc), `runc accepts it from ${term.runc}.`) : '';
}

/** A capability by its exact name, and whether Docker's containers have it. */
export function capabilityDoc(name: string): string {
  const term = capability(name);
  if (!term) return '';
  const granted = dockerDefaultCapabilities().includes(name);
  return paragraphs(
    titled(term.name, term.doc),
    granted
      ? 'A container has it unless it is dropped.'
      : 'A container has it only with `--cap-add` or `--privileged`.',
  );
}

/** An error by name or number. */
export function errnoDoc(error: string | number): string {
  const term = typeof error === 'number' ? errnoByNumber(error) : errnoByName(error);
  return term ? titled(`${term.name} (${term.number})`, term.doc) : '';
}

function titled(name: string, doc: string): string {
  return `**${name.replaceAll('_', '\\_')}**: ${doc}`;
}

function list(names: readonly string[]): string {
  return names.map((name) => code(name)).join(', ');
}
