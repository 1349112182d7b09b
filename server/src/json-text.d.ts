/** Data files are bundled as functions that give their text (`scripts/lib/tables.mjs`). */
declare module '*.json' {
  const text: () => string;
  export default text;
}
