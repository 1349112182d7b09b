import fs from 'node:fs';

const NANOSECONDS = 1e6;

const read = (file) => {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** Milliseconds of processor time that all threads of a process have used; undefined where the system does not tell (only Linux does). */
export function processorTime(pid) {
  const folder = `/proc/${pid}/task`;
  if (!fs.existsSync(folder)) return undefined;
  const threads = fs.readdirSync(folder).map((id) => Number(read(`${folder}/${id}/schedstat`).split(' ')[0]));
  return threads.reduce((sum, time) => sum + time, 0) / NANOSECONDS;
}

/** Resident memory of a process in MiB, now and at its peak; undefined where the system does not tell. */
export function memory(pid) {
  const status = read(`/proc/${pid}/status`);
  const field = (key) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return status ? { now: field('VmRSS'), peak: field('VmHWM') } : undefined;
}
