import { analyse } from '../checks/analyse.ts';
import type { Check, Fix } from '../checks/check.ts';
import { parseProfile } from '../profile/build.ts';
import { defaultTarget } from '../settings.ts';

/** The documentation of a check in Markdown: what it is about, why, and an example. */
export function checkPage(check: Check): string {
  const { bad, good, runtime, libseccomp } = check.example;
  const fix = firstFix(check);
  const fixes = fix ? (fix.safe ? 'yes, safe: part of "fix all"' : 'yes') : 'no';
  const target = [runtime && `the runtime \`${runtime}\``, libseccomp && `libseccomp ${libseccomp}`].filter(Boolean);
  const setting = `\`"seccomp.diagnostics.severity": { "${check.code}": "off" }\``;
  return `${[
    `# ${check.code}`,
    check.summary,
    `| severity | quick fix | setting |\n| --- | --- | --- |\n| ${check.severity} | ${fixes} | ${setting} |`,
    check.explanation.trim(),
    '## Example',
    `Reported${target.length > 0 ? ` for ${target.join(' and ')}` : ''}:`,
    `\`\`\`json\n${bad}\n\`\`\``,
    fix ? `The first quick fix, *${fix.title}*, leaves:` : 'Not reported:',
    `\`\`\`json\n${good}\n\`\`\``,
  ].join('\n\n')}\n`;
}

/** The first fix that a check offers for its own example. */
export function firstFix({ code, example }: Check): Fix | undefined {
  const { runtime, libseccomp } = example;
  const target = { ...defaultTarget(), ...(runtime && { runtime }), ...(libseccomp && { libseccomp }) };
  const { findings } = analyse(parseProfile(example.bad), { target });
  return findings.find((finding) => finding.check.code === code)?.fixes?.()[0];
}
