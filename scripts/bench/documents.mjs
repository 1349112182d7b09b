/** A profile with each rule several times: every copy names other syscalls and compares with other values. */
export function repeated(product, profile, copies) {
  const names = product.syscallNames();
  const place = new Map(names.map((name, at) => [name, at]));
  const moved = (name, copy) => names[(place.get(name) + copy * 37) % names.length];
  const ruleOf = (rule, copy) => ({
    ...rule,
    names: rule.names.map((name) => moved(name, copy)),
    ...(rule.args && { args: rule.args.map((each) => ({ ...each, value: each.value + copy })) }),
  });
  const all = Array.from({ length: copies }, (_, copy) => profile.syscalls.map((rule) => ruleOf(rule, copy)));
  return { ...profile, syscalls: all.flat() };
}

/** Every ninth comma, twentieth quote and thirtieth bracket is missing. */
function broken(text) {
  const seen = { comma: 0, quote: 0, bracket: 0 };
  const lost = (kind, every) => ++seen[kind] % every === 0;
  return text.replace(/[,"\][{}]/g, (found) => {
    const gone = found === ',' ? lost('comma', 9) : found === '"' ? lost('quote', 20) : lost('bracket', 30);
    return gone ? '' : found;
  });
}

/** The documents that servers are measured with; `keys` is how many keystrokes a round has. */
export function documents(product) {
  const profile = JSON.parse(product.defaultProfile('docker').text);
  const times = (copies) => repeated(product, profile, copies);
  const lines = (value) => JSON.stringify(value, null, 2);
  return [
    { id: 'empty', label: 'an empty profile', text: '{ "defaultAction": "SCMP_ACT_ERRNO" }\n', keys: 0 },
    { id: 'docker', label: 'Docker’s default', text: lines(profile), keys: 80 },
    { id: 'x10', label: 'ten times', text: lines(times(10)), keys: 40 },
    { id: 'x100', label: 'a hundred times', text: lines(times(100)), keys: 12, extra: 'burst' },
    { id: 'min', label: 'minified', text: JSON.stringify(profile), keys: 80 },
    { id: 'min100', label: 'a hundred times, minified', text: JSON.stringify(times(100)), keys: 12 },
    { id: 'broken', label: 'badly broken', text: broken(lines(profile)), keys: 80 },
  ];
}
