// Preloaded into the server: it holds the other end of our pipe, so the server and all its children end with whoever
// started it, also when that was killed.
const fs = require('node:fs');

if (process.argv[1]?.endsWith('server-main.js')) {
  process.stdin.on('close', () => {
    fs.rmSync(process.env.SECCOMP_EDITOR_RUN, { recursive: true, force: true });
    process.kill(-process.pid, 'SIGKILL');
  });
  process.stdin.resume();
}
