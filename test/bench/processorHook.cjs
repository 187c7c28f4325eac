/** Loaded before what is measured: tells at the end how much processor time the process has taken, in microseconds. */
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeFileSync(process.env.BENCH_PROCESSOR_FILE, String(user + system));
});
