/** Middle value; the mean of the two middle ones for an even count. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Milliseconds of processor time for one of `times` runs, collecting garbage and compiling JavaScript included. */
export function timed(times, work) {
  const start = process.cpuUsage();
  for (let i = 0; i < times; i++) work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000 / times;
}

const WARM_UP_MS = 400;
const SAMPLE_MS = 30;

/** A measurement of `work`: as many runs as fill a sample, after it was warmed up. */
export function sampler(work) {
  const end = performance.now() + WARM_UP_MS;
  do work();
  while (performance.now() < end);
  const times = Math.max(1, Math.round(SAMPLE_MS / Math.max(timed(10, work), 0.0001)));
  return () => timed(times, work);
}

/** Runs all measurements in turn, A B A B, so that a slow moment of the machine falls on all; medians by name. */
export async function interleaved(measurements, rounds) {
  const values = Object.fromEntries(Object.keys(measurements).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, measure] of Object.entries(measurements)) values[name].push(await measure());
  return Object.fromEntries(Object.entries(values).map(([name, list]) => [name, median(list)]));
}
