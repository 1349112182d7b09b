// What the JSON of `npm audit` says, and whether that is a finding.

const RULE = '*'.repeat(80);

/**
 * @param {string} text What npm wrote.
 * @returns {{ status: 0 | 1, lines: readonly string[] }} 1 where weaknesses are known, and where npm could not even ask.
 */
export function judgeAudit(text) {
  const { vulnerabilities, metadata, error, message } = read(text);
  const audited = metadata?.dependencies?.prod ?? 0;
  if (vulnerabilities !== undefined && audited > 0) {
    const found = Object.values(vulnerabilities);
    const lines = found.map(({ name, severity, range }) => `${severity}: ${name} ${range}`);
    return {
      status: found.length > 0 ? 1 : 0,
      lines: [...lines, `${found.length} known weaknesses in ${audited} packages.`],
    };
  }
  // a registry that does not answer leaves a message; npm's own faults have a code
  if (message === undefined || error?.code !== undefined)
    return {
      status: 1,
      lines: [`npm made no audit: ${error?.summary || message || text.trim() || 'it said nothing'}`],
    };
  const told = [
    'NOT AUDITED. Nothing was learned of weaknesses in what is shipped: this is not "none found".',
    message,
  ];
  return { status: 0, lines: [RULE, ...told, RULE] };
}

function read(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
