import { openDefault, PROFILE, writeDefault } from '../docker-default.mjs';

export const title = 'a profile is compared with the default: looser first, each with a call that shows it';

export const prepare = (folder) => writeDefault(folder, looser);

/** @param {import('../driver.mjs').Driver} ui */
export async function play(ui) {
  await openDefault(ui);
  await ui.clickLens(PROFILE, /looser than Docker's default: mount/);
  await ui.sees(/Looser: \d/);
  await ui.sees('Tighter: 1');
  await ui.shot('compare');
}

/** Docker's default with three calls more, one fewer, and its first rule in another order, which is no difference. */
function looser(text) {
  const profile = JSON.parse(text);
  const [first, ...others] = profile.syscalls;
  const names = first.names.filter((name) => name !== 'mkdirat').reverse();
  const more = { names: ['mount', 'umount2', 'acct'], action: 'SCMP_ACT_ALLOW' };
  return `${JSON.stringify({ ...profile, syscalls: [{ ...first, names }, ...others, more] }, null, 2)}\n`;
}
