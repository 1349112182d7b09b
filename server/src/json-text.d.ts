/** Data files are bundled as text and parsed at first use (esbuild loader `text`). */
declare module '*.json' {
  const text: string;
  export default text;
}
