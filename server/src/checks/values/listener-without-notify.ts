import { effectiveMember, type Profile } from '../../profile/model.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { removeMembers } from '../edits.ts';
import { engine, loadedByRunc } from '../text/words.ts';
import { usesNotify } from './notify.ts';

export const listenerWithoutNotify: Check = {
  code: 'listener-without-notify',
  severity: 'information',
  scope: 'profile',
  summary: 'The profile names an agent, but no action asks it.',
  explanation: `\`listenerPath\` matters only with \`SCMP_ACT_NOTIFY\`. Without such an action runc skips it, but crun connects to the socket all
the same and does not start the container when nobody listens there (crun: \`seccomp.c\`, measured); under crun, Podman and CRI-O
it is a warning. \`listenerMetadata\` without \`listenerPath\` goes nowhere (OCI: \`config-linux.md\`).`,
  example: {
    bad: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "listenerPath": "/run/seccomp-agent.sock",
  "syscalls": [{ "names": ["mount"], "action": "SCMP_ACT_ERRNO" }]
}`,
    good: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{ "names": ["mount"], "action": "SCMP_ACT_ERRNO" }]
}`,
  },
  *find(context: CheckContext): Iterable<Finding> {
    const { profile } = context;
    if (!profile) return;
    const path = profile.listenerPath?.value;
    if (path && !usesNotify(profile)) yield unusedPath(context, profile);
    else if (!path && profile.listenerMetadata?.value) yield unusedMetadata(context, profile);
  },
};

function unusedPath(context: CheckContext, profile: Profile): Finding {
  const mild = loadedByRunc(context);
  const keys = ['listenerPath', 'listenerMetadata'].flatMap((key) => effectiveMember(profile.view, key)?.member ?? []);
  return {
    span: keys[0]!.key,
    ...(!mild && { severity: 'warning' }),
    message: mild
      ? 'No action is SCMP_ACT_NOTIFY, so nobody asks this agent. Remove the key.'
      : `No action is SCMP_ACT_NOTIFY, yet ${engine(context)} connects to this socket and does not start the container when nobody listens. Remove the key.`,
    tag: 'unnecessary',
    fixes: () => [
      {
        title: keys.length > 1 ? 'Remove "listenerPath" and "listenerMetadata"' : 'Remove "listenerPath"',
        edits: removeMembers(context.document.text, profile.view, keys),
        safe: true,
      },
    ],
  };
}

function unusedMetadata({ document }: CheckContext, profile: Profile): Finding {
  const { member } = effectiveMember(profile.view, 'listenerMetadata')!;
  return {
    span: member.key,
    message: 'Without "listenerPath" there is no agent that could get this text.',
    tag: 'unnecessary',
    fixes: () => [
      { title: 'Remove "listenerMetadata"', edits: removeMembers(document.text, profile.view, [member]), safe: true },
    ],
  };
}
