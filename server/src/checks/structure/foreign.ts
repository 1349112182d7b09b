import { effectiveMember, type ObjectView } from '../../profile/model.ts';
import { foldKey, SCHEMA } from '../../profile/schema.ts';
import type { Node, ObjectNode } from '../../syntax/tree.ts';

/** A JSON format that holds or resembles a seccomp profile, but is none that an engine takes as one. */
export interface ForeignFormat {
  /** What it is, for a message. */
  readonly label: string;
  /** What to do. */
  readonly advice: string;
  /** The profile inside, where there is one. */
  readonly inner?: ObjectNode;
}

/** Recognises other formats by their own keys at the root; undefined for a profile and for what is unknown. */
export function foreignFormat(view: ObjectView): ForeignFormat | undefined {
  if (SCHEMA.profile.some(({ key }) => key !== 'flags' && effectiveMember(view, key))) return undefined;
  const root = view.node;
  if (child(root, 'ociVersion') || child(child(root, 'linux'), 'seccomp')) return ociConfig(root);
  if (child(root, 'apiVersion') && child(root, 'kind')) return kubernetesObject(root);
  if (root.members.length > 0 && root.members.every(({ value }) => child(value, 'filter_action')))
    return { label: 'a Firecracker filter', advice: 'Container engines do not read that format.' };
  return undefined;
}

function ociConfig(root: ObjectNode): ForeignFormat {
  const inner = child(child(root, 'linux'), 'seccomp');
  return {
    label: 'an OCI runtime configuration',
    advice: 'The profile is the object under "linux", "seccomp".',
    ...(inner?.kind === 'object' && { inner }),
  };
}

function kubernetesObject(root: ObjectNode): ForeignFormat {
  const inner = child(root, 'spec');
  const profile = child(inner, 'defaultAction') !== undefined;
  return {
    label: 'a Kubernetes object',
    advice: profile ? 'The profile is the object under "spec".' : 'A profile must stand in a file of its own.',
    ...(profile && inner?.kind === 'object' && { inner }),
  };
}

function child(node: Node | undefined, key: string): Node | undefined {
  if (node?.kind !== 'object') return undefined;
  return node.members.find((member) => foldKey(member.key.value) === foldKey(key))?.value;
}
